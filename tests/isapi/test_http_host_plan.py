"""Test planning what is written into which slot of a device."""

from dataclasses import asdict, replace
import json

import pytest

from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    NoFreeSlotError,
    RejectedError,
)
from custom_components.hikvision_anpr.isapi.http_host import HttpHost, host_of
from custom_components.hikvision_anpr.isapi.http_host_document import detached, slots
from custom_components.hikvision_anpr.isapi.http_hosts import (
    HostCapabilities,
    HostChange,
    HostPlan,
    PictureChoice,
    SavedHost,
    WantedHost,
    plan_host,
)
from custom_components.hikvision_anpr.isapi.writable_document import parse, writable

from .http_host_fixtures import (
    CAMERA,
    HIKVISION,
    ISAPI,
    OTHER,
    OURS,
    RECORDER,
    SINGLE_SLOT,
    TERMINAL,
    USED,
    WITH_LIMITS,
    listed,
    slot,
)

WANTED = WantedHost(url=OURS, address="192.0.2.5", port=8123)
PICTURES = "ANPR/detectionUpLoadPicturesType"
WORDS = ("all", "licensePlatePicture", "detectionPicture")
OLD_WORDS = ("all", "licensePlate", "detection", "none")


def hosts_of(document: bytes) -> list[HttpHost]:
    """Return the slots of a device's list."""
    return [host_of(detached(each)) for each in slots(parse(document))]


def plan(
    document: bytes,
    wanted: WantedHost = WANTED,
    capabilities: HostCapabilities | None = None,
) -> HostPlan:
    """Plan for a device."""
    return plan_host(hosts_of(document), capabilities or HostCapabilities(), wanted)


def diff(planned: HostPlan) -> dict[str, tuple[str | None, str | None]]:
    """Return the changes of a plan, by field."""
    return {each.field: (each.before, each.after) for each in planned.changes}


def names(document: bytes) -> list[str]:
    """Return the names of a slot's elements, in their order."""
    return [str(each.tag).rpartition("}")[2] for each in parse(document)]


def test_slots_of_a_camera() -> None:
    """Read a used slot and two free ones."""
    used, *free = hosts_of(CAMERA)
    assert replace(used, document=b"") == HttpHost(
        id="1",
        url="/alarms/in",
        protocol="HTTP",
        address="192.0.2.30",
        port=8080,
        format="XML",
        authentication="none",
        pictures=None,
        enabled=None,
        document=b"",
    )
    assert (used.is_free, used.target) == (False, OTHER)
    assert [(host.id, host.address, host.is_free) for host in free] == [
        ("2", "", True),
        ("3", "", True),
    ]


@pytest.mark.parametrize(
    ("url", "address", "is_free"),
    [
        ("", "0.0.0.0", True),
        ("/", "0.0.0.0", True),
        ("/", "", True),
        ("/old", "0.0.0.0", True),
        ("", "192.0.2.30", True),
        ("/", "192.0.2.30", False),
        ("/in", "192.0.2.30", False),
    ],
)
def test_free_slots(url: str, address: str, is_free: bool) -> None:
    """Take for free what leads nowhere, and nothing else."""
    (host,) = hosts_of(listed(slot(url=url, address=address)))
    assert host.is_free is is_free


@pytest.mark.parametrize(
    ("addresses", "kind", "address"),
    [
        ("<hostName>ha.example</hostName>", "hostname", "ha.example"),
        ("<ipv6Address>2001:db8::5</ipv6Address>", "ipaddress", "2001:db8::5"),
        ("<ipv6Address>::</ipv6Address>", "ipaddress", ""),
        ("<hostName>ha.example</hostName>", "ipaddress", "192.0.2.9"),
    ],
)
def test_addresses(addresses: str, kind: str, address: str) -> None:
    """Read the address that counts, where a device sends several."""
    document = slot(address="192.0.2.9" if address == "192.0.2.9" else "0.0.0.0")
    document = document.replace(">ipaddress<", f">{kind}<").replace(
        "<portNo>", f"{addresses}<portNo>"
    )
    (host,) = hosts_of(listed(document))
    assert host.address == address


@pytest.mark.parametrize(
    ("url", "is_ours", "path"),
    [
        (OURS, True, OURS),
        (f"{OURS}?channel=1", True, f"{OURS}?channel=1"),
        (f"http://192.0.2.5:8123{OURS}", True, OURS),
        (OURS.removeprefix("/"), True, OURS),
        (f"{OURS}0", False, f"{OURS}0"),
        ("/", False, "/"),
    ],
)
def test_recognised_by_path(url: str, is_ours: bool, path: str) -> None:
    """Recognise our slot by its path, in all the forms that devices hold it in."""
    (host,) = hosts_of(listed(slot(url=url, address="2001:db8::5", port=81)))
    assert host.is_at(OURS) is is_ours
    assert host.target == f"http://[2001:db8::5]:81{path}"


