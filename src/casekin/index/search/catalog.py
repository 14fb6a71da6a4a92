"""The catalog: which image belongs to which case, and which case to which patient, as columns."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ARRAYS = ("case_of_image", "patient_number_of_case", "id_rank")
_STRINGS = ("case_ids", "patients")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings:
    """Many strings as one array of UTF-8; string `i` ends at byte `ends[i]`."""

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> str:
        start = 0 if number == 0 else self.ends.item(number - 1)
        return self.data[start : self.ends.item(number)].tobytes().decode()

    def place(self, text: str) -> int:
        """Where a string stands, or would, among strings in order."""
        return bisect_left(range(len(self)), text, key=self.__getitem__)

    def with_inserted(self, places: NDArray[np.int64], texts: Sequence[str]) -> Strings:
        """These strings and others, each before the one that stands at its place; places ascend."""
        new = _pack(texts)
        starts = np.concatenate([[0], self.ends])[places]
        data, cut = [], 0
        for start, text in zip(starts.tolist(), texts, strict=True):
            data += [self.data[cut:start], np.frombuffer(text.encode(), dtype=np.uint8)]
            cut = start
        lengths = np.insert(np.diff(self.ends, prepend=0), places, np.diff(new.ends, prepend=0))
        return Strings(data=np.concatenate([*data, self.data[cut:]]), ends=np.cumsum(lengths, dtype=np.int64))

    def all(self) -> list[str]:
        """Every string in order."""
        data, ends = self.data.tobytes(), self.ends.tolist()
        return [data[start:end].decode() for start, end in zip([0, *ends], ends, strict=False)]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """Dense arrays by image id and by case number, with 0 where nothing stands.

    `case_of_image[image_id]` is a case number; SQLite never gives out 0, so a mask over cases leaves an unused image id
    out. `patient_number_of_case` numbers patients from 1; `id_rank` orders cases by id, -1 where there is no case.
    `case_ids` are in that order, `patients` in the order of their numbers.
    """

    case_of_image: NDArray[np.int32]
    patient_number_of_case: NDArray[np.int32]
    id_rank: NDArray[np.int32]
    case_ids: Strings
    patients: Strings

    @property
    def size(self) -> int:
        """Length of a mask over case numbers: one more than the highest."""
        return len(self.id_rank)

    @cached_property
    def is_case(self) -> NDArray[np.bool_]:
        """Mask over case numbers of those in use."""
        return np.asarray(self.id_rank >= 0)

    def case_id(self, case_no: int) -> str:
        """The id of a stored case."""
        return self.case_ids[self.id_rank.item(case_no)]

    def patient(self, case_no: int) -> str:
        """The exclusion key of a stored case."""
        return self.patients[int(self.patient_number_of_case[case_no]) - 1]

    @cached_property
    def case_id_of_case(self) -> NDArray[Any]:
        """All case ids as objects by case number, "" where there is no case; slow to make on a large archive."""
        names = np.array([*self.case_ids.all(), ""], dtype=object)
        return names[self.id_rank]

    @cached_property
    def patient_of_case(self) -> NDArray[Any]:
        """All patients as objects by case number, "" where there is no case; slow to make on a large archive."""
        names = np.array(["", *self.patients.all()], dtype=object)
        return names[self.patient_number_of_case]


def read_catalog(connection: sqlite3.Connection) -> Catalog:
    """All cases and images of the store; both orders below come from SQLite's own indexes."""
    ids = connection.execute("SELECT case_no, case_id FROM cases ORDER BY case_id").fetchall()
    patients = connection.execute("SELECT case_no, patient FROM cases ORDER BY patient").fetchall()
    images = _integers(connection.execute("SELECT image_id, case_no FROM images").fetchall())
    numbers = np.array([row[0] for row in ids], dtype=np.int64)
    rank = np.full(int(numbers.max(initial=0)) + 1, -1, dtype=np.int32)
    rank[numbers] = np.arange(len(numbers), dtype=np.int32)
    patient_numbers = np.zeros(len(rank), dtype=np.int32)
    names: list[str] = []
    for case_no, patient in patients:
        if not names or names[-1] != patient:
            names.append(patient)
        patient_numbers[case_no] = len(names)
    case_of_image = np.zeros(int(images[:, 0].max(initial=0)) + 1, dtype=np.int32)
    case_of_image[images[:, 0]] = images[:, 1]
    return Catalog(
        case_of_image=case_of_image,
        patient_number_of_case=patient_numbers,
        id_rank=rank,
        case_ids=_pack([row[1] for row in ids]),
        patients=_pack(names),
    )


