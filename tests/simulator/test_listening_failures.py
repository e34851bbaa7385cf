"""Test what a camera does with passages that a listening host does not take."""

import asyncio
from dataclasses import replace

import pytest

from simulator import DEEPINVIEW, Fault, ListeningSettings, SimulatedCamera

from .conftest import StartCamera
from .receiver import BAD, NOTHING, Receiver, receiving
from .xml_reading import text


@pytest.mark.parametrize("resends", [True, False])
async def test_lost_answer_is_resent(
    resends: bool, camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Send the very same bytes again, oddities included, if the slot says so."""
    camera.listening.post_to(receiver.url, resends=resends)
    camera.faults.on(Fault.POST_ANSWER_LOST, Fault.POST_TIGHT, times=1)
    await camera.vehicle_passes()
    await camera.drain()
    assert len(receiver.received) == (2 if resends else 1)
    assert len({received.body for received in receiver.received}) == 1
    assert camera.listening.posts[0].error == "Answer lost"
    assert camera.listening.waiting == []


async def test_cut(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Close the connection in the middle of a POST, then send it whole."""
    camera.listening.post_to(receiver.url, resends=True)
    camera.faults.on(Fault.POST_CUT, times=1)
    await camera.vehicle_passes()
    await camera.drain()
    cut, whole = sorted(receiver.received, key=lambda one: len(one.body))
    assert 0 < len(cut.body) < len(whole.body) == int(cut.header("Content-Length"))
    assert whole.body.startswith(cut.body)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (BAD, ""),
        (NOTHING, "0 bytes read"),
        (b"Hello\r\n\r\n", "No HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + bytes(2**17), "Endless answer"),
    ],
)
@pytest.mark.parametrize("fault", [None, Fault.MISSED_UNMARKED])
async def test_refused_passage_is_uploaded_late(
    answer: bytes,
    error: str,
    fault: Fault | None,
    camera: SimulatedCamera,
    receiver: Receiver,
) -> None:
    """Wait after the second bad answer, and upload with the next success."""
    camera.listening.post_to(receiver.url, resends=True)
    receiver.answers.extend([answer, answer])
    if fault is not None:
        camera.faults.on(fault)
    old = await camera.vehicle_passes("A", pictures=("plate",))
    await camera.drain()
    assert camera.listening.waiting == [old]
    assert camera.listening.posts[0].error.startswith(error)
    await camera.vehicle_passes("B", pictures=())
    await camera.drain()
    *_, new, late = receiver.received
    assert new.plate == "B"
    document, picture = late.parts()
    assert text(document.body, "UUID") == old.uuid
    marked = text(document.body, "isDataRetransmission") == "true"
    assert marked == (fault is None)
    assert picture.body == next(iter(old.jpegs.values()))
    assert camera.listening.waiting == []


@pytest.mark.parametrize("resends", [True, False])
async def test_host_that_was_away(
    resends: bool, camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Keep passages while a host cannot be reached, if its slot says so."""
    async with receiving() as away:
        url, port = away.url, away.port
    camera.listening.post_to(url, resends=resends)
    for plate in "AB":
        await camera.vehicle_passes(plate, pictures=())
    camera.send_event("VMD")
    await camera.drain()
    errors = {post.error for post in camera.listening.posts}
    assert errors == {"Connection refused"}
    assert len(camera.listening.posts) == 3
    async with receiving(port=port) as back:
        await camera.listening.upload_late()
        assert [one.plate for one in back.received] == [*"AB"] * resends


async def test_late_upload_comes_by_itself(
    start_camera: StartCamera, receiver: Receiver
) -> None:
    """Try again after a while, until the host takes it."""
    again = replace(DEEPINVIEW.listening, retry_seconds=0.01)
    camera = await start_camera(listening=again)
    camera.listening.post_to(receiver.url, resends=True)
    receiver.answers.extend([BAD] * 4)
    await camera.vehicle_passes("A", pictures=())
    await receiver.wait_received(5)
    assert [one.plate for one in receiver.received] == ["A"] * 5


async def test_camera_off_the_network_posts_later(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Keep what passes between stop and start."""
    camera.listening.post_to(receiver.url, resends=True)
    await camera.stop()
    await camera.vehicle_passes("A", pictures=())
    await camera.drain()
    await camera.listening.upload_late()
    assert receiver.received == []
    await camera.start()
    await camera.listening.upload_late()
    assert [one.plate for one in receiver.received] == ["A"]


async def test_stop_keeps_what_is_under_way(
    start_camera: StartCamera, receiver: Receiver
) -> None:
    """Let a passage wait that was being posted, held back, or queued at the stop."""
    camera = await start_camera()
    camera.listening.post_to(receiver.url, resends=True)
    camera.faults.on(Fault.POST_REORDERED, times=1)
    passed = [await camera.vehicle_passes("A", pictures=())]
    await camera.drain()
    passed += [await camera.vehicle_passes(plate, pictures=()) for plate in "BC"]
    await camera.stop()
    posted = [post.uuid for post in camera.listening.posts if post.taken]
    waiting = [passage.uuid for passage in camera.listening.waiting]
    assert {*posted, *waiting} == {passage.uuid for passage in passed}


async def test_emptied_slot_posts_nothing_late(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Keep a passage to itself when its host was taken out."""
    camera.listening.post_to(receiver.url, resends=True)
    receiver.answers.extend([BAD, BAD])
    await camera.vehicle_passes("A", pictures=())
    await camera.drain()
    camera.listening.slots.clear()
    await camera.listening.upload_late()
    assert len(receiver.received) == 2


async def test_silent_host_is_given_up(start_camera: StartCamera) -> None:
    """Hang up on a host that does not answer."""
    done = asyncio.Event()

    async def say_nothing(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Keep the connection until the test is over."""
        await done.wait()
        writer.close()

    camera = await start_camera(listening=ListeningSettings(answer_seconds=0.05))
    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        camera.listening.post_to(f"http://127.0.0.1:{port}/")
        camera.send_event("VMD")
        await camera.drain()
        done.set()
    (post,) = camera.listening.posts
    assert (post.connected, post.error) == (True, "Connection timed out")


async def test_reboot_loses_hosts(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Keep hosts over a reboot, unless the camera is one that loses them."""
    camera.listening.post_to(receiver.url)
    await camera.reboot()
    assert camera.listening.hosts[0].in_use
    camera.faults.on(Fault.HOSTS_LOST_AT_REBOOT)
    await camera.reboot()
    assert not camera.listening.hosts[0].in_use
