"""Backups: manifests over content-addressed chunks, so that a second one writes only what has changed.

A target holds `manifests/NAME.json` and `chunks/`: everything under a name that is its BLAKE2b. A manifest is written
last, so a backup is whole or isn't there, and what a killed one has written is found by the next.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from casekin.errors import IndexStoreError
from casekin.index.store.connection import transaction
from casekin.index.store.schema import FORMAT_VERSION, read_meta
from casekin.index.upkeep.chunks import drop_cases, read_chunk, read_names, read_settings, read_states
from casekin.index.upkeep.files import Files, put_files
from casekin.index.upkeep.targets import Target

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of cases: its state (see `chunks`), its name in the target, and marks of the cases and patients in it."""

    state: str
    name: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One state of an index: `chunks` by their numbers.

    `number` counts a target's states; `archive` names the index by its site key, of which `key` is the name in the
    target. `files` are what lay beside the store, as names of pieces; states of before there were any have none.
    """

    name: str
    number: int
    format: int
    archive: str
    index_version: str
    cases: int
    images: int
    key: str
    settings: str
    chunks: Mapping[int, Chunk]
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def used(self) -> set[str]:
        """Names of all that this state needs."""
        pieces = (piece for pieces in self.files.values() for piece in pieces)
        return {self.key, self.settings, *(chunk.name for chunk in self.chunks.values()), *pieces}

    @property
    def digest(self) -> str:
        """BLAKE2b of all of it."""
        return _name_of(json.dumps(asdict(self), sort_keys=True).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """What a backup did: the state's name, chunks in all, those written, their bytes, and older ones dropped."""

    name: str
    cases: int
    chunks: int
    written: int
    written_bytes: int
    dropped: int

    def as_record(self) -> dict[str, object]:
        return asdict(self)


def back_up(
    connection: sqlite3.Connection, *, key: bytes, target: Target, name: str | None = None, keep: int | None = None,
    files: Files = (),
) -> BackupSummary:  # fmt: skip
    """Write the store as it is now to a target: what the target lacks, and a manifest.

    `files` lie beside the store; they are listed after the store was read, so what it speaks of is among them.
    `name` is the next number without one; `keep` drops all but the latest so many states. Raises `IndexStoreError`
    where the name is taken, the target holds another archive, or it fails.
    """
    manifests = read_manifests(target)
    archive = hashlib.blake2b(key, digest_size=16).hexdigest()
    if any(known.archive != archive for known in manifests):
        raise IndexStoreError("backup: expected a target of this archive, got another archive's; choose another target")
    number = max((known.number for known in manifests), default=0) + 1
    name = f"{number:06d}" if name is None else name
    if not _NAME.fullmatch(name) or any(known.name == name for known in manifests):
        raise IndexStoreError(f"backup: expected a new name of letters, digits and -_. , got {name!r}; choose another")
    there = _Written(target)
    with transaction(connection, "DEFERRED"):
        count = "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM images)"
        cases, images = connection.execute(count).fetchone()
        chunks = {place: chunk for manifest in manifests for place, chunk in manifest.chunks.items()}
        states = read_states(connection)
        for place, state in states.items():
            if place not in chunks or chunks[place].state != state or not there.has(chunks[place].name):
                data = read_chunk(connection, place)
                chunks[place] = Chunk(state=state, name=there.put(data), marks=_marks_in(data, key))
        manifest = Manifest(
            name=name, number=number, format=FORMAT_VERSION, archive=archive, cases=cases, images=images,
            chunks={place: chunks[place] for place in states},
            index_version=f"{read_meta(connection, 'format')}.{read_meta(connection, 'generation')}",
            key=there.put(key), settings=there.put(read_settings(connection)),
        )  # fmt: skip
    known = {name: pieces for state in manifests for name, pieces in state.files.items() if all(map(there.has, pieces))}
    manifest = replace(manifest, files=put_files(files, known=known, put=there.put))
    write_manifest(target, manifest)
    kept = [*manifests, manifest][-keep if keep else 0 :]
    for old in manifests:
        if old not in kept:
            target.remove(f"manifests/{old.name}.json")
    return BackupSummary(
        name=name,
        cases=cases,
        chunks=len(manifest.used),
        written=there.count,
        written_bytes=there.bytes,
        dropped=drop_unused(target, kept),
    )


def read_manifests(target: Target) -> list[Manifest]:
    """All whole states of a target, oldest first. Raises `IndexStoreError` where one is damaged."""
    found = [_read_manifest(target, name) for name in target.names("manifests")]
    return sorted(found, key=lambda manifest: (manifest.number, manifest.name))


def find_manifest(target: Target, name: str | None) -> Manifest:
    """The state of a name, the latest without one. Raises `IndexStoreError` where there is none."""
    manifests = read_manifests(target)
    for manifest in reversed(manifests):
        if name in (None, manifest.name):
            return manifest
    known = ", ".join(manifest.name for manifest in manifests) or "none"
    raise IndexStoreError(f"backup: expected the name of a stored state ({known}), got {name!r}")


