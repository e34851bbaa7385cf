"""Test who may enter, with nothing but a passage and rules."""

from dataclasses import replace
import json
from pathlib import Path
from typing import get_args

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.gate import policy
from custom_components.hikvision_anpr.gate.policy import Decision, Rules, decide
from custom_components.hikvision_anpr.intake.passage import Passage, Verdict
from custom_components.hikvision_anpr.vehicles import vehicle
from tests.archive.passages import passage

HOME = Rules(control="home_assistant", role="entry")
ALLOWED = Verdict(list="allow", vehicle_name="Van", match="exact", vehicle_id="1")


def passing(verdict: Verdict | None = ALLOWED, **of_read: object) -> Passage:
    """Return a passage that was judged."""
    fields = {"plate": "AB123CD", "confidence": 90} | of_read
    plate = fields.pop("plate")
    assert plate is None or isinstance(plate, str)
    return replace(passage(1, plate, **fields), verdict=verdict)


def decided(
    one: Passage, rules: Rules = HOME, reads: int = 1, *, just_opened: bool = False
) -> tuple[str, set[str]]:
    """Return the decision, and its reasons."""
    decision = decide(one, rules, agreeing_reads=reads, just_opened=just_opened)
    return decision.decision, set(decision.reasons)


def test_allowed_vehicle_opens() -> None:
    """Open for a vehicle that the centre, or else the device, lets in."""
    assert decided(passing()) == ("open", {"allowed"})
    assert decided(passing(None, list_name="allow")) == ("open", {"allowed"})


@pytest.mark.parametrize(
    ("verdict", "of_read", "reason"),
    [
        (None, {}, "not_listed"),
        (None, {"list_name": "block"}, "blocked"),
        (Verdict(list="block"), {"list_name": "allow"}, "blocked"),
        (Verdict(list="none"), {"list_name": "allow"}, "not_listed"),
        (None, {"plate": None}, "unreadable"),
        (ALLOWED, {"confidence": 79}, "confidence_too_low"),
        (ALLOWED, {"confidence": None}, "confidence_too_low"),
        (ALLOWED, {"direction": "reverse"}, "wrong_direction"),
    ],
)
def test_objections(
    verdict: Verdict | None, of_read: dict[str, object], reason: str
) -> None:
    """Keep everybody else out, and say why."""
    rules = replace(HOME, min_confidence=80)
    decision, reasons = decided(passing(verdict, **of_read), rules)
    assert decision == "deny"
    assert reason in reasons


def test_reasons_of_the_verdict_come_first() -> None:
    """Tell why a known vehicle is not let in."""
    verdict = Verdict(list="none", reasons=("no_longer_valid",))
    answer = decide(passing(verdict), HOME, agreeing_reads=1, just_opened=False)
    assert answer == Decision(
        decision="deny", reasons=("no_longer_valid", "not_listed")
    )


def test_direction_counts_where_it_has_a_meaning() -> None:
    """Let vehicles pass both ways where a channel is neither entry nor exit."""
    for role in ("none", "by_direction"):
        rules = replace(HOME, role=role)
        assert decided(passing(direction="reverse"), rules)[0] == "open"
    for direction in ("forward", "unknown"):
        assert decided(passing(direction=direction))[0] == "open"


def test_late_passage_decides_nothing() -> None:
    """Never act on what came late."""
    assert decided(replace(passing(), live=False)) == ("none", {"late"})


def test_the_camera_decides() -> None:
    """Leave it to the camera where the user wants that."""
    rules = replace(HOME, control="camera")
    assert decided(passing(), rules) == ("none", {"camera_decides"})


def test_both_decide() -> None:
    """Open for those whom the camera does not let in by itself."""
    rules = replace(HOME, control="mixed")
    assert decided(passing(), rules)[0] == "open"
    answer = decided(passing(list_name="allow"), rules)
    assert answer == ("none", {"allowed", "camera_opens"})


def test_several_reads() -> None:
    """Wait until enough reads agree."""
    rules = replace(HOME, required_reads=2)
    assert decided(passing(), rules) == ("deny", {"more_reads_needed"})
    assert decided(passing(), rules, reads=2)[0] == "open"


def test_cool_down() -> None:
    """Send no second command moments after the first."""
    answer = decided(passing(), just_opened=True)
    assert answer == ("none", {"allowed", "cool_down"})


VERDICTS = st.one_of(
    st.none(),
    st.builds(
        Verdict,
        list=st.sampled_from(["allow", "block", "none"]),
        reasons=st.sampled_from([(), ("outside_hours",)]),
    ),
)


@given(
    verdict=VERDICTS,
    live=st.booleans(),
    plate=st.sampled_from(["AB123CD", None]),
    device_list=st.sampled_from(["allow", "block", "temporary", None]),
    confidence=st.one_of(st.none(), st.integers(0, 100)),
    direction=st.sampled_from(["forward", "reverse", "unknown"]),
    rules=st.builds(
        Rules,
        control=st.sampled_from(["camera", "home_assistant", "mixed"]),
        role=st.sampled_from(["entry", "exit", "by_direction", "none"]),
        min_confidence=st.integers(0, 100),
        required_reads=st.integers(1, 3),
    ),
    reads=st.integers(1, 3),
    just_opened=st.booleans(),
)
def test_opens_only_where_everything_speaks_for_it(
    verdict: Verdict | None,
    live: bool,
    plate: str | None,
    device_list: str | None,
    confidence: int | None,
    direction: str,
    rules: Rules,
    reads: int,
    just_opened: bool,
) -> None:
    """Open never without live, allowed, sure, right way, enough reads, and in charge."""
    one = replace(
        passing(
            verdict,
            plate=plate,
            list_name=device_list,
            confidence=confidence,
            direction=direction,
        ),
        live=live,
    )
    decision, reasons = decided(one, rules, reads, just_opened=just_opened)
    is_allowed = verdict.list == "allow" if verdict else device_list == "allow"
    is_sure = not rules.min_confidence or (
        confidence is not None and confidence >= rules.min_confidence
    )
    is_right_way = direction != "reverse" or rules.role in {"by_direction", "none"}
    may_open = (
        live
        and rules.control != "camera"
        and is_allowed
        and plate is not None
        and is_sure
        and is_right_way
        and reads >= rules.required_reads
    )
    left_to_camera = rules.control == "mixed" and device_list == "allow"
    assert (decision == "open") == (may_open and not left_to_camera and not just_opened)
    assert reasons


def test_every_reason_has_words() -> None:
    """Show a user no word of the program."""
    path = Path(__file__).parents[2] / "custom_components" / DOMAIN
    texts = json.loads((path / "translations" / "en.json").read_text(encoding="utf-8"))
    shown = texts["entity"]["event"]["passage"]["state_attributes"]["reasons"]["state"]
    of_the_judge = {"ambiguous_plate", "confidence_too_low", "wrong_area"}
    given = {*get_args(policy.Reason.__value__), *get_args(vehicle.Reason.__value__)}
    assert shown.keys() == given | of_the_judge
