"""Constants of the Hikvision ANPR integration."""

from typing import Final

DOMAIN: Final = "hikvision_anpr"
CENTRE_UNIQUE_ID: Final = "centre"
MANUFACTURER: Final = "Hikvision"

EVENT_PASSAGE: Final = f"{DOMAIN}_passage"
EVENT_OVERSTAY: Final = f"{DOMAIN}_overstay"
EVENT_PASSAGE_RECOVERED: Final = f"{DOMAIN}_passage_recovered"

CONF_AREA: Final = "area"
CONF_BARRIER: Final = "barrier"
CONF_BARRIER_ENTITY: Final = "barrier_entity"
CONF_CAPACITY: Final = "capacity"
CONF_CHANNELS: Final = "channels"
CONF_CLEAR_SECONDS: Final = "clear_seconds"
CONF_COOL_DOWN_SECONDS: Final = "cool_down_seconds"
CONF_DATABASE_URL: Final = "database_url"
CONF_DIRECTION_ROLE: Final = "direction_role"
CONF_FOLLOWED: Final = "followed"
CONF_GATE_CONTROL: Final = "gate_control"
CONF_HOLD_SECONDS: Final = "hold_seconds"
CONF_INTAKE: Final = "intake"
CONF_KEEP_LISTS: Final = "keep_lists"
CONF_HIDE_PLATES: Final = "hide_plates"
CONF_HIDE_STRANGERS_DAYS: Final = "hide_strangers_days"
CONF_KEEP_DAYS_ALLOW: Final = "keep_days_allow"
CONF_KEEP_DAYS_BLOCK: Final = "keep_days_block"
CONF_KEEP_DAYS_NONE: Final = "keep_days_none"
CONF_LISTENING: Final = "listening"
CONF_LISTENING_ADDRESS: Final = "listening_address"
CONF_LISTENING_PORT: Final = "listening_port"
CONF_LONGEST_STAY: Final = "longest_stay"
CONF_MATCH_ALIKE_ALLOW: Final = "match_alike_allow"
CONF_MATCH_ALIKE_BLOCK: Final = "match_alike_block"
CONF_MATCH_CONFIDENCE_ALLOW: Final = "match_confidence_allow"
CONF_MATCH_CONFIDENCE_BLOCK: Final = "match_confidence_block"
CONF_MATCH_EDITS_ALLOW: Final = "match_edits_allow"
CONF_MATCH_EDITS_BLOCK: Final = "match_edits_block"
CONF_MERGE_SECONDS: Final = "merge_seconds"
CONF_MIN_CONFIDENCE: Final = "min_confidence"
CONF_MOVE_ARCHIVE: Final = "move_archive"
CONF_PICTURES: Final = "pictures"
CONF_PICTURES_COUNT: Final = "pictures_count"
CONF_PICTURES_DAYS: Final = "pictures_days"
CONF_PICTURES_FOLDER: Final = "pictures_folder"
CONF_PICTURES_GIGABYTES: Final = "pictures_gigabytes"
CONF_PULSE_SECONDS: Final = "pulse_seconds"
CONF_REQUIRED_READS: Final = "required_reads"

SUBENTRY_AREA: Final = "area"

BARRIER_AUTO: Final = "auto"
BARRIER_ENTITY: Final = "entity"
BARRIER_NONE: Final = "none"
BARRIER_OUTPUT: Final = "output_"
"""Comes before the number of an alarm output."""

DEFAULT_CLEAR_SECONDS: Final = 0
DEFAULT_COOL_DOWN_SECONDS: Final = 5
DEFAULT_HOLD_SECONDS: Final = 10
DEFAULT_KEEP_LISTS: Final = "changes"
DEFAULT_MERGE_SECONDS: Final = 5
DEFAULT_MIN_CONFIDENCE: Final = 0
DEFAULT_PICTURES_GIGABYTES: Final = 10
DEFAULT_PULSE_SECONDS: Final = 1
DEFAULT_REQUIRED_READS: Final = 1

ROLE_ENTRY: Final = "entry"
ROLE_EXIT: Final = "exit"
ROLE_BY_DIRECTION: Final = "by_direction"
ROLE_NONE: Final = "none"

CONTROL_CAMERA: Final = "camera"
CONTROL_HOME_ASSISTANT: Final = "home_assistant"
CONTROL_MIXED: Final = "mixed"

INTAKE_ARMING: Final = "arming"
INTAKE_LISTENING: Final = "listening"
INTAKE_BOTH: Final = "both"

KEEP_LISTS_CHANGES: Final = DEFAULT_KEEP_LISTS
KEEP_LISTS_IN_STEP: Final = "in_step"
KEEP_LISTS_OFF: Final = "off"
