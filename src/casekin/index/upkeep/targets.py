"""Where backups go: a folder, or an object store behind a URL. A name holds whole bytes or is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from casekin.durable import DRAFT, write_whole
from casekin.errors import DependencyError, IndexStoreError


class Target(Protocol):
    """Bytes by name; names have parts divided by `/`. Every method raises `IndexStoreError` where the place fails."""

    def read(self, name: str) -> bytes:
        """The bytes of a name that is there."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Put bytes under a name, durably: a reader sees all of them or what was there before."""
        ...

    def names(self, folder: str) -> list[str]:
        """The names that begin with `folder/`, sorted."""
        ...

    def remove(self, name: str) -> None:
        """Remove a name that is there."""
        ...


def open_target(place: str | Path) -> Target:
    """The target of a folder's path or of a URL like `s3://bucket/path`. Raises `DependencyError` without library."""
    return ObjectTarget(place) if isinstance(place, str) and "://" in place else FolderTarget(Path(place))


class FolderTarget:
    """Files under a folder, which is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        with _told("read"):
            return (self._folder / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        path = self._folder / name
        with _told("written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)

    def names(self, folder: str) -> list[str]:
        with _told("listed"):
            files = [path for path in (self._folder / folder).rglob("*") if path.is_file()]
            for path in files:
                if path.name.startswith(DRAFT):  # of a process that was killed
                    path.unlink()
        return sorted(str(path.relative_to(self._folder)) for path in files if not path.name.startswith(DRAFT))

    def remove(self, name: str) -> None:
        with _told("removed"):
            (self._folder / name).unlink()


class ObjectTarget:
    """Objects behind a URL that fsspec understands. Credentials come from where the store's own library looks."""

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs

            with _told("used"):
                self._files, self._root = url_to_fs(url)
        except ImportError as error:
            raise DependencyError(f"backup: {error.name or 'fsspec'} is needed: pip install 'casekin[s3]'") from error

    def read(self, name: str) -> bytes:
        with _told("read"):
            data: Any = self._files.cat_file(f"{self._root}/{name}")
            return bytes(data)

    def write(self, name: str, data: bytes) -> None:
        with _told("written"):
            self._files.pipe_file(f"{self._root}/{name}", data)

    def names(self, folder: str) -> list[str]:
        with _told("listed"):
            self._files.invalidate_cache()
            found = self._files.find(f"{self._root}/{folder}")
        return sorted(str(path).removeprefix(self._root).lstrip("/") for path in found)

    def remove(self, name: str) -> None:
        with _told("removed"):
            self._files.rm_file(f"{self._root}/{name}")


@contextmanager
def _told(verb: str) -> Iterator[None]:
    """Whatever a place's library raises becomes one error of ours; its text may hold a URL's credentials."""
    try:
        yield
    except ImportError:
        raise
    except FileNotFoundError as error:
        raise IndexStoreError("backup: expected a file that isn't there; make the backup again") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IndexStoreError(f"backup: the target can't be {verb}: {reason}; check space and rights") from error
    except Exception as error:
        reason = type(error).__name__
        raise IndexStoreError(f"backup: the target can't be {verb}: {reason}; check address and rights") from error