def test_unusual_values() -> None:
    """Read a slot that says hardly anything, or nonsense."""
    bare, odd = hosts_of(
        listed(
            "<HttpHostNotification><enabled>true</enabled></HttpHostNotification>",
            slot(2, "/a", "192.0.2.9").replace(">80<", ">x<"),
        )
    )
    assert (bare.id, bare.url, bare.address, bare.enabled) == ("", "", "", True)
    assert (odd.port, odd.target) == (None, "http://192.0.2.9/a")


def test_plan_for_a_camera() -> None:
    """Take the first free slot and tell each change."""
    planned = plan(CAMERA)
    assert planned.before.id == planned.after.id == "2"
    assert planned.changes == (
        HostChange(field="url", before="/", after=OURS),
        HostChange(field="ipAddress", before="0.0.0.0", after="192.0.2.5"),
        HostChange(field="portNo", before="80", after="8123"),
        HostChange(field="httpBroken", before="false", after="true"),
    )
    assert planned.after.target == f"http://192.0.2.5:8123{OURS}"


def test_nothing_else_is_changed() -> None:
    """Write back all that the device sent, in its order, with what is changed."""
    planned = plan(RECORDER)
    expected = (
        planned.before.document.replace(b"<url>/<", f"<url>{OURS}<".encode())
        .replace(b"0.0.0.0", b"192.0.2.5")
        .replace(b"<portNo>80<", b"<portNo>8123<")
    )
    assert planned.after.document == expected
    assert b"urn:selfextension:psiaext-ver10-xsd" in expected
    assert expected.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert f'xmlns="{ISAPI}" version="2.0"'.encode() in expected


def test_terminal_without_format() -> None:
    """Do not add a format to a device that has none."""
    planned = plan(TERMINAL)
    assert "parameterFormatType" not in names(planned.after.document)
    assert b"<heartbeat>30</heartbeat>" in planned.after.document


def test_format_added_in_its_place() -> None:
    """Add a format that the device offers, in the vendor's order and namespace."""
    planned = plan(TERMINAL, capabilities=HostCapabilities(formats=("XML", "JSON")))
    assert diff(planned)["parameterFormatType"] == (None, "XML")
    found = names(planned.after.document)
    assert found[2:5] == ["protocolType", "parameterFormatType", "addressingFormatType"]
    assert b'xmlns=""' not in planned.after.document


def test_element_added_before_all_others() -> None:
    """Add an element where there is none yet."""
    planned = plan(
        listed("<HttpHostNotification><portNo>80</portNo></HttpHostNotification>")
    )
    assert names(planned.after.document)[:2] == ["portNo", "url"]
    empty = plan(listed("<HttpHostNotification></HttpHostNotification>"))
    assert names(empty.after.document)[0] == "url"


def test_our_slot_before_a_free_one() -> None:
    """Stay in the slot that is ours; what was saved first stays valid."""
    document = listed(slot(1), slot(2, OURS, "192.0.2.4", 8123))
    planned = plan(document)
    assert planned.before.id == "2"
    assert diff(planned)["ipAddress"] == ("192.0.2.4", "192.0.2.5")
    assert planned.saved is None


def test_nothing_to_change() -> None:
    """Plan nothing where all is as wanted, in another spelling."""
    document = slot(1, OURS, "192.0.2.5", 8123, rest="").replace("HTTP<", "http<")
    planned = plan(listed(document))
    assert planned.changes == ()
    assert planned.after == planned.before


def test_slot_without_address_before_one_without_path() -> None:
    """Prefer the slot that surely leads nowhere."""
    document = listed(slot(1, "", "192.0.2.30"), slot(2, "/old", "0.0.0.0"))
    assert plan(document).before.id == "2"


@pytest.mark.parametrize(
    ("document", "occupants"),
    [
        (SINGLE_SLOT, (OTHER,)),
        (listed(USED, slot(2, "/b", "192.0.2.31")), (OTHER, "http://192.0.2.31:80/b")),
        (listed(), ()),
    ],
)
def test_no_free_slot(document: bytes, occupants: tuple[str, ...]) -> None:
    """Say who has the slots, and plan nothing."""
    with pytest.raises(NoFreeSlotError) as caught:
        plan(document)
    assert caught.value.occupants == occupants


def test_address_too_long() -> None:
    """Refuse what the device would cut."""
    capabilities = HostCapabilities(url_length=len(OURS))
    assert plan(CAMERA, capabilities=capabilities).after.url == OURS
    with pytest.raises(RejectedError):
        plan(CAMERA, replace(WANTED, url=f"{OURS}x"), capabilities)


def test_by_name_and_back() -> None:
    """Send a name or an address, never both."""
    by_name = plan(CAMERA, replace(WANTED, address="ha.example", port=443, ssl=True))
    assert diff(by_name) == {
        "url": ("/", OURS),
        "protocolType": ("HTTP", "HTTPS"),
        "addressingFormatType": ("ipaddress", "hostname"),
        "ipAddress": ("0.0.0.0", None),
        "hostName": (None, "ha.example"),
        "portNo": ("80", "443"),
        "httpBroken": ("false", "true"),
    }
    assert by_name.after.address == "ha.example"
    found = names(by_name.after.document)
    assert found[4:7] == ["addressingFormatType", "hostName", "portNo"]
    back = plan_host([by_name.after], HostCapabilities(), WANTED)
    assert diff(back)["hostName"] == ("ha.example", None)
    assert diff(back)["ipAddress"] == (None, "192.0.2.5")


