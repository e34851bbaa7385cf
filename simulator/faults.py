"""The faults that a simulated device can be told to show."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Fault(StrEnum):
    """Name one misbehaviour, as seen in the field or feared (reference 2-4, 7.6, 10)."""

    # The connection of the alert stream, and whether there is one.
    ALERT_STREAM_MISSING = "alert_stream_missing"
    CUT_IN_XML = "cut_in_xml"
    CUT_IN_PICTURE = "cut_in_picture"
    STALL = "stall"
    STALL_IN_PICTURE = "stall_in_picture"
    SLOW_BYTES = "slow_bytes"

    # The framing of the alert stream.
    GLUED_DOCUMENTS = "glued_documents"
    GLUED_RESPONSE = "glued_response"
    DOUBLE_BOUNDARY = "double_boundary"
    MISSING_FIRST_BOUNDARY = "missing_first_boundary"
    QUOTED_BOUNDARY = "quoted_boundary"
    FORM_DATA = "form_data"
    LF_ONLY = "lf_only"
    MISSING_LENGTH = "missing_length"
    LENGTH_TOO_SHORT = "length_too_short"
    LENGTH_TOO_LONG = "length_too_long"
    BOUNDARY_IN_PICTURE = "boundary_in_picture"

    # What an event says and brings along.
    PICTURES_MISSING = "pictures_missing"
    PICTURES_REVERSED = "pictures_reversed"
    PICTURES_BY_CONTENT_ID = "pictures_by_content_id"
    UNESCAPED_AMPERSAND = "unescaped_ampersand"
    GBK_BYTES = "gbk_bytes"
    DUPLICATE_EVENT = "duplicate_event"

    # What becomes of passages while nobody is armed, and of the table of plates.
    MISSED_RETRANSMITTED = "missed_retransmitted"
    MISSED_UNMARKED = "missed_unmarked"
    PLATES_UNSORTED = "plates_unsorted"
    PLATES_OLDEST_AGAIN = "plates_oldest_again"
    PLATES_CURSOR_AGAIN = "plates_cursor_again"
    PLATES_JUNK_BEFORE = "plates_junk_before"
    PLATES_AS_JSON = "plates_as_json"
    PLATES_CAPPED = "plates_capped"
    PLATES_LOST_AT_REBOOT = "plates_lost_at_reboot"

    # What becomes of settings that clients write.
    SETTINGS_AT_REBOOT = "settings_at_reboot"

    # What the search for recordings and for stored pictures of vehicles answers.
    SEARCH_REFUSED = "search_refused"
    SEARCH_OTHER_RECORDINGS = "search_other_recordings"
    SEARCH_OTHER_PICTURES = "search_other_pictures"
    SEARCH_ESCAPED_TWICE = "search_escaped_twice"

    # What is posted to listening hosts; an occurrence is one POST.
    POST_AS_IN_GUIDE = "post_as_in_guide"
    POST_TIGHT = "post_tight"
    POST_WITHOUT_FILENAME = "post_without_filename"
    POST_UNTYPED = "post_untyped"
    POST_BARE = "post_bare"
    POST_JSON = "post_json"
    POST_QUERYSTRING = "post_querystring"
    POST_PJPEG = "post_pjpeg"
    POST_OCTET_STREAM = "post_octet_stream"
    POST_CUT = "post_cut"
    POST_REORDERED = "post_reordered"
    POST_ANSWER_LOST = "post_answer_lost"
    HOSTS_LOST_AT_REBOOT = "hosts_lost_at_reboot"

    # The list of plates; what is written is answered with OK and not kept.
    LIST_KEEPS_NOTHING = "list_keeps_nothing"

    # What several records in one request come to: the first is kept, or none is taken.
    LIST_KEEPS_FIRST = "list_keeps_first"
    LIST_TAKES_ONE = "list_takes_one"

    # The barrier.
    BARRIER_ANSWER_LOST = "barrier_answer_lost"

    # What any request is answered.
    UNAUTHORIZED_STORM = "unauthorized_storm"
    LOCKED = "locked"
    BUSY = "busy"
    OK_BUT_NOT_SUPPORTED = "ok_but_not_supported"

    # What the search over multicast is answered, for one device.
    SADP_ECHO = "sadp_echo"
    SADP_TWICE = "sadp_twice"
    SADP_GARBAGE = "sadp_garbage"
    SADP_WRONG_ADDRESS = "sadp_wrong_address"

    # The clock.
    CLOCK_OFF = "clock_off"
    CLOCK_WRONG_ZONE = "clock_wrong_zone"
    CLOCK_WITHOUT_DST = "clock_without_dst"
    CLOCK_WITHOUT_OFFSET = "clock_without_offset"
    CLOCK_LOST_PLUS = "clock_lost_plus"
    CLOCK_ZULU = "clock_zulu"


@dataclass(slots=True)
class Faults:
    """Hold which faults are on, and for how many times still.

    Attributes:
        length_error: Bytes by which a wrong Content-Length is wrong.
        drip_bytes: Bytes sent at once while SLOW_BYTES is on.
        drip_seconds: Pause in seconds after each of them.
        plates_cap: Plates in an answer while PLATES_CAPPED is on, the oldest ones.
        clock_error: How far ahead of true time the clock is while CLOCK_OFF is on.
    """

    length_error: int = 16
    drip_bytes: int = 256
    drip_seconds: float = 0.02
    plates_cap: int = 10
    clock_error: timedelta = timedelta(days=3650, hours=3)
    _left: dict[Fault, int | None] = field(default_factory=dict)

    def on(self, *faults: Fault, times: int | None = None) -> None:
        """Switch faults on, for good or for the given number of occurrences."""
        for fault in faults:
            self._left[fault] = times

    def off(self, *faults: Fault) -> None:
        """Switch faults off; those that are not on stay off."""
        for fault in faults:
            self._left.pop(fault, None)

    def clear(self) -> None:
        """Switch every fault off."""
        self._left.clear()

    def __contains__(self, fault: Fault) -> bool:
        """Tell whether the fault is on, without using up an occurrence."""
        return fault in self._left

    def active(self) -> list[Fault]:
        """Return the faults that are on, in the order of their definition."""
        return [fault for fault in Fault if fault in self._left]

    def strikes(self, fault: Fault) -> bool:
        """Tell whether the fault shows now, and use up one occurrence."""
        if fault not in self._left:
            return False
        left = self._left[fault]
        if left is not None:
            self._left[fault] = left - 1
            if left <= 1:
                del self._left[fault]
        return True