def changed_cases(connection: sqlite3.Connection, since: int) -> NDArray[np.int64] | None:
    """Numbers of the cases that were written or removed after line `since` of the journal, ascending.

    None where the journal doesn't go back that far.
    """
    last = last_line(connection)
    rows = connection.execute("SELECT case_no FROM journal WHERE seq > ?", (since,)).fetchall()
    return None if len(rows) < last - since else np.unique(np.array([row[0] for row in rows], dtype=np.int64))


def last_line(connection: sqlite3.Connection) -> int:
    """Number of the journal's last line, whether or not it is still there."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return 0 if row is None else int(row[0])


def update_catalog(connection: sqlite3.Connection, catalog: Catalog, changed: NDArray[np.int64]) -> Catalog | None:
    """The catalog after these cases were written; None where it has to be read anew.

    That is where one of them is gone or has another patient: what the catalog knows of either must go too.
    """
    asked = json.dumps(changed.tolist())
    query = "SELECT case_no, case_id, patient FROM json_each(?) JOIN cases ON case_no = value ORDER BY case_id"
    rows = connection.execute(query, (asked,)).fetchall()
    known = [row for row in rows if row[0] < catalog.size and catalog.id_rank[row[0]] >= 0]
    if len(rows) < len(changed) or any(catalog.patient(row[0]) != row[2] for row in known):
        return None
    added = [row for row in rows if row[0] >= catalog.size or catalog.id_rank[row[0]] < 0]
    places = np.array([catalog.case_ids.place(row[1]) for row in added], dtype=np.int64)
    size = max(catalog.size, 1 + max((row[0] for row in added), default=0))
    rank, patients = np.full(size, -1, dtype=np.int32), np.zeros(size, dtype=np.int32)
    shifted = catalog.id_rank + np.searchsorted(places, catalog.id_rank, side="right")
    rank[: catalog.size] = np.where(catalog.is_case, shifted, -1)
    patients[: catalog.size] = catalog.patient_number_of_case
    numbers: dict[str, int] = {}
    for offset, (case_no, _, patient) in enumerate(added):
        rank[case_no] = places[offset] + offset
        if patient not in numbers:
            numbers[patient] = _patient_number(connection, catalog, patient) or len(catalog.patients) + 1 + sum(
                number > len(catalog.patients) for number in numbers.values()
            )
        patients[case_no] = numbers[patient]
    new = [name for name, number in numbers.items() if number > len(catalog.patients)]
    return Catalog(
        case_of_image=_images_with(connection, catalog.case_of_image, changed, asked),
        patient_number_of_case=patients,
        id_rank=rank,
        case_ids=catalog.case_ids.with_inserted(places, [row[1] for row in added]),
        patients=catalog.patients.with_inserted(np.full(len(new), len(catalog.patients)), new),
    )


def _patient_number(connection: sqlite3.Connection, catalog: Catalog, patient: str) -> int:
    """The number of a patient of whom the catalog knows a case, else 0."""
    for (case_no,) in connection.execute("SELECT case_no FROM cases WHERE patient = ?", (patient,)):
        if case_no < catalog.size and catalog.id_rank[case_no] >= 0:
            return int(catalog.patient_number_of_case[case_no])
    return 0


def _images_with(
    connection: sqlite3.Connection, case_of_image: NDArray[np.int32], changed: NDArray[np.int64], asked: str
) -> NDArray[np.int32]:
    """Case numbers by image id, those of changed cases as they are now."""
    query = "SELECT image_id, case_no FROM json_each(?) JOIN images ON case_no = value"
    images = _integers(connection.execute(query, (asked,)).fetchall())
    result = np.zeros(max(len(case_of_image), int(images[:, 0].max(initial=0)) + 1), dtype=np.int32)
    result[: len(case_of_image)] = np.where(np.isin(case_of_image, changed), 0, case_of_image)
    result[images[:, 0]] = images[:, 1]
    return result


def write_catalog(folder: Path, catalog: Catalog) -> dict[str, Any]:
    """Write the columns as files; returns what `open_catalog` needs beside them: nothing."""
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(catalog, name))
    for name in _STRINGS:
        np.save(folder / f"{name}.npy", getattr(catalog, name).data)
        np.save(folder / f"{name}_ends.npy", getattr(catalog, name).ends)
    return {}


def open_catalog(folder: Path) -> Catalog:
    """The catalog that `write_catalog` wrote; the strings stay on disk and are read as they are needed."""
    columns: dict[str, Any] = {name: np.load(folder / f"{name}.npy") for name in _ARRAYS}
    for name in _STRINGS:
        data, ends = (np.load(folder / f"{name}{part}.npy", mmap_mode="r").view(np.ndarray) for part in ("", "_ends"))
        columns[name] = Strings(data=data, ends=ends)
    return Catalog(**columns)


def _integers(rows: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=2 * len(rows)).reshape(-1, 2)


def _pack(texts: Sequence[str]) -> Strings:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    return Strings(data=np.frombuffer(b"".join(encoded), dtype=np.uint8), ends=ends)
