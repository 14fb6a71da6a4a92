"""A ZIP of one study's files, unpacked without believing anything it says of itself."""

from __future__ import annotations

import errno
import io
import stat
import zipfile
from pathlib import Path

from casekin.errors import CasekinError
from casekin.imaging.limits import ReadLimits, image_error

ZIP_START = b"PK\x03\x04"
_MOST_PER_BYTE = 100
"""A ZIP may unfold to so many times its own length; films and slices pack 2 to 20 times."""
_ALWAYS_ALLOWED = 64 * 1024**2
_STEP = 1 << 20
_MOST_PER_ENTRY = 512
"""Bytes that an entry may have in the directory on the average: 46, its name, and some marks."""
_DEFAULT_LIMITS = ReadLimits()


def unpack_zip(path: Path, folder: Path, *, limits: ReadLimits = _DEFAULT_LIMITS) -> tuple[Path, ...]:
    """Write the files of a ZIP into an empty folder as `0000`, `0001` … in the ZIP's order; what was written.

    Names inside are used for nothing. Folders and links are passed over; a ZIP inside stays a file. Lengths are counted
    while a file unfolds.

    Raises:
        ImageError: no whole ZIP, one with a password or packed otherwise than by deflate, files that lie over each
            other, or more files or bytes than the limits allow. Nothing is left in the folder then.
    """
    written: list[Path] = []
    try:
        most = max(_STEP, limits.max_series_files * _MOST_PER_ENTRY)
        with _InPieces(path, most=most) as source, zipfile.ZipFile(source) as packed:
            left = min(limits.max_file_bytes, max(_ALWAYS_ALLOWED, _MOST_PER_BYTE * path.stat().st_size))
            for number, entry in enumerate(_files_of(packed, path, limits)):
                written.append(folder / f"{number:04d}")
                left -= _unfold(packed, entry, written[-1], left, path.name)
        if not written:
            raise image_error(path.name, "holds no file", expected="a ZIP of image files", remedy="pack it again")
    except BaseException as error:
        for file in written:
            file.unlink(missing_ok=True)
        if not isinstance(error, Exception) or isinstance(error, CasekinError) or _is_of_the_disk(error):
            raise
        raise image_error(
            path.name, "is a damaged or protected ZIP", expected="a whole ZIP without password", remedy="pack it again"
        ) from None
    return tuple(written)


class _InPieces(io.FileIO):
    """A file of which nobody takes a piece of more than `most` bytes. Raises `ImageError`.

    A ZIP's directory is read at a single go, as long as the ZIP says that it is, and then each of its entries becomes
    an object: so its length is looked at before the first of them is counted.
    """

    def __init__(self, path: Path, *, most: int) -> None:
        super().__init__(path)
        self._most, self._name = most, path.name

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file; without a size, the next `most` bytes."""
        wanted = self._most if size is None or size < 0 else size
        if wanted > self._most:
            raise image_error(
                self._name,
                f"its directory has {wanted} bytes",
                expected=f"at most {self._most}",
                remedy="pack one study",
            )
        return super().read(wanted)


def _is_of_the_disk(error: Exception) -> bool:
    """Whether the machine failed; a ZIP that lies may lead to a place before the file's beginning too."""
    return isinstance(error, OSError) and error.errno != errno.EINVAL


def _files_of(packed: zipfile.ZipFile, path: Path, limits: ReadLimits) -> list[zipfile.ZipInfo]:
    """The entries that are plain files, after a look at what they claim together."""
    entries = [
        entry for entry in packed.infolist() if not entry.is_dir() and not stat.S_ISLNK(entry.external_attr >> 16)
    ]
    if len(entries) > limits.max_series_files:
        raise image_error(
            path.name,
            f"holds {len(entries)} files",
            expected=f"at most {limits.max_series_files}",
            remedy="pack one study, or raise ReadLimits.max_series_files",
        )
    if sum(entry.compress_size for entry in entries) > path.stat().st_size:
        raise image_error(
            path.name, "its files lie over each other", expected="each byte in one file", remedy="pack it again"
        )
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise image_error(path.name, "is packed in an unusual way", expected="deflate", remedy="pack it again")
    return entries


def _unfold(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, name: str) -> int:
    """Write one file, and count its bytes; never more than `left`."""
    length = 0
    with packed.open(entry) as source, target.open("xb") as out:
        while block := source.read(_STEP):
            length += len(block)
            if length > left:
                raise image_error(
                    name, "unfolds to more than the limits allow", expected="images", remedy="send fewer at a time"
                )
            out.write(block)
    return length
