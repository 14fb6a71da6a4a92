"""The catalog: which image belongs to which case, and which case to which patient, as columns."""

from __future__ import annotations

import sqlite3
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
        start = 0 if number == 0 else int(self.ends[number - 1])
        return self.data[start : int(self.ends[number])].tobytes().decode()

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
        return self.case_ids[int(self.id_rank[case_no])]

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
