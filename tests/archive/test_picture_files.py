"""Test keeping pictures in a folder."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
import pytest

from custom_components.hikvision_anpr.archive.picture_files import PictureFiles

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_blocking_calls() -> None:
    """Run here what the archive runs in a thread."""


@pytest.fixture
def files(tmp_path: Path) -> PictureFiles:
    """Keep pictures in a folder that is yet to be made."""
    return PictureFiles(folder=tmp_path / "pictures")


def jpeg(size: tuple[int, int] = (1280, 720)) -> bytes:
    """Return a picture."""
    data = BytesIO()
    Image.new("RGB", size, "red").save(data, "JPEG")
    return data.getvalue()


def everything(files: PictureFiles) -> set[str]:
    """Return all that is in the folder."""
    return {str(path.relative_to(files.folder)) for path in files.folder.rglob("*")}


def test_write_read_delete(files: PictureFiles) -> None:
    """Keep a picture by day and device, and leave nothing of it behind."""
    name = files.write("01J", "plate", "device", AT, b"first")
    assert name == "2026/11/25/device/01J-plate.jpg"
    assert files.write("01J", "plate", "device", AT, b"better") == name
    assert files.read(name) == b"better"
    other = files.write("01K", "plate", "device", AT, b"other")
    files.delete([name, name])
    assert files.read(other) == b"other"
    with pytest.raises(FileNotFoundError):
        files.read(name)
    files.delete([other])
    assert everything(files) == set()


def test_others_may_read(files: PictureFiles) -> None:
    """Let others see the pictures on a share, as all that Home Assistant writes."""
    name = files.write("01J", "plate", "device", AT, b"picture")
    assert (files.folder / name).stat().st_mode & 0o777 == 0o644


def test_thumbnail(files: PictureFiles) -> None:
    """Make a small picture once; what is no picture stays as it is."""
    name = files.write("01J", "scene", "device", AT, jpeg())
    small = files.read(name, thumbnail=True)
    with Image.open(BytesIO(small)) as image:
        assert max(image.size) == 320
    assert files.read(name, thumbnail=True) == small
    broken = files.write("01K", "scene", "device", AT, b"no picture")
    assert files.read(broken, thumbnail=True) == b"no picture"
    files.delete([name, broken])
    assert everything(files) == set()


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "2026/../../secret"])
def test_nothing_outside(files: PictureFiles, tmp_path: Path, name: str) -> None:
    """Read and delete nothing outside of the folder."""
    files.check()
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        files.read(name)
    with pytest.raises(FileNotFoundError):
        files.delete([name])
    assert secret.exists()


def test_odd_names(files: PictureFiles) -> None:
    """Let no part of a name lead elsewhere."""
    name = files.write("../../x", "plate", "/etc", AT, b"data")
    assert name == "2026/11/25/_etc/______x-plate.jpg"
    assert files.read(name) == b"data"


def test_strangers_are_left_alone(files: PictureFiles) -> None:
    """Keep what others put into the folder."""
    name = files.write("01J", "plate", "device", AT, b"data")
    stranger = files.folder / "2026" / "notes.txt"
    stranger.write_text("mine", encoding="utf-8")
    files.delete([name])
    assert everything(files) == {"2026", "2026/notes.txt"}


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Say so."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        PictureFiles(folder=tmp_path / "file" / "pictures").check()
