"""Test the made-up day at a gate."""

from simulator.visitors import Visitors


def test_day_is_believable() -> None:
    """Let some come again, some be listed, and some be unreadable."""
    visitors = Visitors(seed=1)
    passed = [visitors.next() for _ in range(300)]
    plates = [plate for plate, _ in passed if plate]
    assert 0 < len(passed) - len(plates) < 60
    assert len({*plates}) < len(plates)
    assert {facts["list_name"] for _, facts in passed} == {"allow", "block", None}


def test_who_came_in_goes_out() -> None:
    """Turn the direction each time that a vehicle passes."""
    visitors = Visitors(seed=2)
    last: dict[str, str] = {}
    turned = []
    for plate, facts in (visitors.next() for _ in range(300)):
        if plate in last:
            turned.append(facts["direction"] != last[plate])
        if plate:
            last[plate] = facts["direction"]
    assert turned.count(True) > 10 * turned.count(False)


def test_seed_repeats_the_day() -> None:
    """Make the same day from the same seed, and another from another."""
    one, same, other = (
        [visitors.next() for _ in range(20)]
        for visitors in (Visitors(5), Visitors(5), Visitors(6))
    )
    assert one == same != other