def test_ipv6() -> None:
    """Send an IPv6 address in its own element."""
    planned = plan(CAMERA, replace(WANTED, address="2001:db8::5"))
    assert diff(planned)["ipv6Address"] == (None, "2001:db8::5")
    assert diff(planned)["ipAddress"] == ("0.0.0.0", None)
    assert planned.after.address == "2001:db8::5"


def test_spelling_of_the_device() -> None:
    """Spell the kind of address as the device does."""
    capabilities = HostCapabilities(addressing=("ipAddress", "hostName"))
    wanted = replace(WANTED, address="ha.example")
    change = diff(plan(CAMERA, wanted, capabilities))["addressingFormatType"]
    assert change == ("ipaddress", "hostName")


@pytest.mark.parametrize(
    ("words", "choice", "word"),
    [
        (WORDS, "all", "all"),
        (WORDS, "small", "licensePlatePicture"),
        (WORDS, "big", "detectionPicture"),
        (OLD_WORDS, "small", "licensePlate"),
        (OLD_WORDS, "big", "detection"),
        (("all", "none"), "big", None),
        ((), "all", None),
    ],
)
def test_picture_choice(
    words: tuple[str, ...], choice: PictureChoice, word: str | None
) -> None:
    """Ask for pictures in the device's own words, where it has the choice."""
    planned = plan(
        CAMERA, replace(WANTED, pictures=choice), HostCapabilities(pictures=words)
    )
    assert diff(planned).get(PICTURES) == ((None, word) if word else None)
    assert planned.after.pictures == word
    last = "ANPR" if word else "httpBroken"
    assert names(planned.after.document)[-1] == last


def test_picture_choice_of_a_device_without_capabilities() -> None:
    """Change the picture type where the slot has one."""
    planned = plan(WITH_LIMITS)
    assert diff(planned)[PICTURES] == ("detectionPicture", "all")
    assert diff(planned)["url"] == ("", OURS)


@pytest.mark.parametrize(
    ("element", "before", "after"),
    [
        ("enabled", "false", "true"),
        ("uploadImagesDataType", "URL", "binary"),
        ("httpBroken", "false", "true"),
    ],
)
def test_settings_that_some_devices_have(element: str, before: str, after: str) -> None:
    """Set what would keep events or their pictures from us, where there is any."""
    present = plan(listed(slot(rest=f"<{element}>{before}</{element}>")))
    assert diff(present)[element] == (before, after)
    assert element not in names(plan(listed(slot(rest=""))).after.document)


def test_login_of_a_forgotten_system() -> None:
    """Ask for no login: the device would send one of the system before us."""
    document = slot().replace("<userName>", "<userName>old").replace("none", "basic")
    planned = plan(listed(document))
    assert diff(planned)["userName"] == ("old", "")
    assert diff(planned)["httpAuthenticationMethod"] == ("basic", "none")


def test_saved_slot_can_be_stored() -> None:
    """Save the slot as it was, as texts alone."""
    planned = plan(CAMERA)
    assert planned.saved is not None
    stored = json.loads(json.dumps(asdict(planned.saved)))
    assert SavedHost(**stored) == planned.saved
    assert (planned.saved.id, planned.saved.url) == ("2", OURS)
    assert planned.saved.document.encode() == planned.before.document


def test_written_without_limits() -> None:
    """Send back neither limits nor tags without an end, and keep all else."""
    (host,) = hosts_of(WITH_LIMITS)
    assert b"opt=" in host.document
    written = writable(parse(host.document))
    for limit in (b"opt=", b"min=", b"max=", b"def=", b"/>"):
        assert limit not in written
    assert b"<userName></userName>" in written
    assert b"<url></url>" in written
    assert b'<unknown size="4" kept="yes">7</unknown>' in written
    assert b"<ANPR><!-- kept --><detectionUpLoadPicturesType>detect" in written


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not XML",
        b'{"HttpHostNotificationList": {}}',
        CAMERA[:-20],
        CAMERA.replace(b"/alarms/in", b"/in?a=1&b=2"),
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ],
)
def test_documents_that_cannot_be_written_back(body: bytes) -> None:
    """Refuse a document that would come back as another."""
    with pytest.raises(BadAnswerError):
        parse(body)


def test_slot_without_list() -> None:
    """Read the slot of a device that sends no list, with what stands before it."""
    document = slot(attributes=f' xmlns="{HIKVISION}"').encode()
    (host,) = hosts_of(b"\xef\xbb\xbf\r\n" + document + b"\0")
    assert host.id == "1"
