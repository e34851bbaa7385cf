"""Give a test a disk that is soon full, where the test may mount one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import subprocess
from typing import Final

import pytest

_SIZE: Final = 64 * 1024 * 1024


class SmallDisk:
    """Hold a disk of a few megabytes, and fill it up."""

    def __init__(self, folder: Path) -> None:
        """Use what is mounted at a folder."""
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave no room for a single block."""
        with self._filler.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return

    def free(self) -> None:
        """Give all the room back."""
        self._filler.unlink()


@contextmanager
def mounted(folder: Path) -> Iterator[SmallDisk]:
    """Mount a small disk at a folder; the test is skipped where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "anpr", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except OSError, subprocess.CalledProcessError:
        pytest.skip("no disk can be mounted: root alone may")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
