"""The files of a source: one file, a folder, or a zip or tar archive read in place, never unpacked to disk."""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, RawIOBase
from pathlib import Path, PurePosixPath
from typing import cast

from casekin.reports.formats.rows import MAX_FILE, BadRow, RowError

DAMAGED = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError)
"""What reading a damaged, encrypted or exotic archive raises."""
WORK_FOLDER = ".mine"
"""What a mined folder holds beside its results; such a folder inside a source is none of its reports."""
_HUGE = 4 * 1024**3
"""A member of a compressed tar can only be skipped by decompressing it: past this size the rest is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of a source: its name inside it (with `/`), its size in bytes as stated, and how to open it."""

    name: str
    size: int
    open: Callable[[], BufferedReader]

    @classmethod
    def at(cls, path: Path, name: str | None = None) -> SourceFile:
        """A plain file, under its own name unless another is given."""
        return cls(name=name or path.name, size=path.stat().st_size, open=partial(_open_path, path))

    def read(self, limit: int = MAX_FILE) -> bytes:
        """All bytes; RowError when there are more than `limit`, whatever size was stated, or the file is damaged."""
        if self.size > limit:
            raise RowError(f"a file of {self.size} bytes, expected at most {limit}")
        try:
            with self.open() as stream:
                data = stream.read(limit + 1)
        except (OSError, *DAMAGED) as error:
            raise RowError(f"can't be read ({type(error).__name__})") from None
        if len(data) > limit:
            raise RowError(f"a file larger than it says, expected at most {limit} bytes")
        return data


def iter_files(source: Path, *suffixes: str) -> Iterator[SourceFile | BadRow]:
    """Files whose lower-case name ends in one of the suffixes (all, without any), by name; those of a tar as stored.

    Hidden files and mined folders are passed over. A link that leads out of the folder and a member whose name would
    leave the archive are bad rows, and so is the rest of a damaged archive.
    """
    if source.is_dir():
        yield from _folder_files(source, suffixes)
    elif zipfile.is_zipfile(source):
        yield from _guarded(source, _zip_files(source, suffixes))
    elif _is_tar(source):
        yield from _guarded(source, _tar_files(source, suffixes))
    else:
        yield SourceFile.at(source)


def is_archive(source: Path) -> bool:
    """Whether the file is a zip or tar archive, by content."""
    return source.is_file() and (zipfile.is_zipfile(source) or _is_tar(source))


def file_names(source: Path, *, limit: int) -> list[str]:
    """Names of the source's first `limit` files, to recognise its layout by."""
    names = []
    for file in iter_files(source):
        if isinstance(file, SourceFile):
            names.append(file.name)
        if len(names) == limit:
            break
    return names


def _folder_files(source: Path, suffixes: tuple[str, ...]) -> Iterator[SourceFile | BadRow]:
    root = source.resolve()
    for folder, folders, names in os.walk(source):
        inner = sorted(name for name in folders if not name.startswith("."))
        folders[:] = [name for name in inner if not (Path(folder) / name / WORK_FOLDER).exists()]
        for name in sorted(names):
            path = Path(folder) / name
            if not _wanted(name, suffixes):
                continue
            shown = path.relative_to(source).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                yield BadRow(file=shown, row=None, reason="a link that leads out of the folder; copy the file in")
            elif path.is_file():
                yield SourceFile.at(path, shown)


def _zip_files(source: Path, suffixes: tuple[str, ...]) -> Iterator[SourceFile | BadRow]:
    with zipfile.ZipFile(source) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if member.is_dir() or not _wanted(member.filename, suffixes):
                continue
            if not _is_inside(member.filename):
                yield BadRow(file=source.name, row=None, reason="a member whose name would leave the archive")
                continue
            yield SourceFile(
                name=member.filename,
                size=member.file_size,
                open=partial(_open_zipped, archive, member),
            )


def _tar_files(source: Path, suffixes: tuple[str, ...]) -> Iterator[SourceFile | BadRow]:
    with tarfile.open(source) as archive:
        for member in archive:
            if member.size > _HUGE:
                yield BadRow(file=source.name, row=None, reason="a member of more than 4 GiB; the rest is not read")
                return
            if not member.isfile() or not _wanted(member.name, suffixes):
                continue
            if not _is_inside(member.name):
                yield BadRow(file=source.name, row=None, reason="a member whose name would leave the archive")
                continue
            yield SourceFile(
                name=member.name.removeprefix("./"),
                size=member.size,
                open=partial(_open_tarred, archive, member),
            )


def _open_path(path: Path) -> BufferedReader:
    return path.open("rb")


def _open_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BufferedReader:
    return BufferedReader(cast(RawIOBase, archive.open(member)))


def _open_tarred(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BufferedReader:
    stream = archive.extractfile(member)
    if not isinstance(stream, BufferedReader):
        raise tarfile.TarError("no regular file")
    return stream


def _guarded(source: Path, files: Iterator[SourceFile | BadRow]) -> Iterator[SourceFile | BadRow]:
    try:
        yield from files
    except (OSError, *DAMAGED) as error:
        yield BadRow(
            file=source.name, row=None, reason=f"a damaged archive ({type(error).__name__}); the rest isn't read"
        )


def _is_tar(source: Path) -> bool:
    try:
        return tarfile.is_tarfile(source)
    except (OSError, *DAMAGED):
        return False


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in name[:2]


def _wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    base = PurePosixPath(name).name
    return not base.startswith(".") and (not suffixes or base.lower().endswith(suffixes))