def write_manifest(target: Target, manifest: Manifest) -> None:
    """Write a manifest, in place of the one of its name."""
    record = json.dumps(asdict(manifest), sort_keys=True)
    account = {"digest": _name_of(record.encode()), "manifest": record}
    target.write(f"manifests/{manifest.name}.json", json.dumps(account).encode())


def remove_state(target: Target, name: str) -> int:
    """Drop a state and what no other needs; returns how many chunks. Raises `IndexStoreError` where there is none."""
    manifest = find_manifest(target, name)
    target.remove(f"manifests/{manifest.name}.json")
    return drop_unused(target, [known for known in read_manifests(target) if known.name != name])


def drop_unused(target: Target, manifests: list[Manifest]) -> int:
    """Drop the chunks that none of the target's states needs; returns how many."""
    used = set().union(*(manifest.used for manifest in manifests))
    gone = [name for name in target.names("chunks") if name.rpartition("/")[2] not in used]
    for name in gone:
        target.remove(name)
    return len(gone)


def fetch(target: Target, name: str) -> bytes:
    """A chunk's bytes. Raises `IndexStoreError` where they are not what was written."""
    data = target.read(_path(name))
    if _name_of(data) != name:
        raise IndexStoreError(f"backup: chunk {name} is damaged; use another state or another backup")
    return data


def marks_of(key: bytes, *, case_ids: Iterable[str] = (), patients: Iterable[str] = ()) -> frozenset[str]:
    """What manifests call cases and (pseudonymous) patients: BLAKE2b under the site key, so that they tell no id."""
    named = [*(f"case {case_id}" for case_id in case_ids), *(f"patient {patient}" for patient in patients)]
    return frozenset(hashlib.blake2b(name.encode(), key=key, digest_size=8).hexdigest() for name in named)


def states_with(target: Target, marks: Collection[str]) -> list[str]:
    """Names of the states that hold a case or patient of these marks."""
    return [
        manifest.name
        for manifest in read_manifests(target)
        if any(not set(marks).isdisjoint(chunk.marks) for chunk in manifest.chunks.values())
    ]


def drop_marked(target: Target, marks: Collection[str], *, key: bytes) -> None:
    """Take the cases of these marks out of every state of a target, and drop what no state needs then."""
    for manifest in read_manifests(target):
        changed = dict(manifest.chunks)
        for place, chunk in manifest.chunks.items():
            if not set(marks).isdisjoint(chunk.marks):
                left = _without(fetch(target, chunk.name), marks, key)
                name = _Written(target).put(left)
                # A state of its own: a restore takes this chunk, whatever the store holds then.
                changed[place] = Chunk(state=f"without {name}", name=name, marks=_marks_in(left, key))
        if changed != manifest.chunks:
            write_manifest(target, replace(manifest, chunks=changed))
    drop_unused(target, read_manifests(target))


def _without(chunk: bytes, marks: Collection[str], key: bytes) -> bytes:
    names = read_names(chunk).items()
    gone = {
        number
        for number, (case_id, *patients) in names
        if marks_of(key, case_ids=[case_id], patients=patients) & set(marks)
    }
    return drop_cases(chunk, gone)


def _marks_in(chunk: bytes, key: bytes) -> tuple[str, ...]:
    found = (marks_of(key, case_ids=[case_id], patients=patients) for case_id, *patients in read_names(chunk).values())
    return tuple(sorted(frozenset().union(*found)))


class _Written:
    """What a target holds, and what this backup adds."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._names = {name.rpartition("/")[2] for name in target.names("chunks")}
        self.count = self.bytes = 0

    def has(self, name: str) -> bool:
        return name in self._names

    def put(self, data: bytes) -> str:
        """Write what the target lacks; returns its name."""
        name = _name_of(data)
        if name not in self._names:
            self._target.write(_path(name), data)
            self._names.add(name)
            self.count, self.bytes = self.count + 1, self.bytes + len(data)
        return name


def _name_of(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def _path(name: str) -> str:
    return f"chunks/{name[:2]}/{name}"


def _read_manifest(target: Target, path: str) -> Manifest:
    try:
        account = json.loads(target.read(path))
        record = account["manifest"]
        if _name_of(record.encode()) != account["digest"]:
            raise ValueError
        fields = json.loads(record)
        chunks = {
            int(place): Chunk(**{**chunk, "marks": tuple(chunk["marks"])})
            for place, chunk in fields.pop("chunks").items()
        }
        files = {name: tuple(pieces) for name, pieces in fields.pop("files", {}).items()}
        return Manifest(**fields, chunks=chunks, files=files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexStoreError(f"backup: {path} is damaged; remove it, then use another state") from error
