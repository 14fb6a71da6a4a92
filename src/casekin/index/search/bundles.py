"""Derived files: folders of files that are whole, unharmed and of this store, or are not there.

A bundle `NAME.TOKEN` holds its files and `bundle.json`: what it was derived from, and the SHA-256 of every file. It is
written beside the others under a name of its own and renamed when it is durable, so a reader never meets half of one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.durable import sync

_ACCOUNT = "bundle.json"
_DRAFT = "draft-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A checked bundle: its folder, and the facts it was written with."""

    path: Path
    facts: Mapping[str, Any]


def write_bundle(
    folder: Path, name: str, *, origin: Mapping[str, Any], fill: Callable[[Path], Mapping[str, Any]]
) -> Bundle | None:
    """Write a bundle in place of the earlier ones of its name; None where nothing can be written there.

    `origin` says what it is derived from; `fill` writes the files into a folder and returns further facts.
    """
    draft = folder / f"{_DRAFT}{secrets.token_hex(8)}"
    try:
        draft.mkdir(parents=True)
        facts = dict(fill(draft))
        sums = {path.name: _checksum(path) for path in sorted(draft.iterdir())}
        account = {"origin": dict(origin), "facts": facts, "files": sums}
        (draft / _ACCOUNT).write_text(json.dumps(account, sort_keys=True), encoding="utf-8")
        for path in (*draft.iterdir(), draft):
            sync(path)
        bundle = draft.rename(folder / f"{name}.{secrets.token_hex(8)}")
        sync(folder)
    except OSError:  # a full disk or a folder that may only be read: what is derived then lives in memory
        shutil.rmtree(draft, ignore_errors=True)
        return None
    for path in _bundles(folder, name):
        if path != bundle:
            _remove(path)
    return Bundle(path=bundle, facts=facts)


def remove_drafts(folder: Path) -> None:
    """Remove what killed processes left; no other process may be writing bundles there."""
    for path in folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(path, ignore_errors=True)


def remove_bundles(folder: Path) -> None:
    """Remove the folder and all in it, also while other processes remove some. Raises `OSError` where that fails.

    Killed on the way, what is left is a whole bundle or a draft.
    """
    while folder.exists():
        with suppress(FileNotFoundError):
            for path in folder.glob("*.*"):
                path.rename(path.with_name(f"{_DRAFT}{secrets.token_hex(8)}"))
            shutil.rmtree(folder)


def _remove(bundle: Path) -> None:
    """Remove a bundle: killed on the way, what is left of it is no bundle."""
    with suppress(OSError):
        bundle = bundle.rename(bundle.with_name(f"{_DRAFT}{secrets.token_hex(8)}"))
    shutil.rmtree(bundle, ignore_errors=True)


def find_bundle(folder: Path, name: str, *, origin: Mapping[str, Any]) -> Bundle | None:
    """The bundle of this name and origin, every file of it checked; None where there is none."""
    for path in _bundles(folder, name):
        try:
            account = json.loads((path / _ACCOUNT).read_text(encoding="utf-8"))
            if account["origin"] == dict(origin) and not damaged_files(path):
                return Bundle(path=path, facts=account["facts"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def damaged_files(bundle: Path) -> list[str]:
    """Names of a bundle's files that are missing or are not what was written; sorted."""
    try:
        sums = json.loads((bundle / _ACCOUNT).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return [_ACCOUNT]
    return [name for name, expected in sorted(sums.items()) if not _is_intact(bundle / name, expected)]


def _is_intact(path: Path, expected: str) -> bool:
    try:
        return _checksum(path) == expected
    except OSError:
        return False


def _bundles(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}.*"))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
