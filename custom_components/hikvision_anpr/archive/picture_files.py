"""Store pictures in a folder, by day and device, each completely or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
import logging
import os
from pathlib import Path
import re
from secrets import token_hex
from tempfile import NamedTemporaryFile
from typing import Final

from PIL import Image, UnidentifiedImageError

_LOGGER = logging.getLogger(__name__)

THUMBNAIL_SIZE: Final = (320, 320)
_THUMBNAIL: Final = ".thumb.jpg"
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFiles:
    """Write, read and delete pictures below a folder; nothing else there is touched.

    Everything blocks: not for the event loop. Raises OSError.
    """

    folder: Path

    def write(
        self, passage_id: str, kind: str, device_id: str, at: datetime, data: bytes
    ) -> str:
        """Write a picture, and return its name below the folder."""
        folder = f"{at.date().isoformat().replace('-', '/')}/{_safe(device_id)}"
        name = f"{_safe(passage_id)}-{_safe(kind)}.jpg"
        place = f"{self.folder}/{folder}"
        try:
            _write(place, name, data)
        except FileNotFoundError:
            Path(place).mkdir(parents=True, exist_ok=True)
            _write(place, name, data)
        return f"{folder}/{name}"

    def read(self, name: str, *, thumbnail: bool = False) -> bytes:
        """Return a picture, or a small one, which is made once."""
        path = self._path(name)
        if not thumbnail:
            return path.read_bytes()
        small = path.with_suffix(_THUMBNAIL)
        if small.exists():
            return small.read_bytes()
        data = _shrunk(path.read_bytes())
        try:
            _write(str(small.parent), small.name, data)
        except OSError as error:
            _LOGGER.debug("A small picture cannot be kept: %s", error)
        return data

    def delete(self, names: Iterable[str]) -> None:
        """Delete pictures, their small ones, and the folders that are empty then."""
        for name in names:
            path = self._path(name)
            path.unlink(missing_ok=True)
            path.with_suffix(_THUMBNAIL).unlink(missing_ok=True)
            self._delete_empty(path.parent)

    def check(self) -> None:
        """Raise OSError for a folder that cannot be written to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, suffix=".part"):
            pass

    def _path(self, name: str) -> Path:
        """Return where a picture is. Raises FileNotFoundError outside the folder."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise FileNotFoundError(name)
        return path

    def _delete_empty(self, folder: Path) -> None:
        """Delete folders of a device, day, month and year that are empty."""
        while folder != self.folder:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _write(folder: str, name: str, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    part = Path(folder, f"tmp{token_hex(8)}.part")
    try:
        with open(part, "xb", buffering=0, opener=_open_readable) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
        part.replace(f"{folder}/{name}")
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _open_readable(part: str, flags: int) -> int:
    """Open a file that others may read, as those that Home Assistant itself writes."""
    return os.open(part, flags, 0o644)


def _shrunk(data: bytes) -> bytes:
    """Return a small picture; what is no picture is returned as it is."""
    try:
        with Image.open(BytesIO(data)) as image:
            image.draft("RGB", THUMBNAIL_SIZE)
            image.thumbnail(THUMBNAIL_SIZE)
            small = BytesIO()
            image.convert("RGB").save(small, "JPEG", quality=80)
            return small.getvalue()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        _LOGGER.debug("A picture cannot be made small: %s", error)
        return data


def _safe(part: str) -> str:
    """Return a part of a name that leads nowhere else."""
    return part if _SAFE.fullmatch(part) else re.sub(r"[^A-Za-z0-9_-]", "_", part)[:64]
