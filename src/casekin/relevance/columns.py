"""Columns of a relevance table: cases, their distinct statements, and who makes which; built, cut, written, read."""

from __future__ import annotations

import json
import zipfile
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import anatomy
from casekin.errors import CasekinError, InputError
from casekin.findings import ancestors
from casekin.relevance.cases import CaseFindings, cleared_places, states_finding
from casekin.types import SEVERITIES, Fact, Place

_FORMAT = "casekin relevance table 1"
_ARRAYS = ("case_patients", "case_starts", "case_signatures", "cleared_starts", "cleared_cases")


class Signature(NamedTuple):
    """What decides the grade of a present or uncertain fact; `severity` counts from 0, -1 where none is stated."""

    finding: str
    place: Place
    severity: int
    uncertain: bool

    @classmethod
    def of(cls, fact: Fact) -> Signature:
        """The signature of a fact that isn't absent. FindingError or PlaceError when an id is unknown."""
        ancestors(fact.finding), anatomy(fact.anatomy)
        severity = -1 if fact.severity is None else SEVERITIES.index(fact.severity)
        return cls(fact.finding, fact.place, severity, fact.polarity == "uncertain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Cases by number, signatures by code, places by code. Compressed rows: `x[starts[i] : starts[i + 1]]` belong to i.

    `case_patients` int32 `(cases,)` are codes of `patients`; `case_signatures` int32 are codes by case,
    `signature_cases` int32 the same pairs by signature; `cleared_cases` int32 are cases by the place that they call
    normal or free of something; `*_of` describe signatures; all `*_starts` are int64.
    """

    case_ids: tuple[str, ...]
    patients: tuple[str, ...]
    signatures: tuple[Signature, ...]
    findings: tuple[str, ...]
    places: tuple[Place, ...]
    case_patients: NDArray[np.int32]
    case_starts: NDArray[np.int64]
    case_signatures: NDArray[np.int32]
    cleared_starts: NDArray[np.int64]
    cleared_cases: NDArray[np.int32]
    signature_starts: NDArray[np.int64]
    signature_cases: NDArray[np.int32]
    findings_of: NDArray[np.int16]
    places_of: NDArray[np.int32]
    severities_of: NDArray[np.int8]
    uncertain_of: NDArray[np.bool_]


def build_columns(cases: Iterable[CaseFindings]) -> Columns:
    """Columns of cases in the order given; see `RelevanceTable.build`."""
    ids: dict[str, int] = {}
    patients: dict[str, int] = {}
    signatures: dict[Signature, int] = {}
    places: dict[Place, int] = {}
    known: dict[tuple[Any, ...], int] = {}
    case_patients, stated_by, stated, clearing, cleared = (array("i") for _ in range(5))
    for number, case in enumerate(cases):
        if ids.setdefault(case.case_id, number) != number:
            raise InputError(f"case_id: expected each case once, got {case.case_id[:80]!r} twice; merge its reports")
        case_patients.append(patients.setdefault(case.patient, len(patients)))
        codes = {_code(fact, signatures, known) for fact in case.facts if states_finding(fact)}
        stated.extend(sorted(codes))
        stated_by.extend([number] * len(codes))
        for place in cleared_places(case):
            if place not in places:
                places[_known_place(place)] = len(places)
            cleared.append(places[place])
            clearing.append(number)
    return _assemble(
        case_ids=tuple(ids),
        patients=tuple(patients),
        signatures=tuple(signatures),
        cleared_places_in_order=tuple(places),
        case_patients=_int32(case_patients),
        stated=(_int32(stated_by), _int32(stated)),
        cleared=(_int32(clearing), _int32(cleared)),
    )


def select_cases(columns: Columns, numbers: NDArray[np.int32]) -> Columns:
    """The columns of some cases, numbered anew in the order given, without what no one of them states."""
    order = np.argsort(numbers, kind="stable").astype(np.int32)
    renumbered = np.full(len(columns.case_ids), -1, dtype=np.int32)
    renumbered[numbers[order]] = order
    stated_by = np.repeat(np.arange(len(numbers), dtype=np.int32), np.diff(columns.case_starts)[numbers])
    stated = columns.case_signatures[_rows(columns.case_starts, numbers)]
    used, recoded = np.unique(stated, return_inverse=True)
    clearing = renumbered[columns.cleared_cases]
    cleared = np.repeat(np.arange(len(columns.places), dtype=np.int32), np.diff(columns.cleared_starts))
    kept = clearing >= 0
    patients, case_patients = np.unique(columns.case_patients[numbers], return_inverse=True)
    return _assemble(
        case_ids=tuple(columns.case_ids[number] for number in numbers.tolist()),
        patients=tuple(columns.patients[code] for code in patients.tolist()),
        signatures=tuple(columns.signatures[code] for code in used.tolist()),
        cleared_places_in_order=columns.places,
        case_patients=case_patients.astype(np.int32),
        stated=(stated_by, recoded.astype(np.int32)),
        cleared=(clearing[kept], cleared[kept]),
    )


def write_columns(path: Path, columns: Columns) -> None:
    """One compressed `.npz` without pickled objects: what can't be derived again, and the words as JSON."""
    words = {
        "format": _FORMAT,
        "case_ids": columns.case_ids,
        "patients": columns.patients,
        "places": [[place.anatomy, place.side] for place in columns.places],
        "signatures": [[s.finding, s.place.anatomy, s.place.side, s.severity, s.uncertain] for s in columns.signatures],
    }
    raw = np.frombuffer(json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode(), dtype=np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, words=raw, **{name: getattr(columns, name) for name in _ARRAYS})


def read_columns(path: Path) -> Columns:
    """What `write_columns` wrote; InputError when the file is anything else."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            words = json.loads(stored["words"].tobytes())
            if words["format"] != _FORMAT:
                raise ValueError(words["format"])
            arrays = {name: stored[name] for name in _ARRAYS}
        places = tuple(Place(anatomy=name, side=side) for name, side in words["places"])
        starts, cleared_starts = arrays["case_starts"], arrays["cleared_starts"]
        return _assemble(
            case_ids=tuple(words["case_ids"]),
            patients=tuple(words["patients"]),
            signatures=tuple(_signature(row) for row in words["signatures"]),
            cleared_places_in_order=places,
            case_patients=arrays["case_patients"],
            stated=(_owners(starts), arrays["case_signatures"]),
            cleared=(arrays["cleared_cases"], _owners(cleared_starts)),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, CasekinError) as error:
        raise InputError(
            f"relevance table: expected a file of format {_FORMAT!r}, got {path.name}; build it anew from facts"
        ) from error


def gather(starts: NDArray[np.int64], values: NDArray[np.int32], owners: NDArray[np.intp]) -> NDArray[np.int32]:
    """The values of several owners of compressed rows, one after the other."""
    return values[_rows(starts, owners)]


def _rows(starts: NDArray[np.int64], owners: NDArray[Any]) -> NDArray[np.int64]:
    counts = starts[owners + 1] - starts[owners]
    ends: NDArray[np.int64] = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0, dtype=np.int64)
    rows: NDArray[np.int64] = within + np.repeat(starts[owners] - ends + counts, counts)
    return rows


def _assemble(
    *,
    case_ids: tuple[str, ...],
    patients: tuple[str, ...],
    signatures: tuple[Signature, ...],
    cleared_places_in_order: tuple[Place, ...],
    case_patients: NDArray[np.int32],
    stated: tuple[NDArray[np.int32], NDArray[np.int32]],
    cleared: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> Columns:
    """Columns from pairs (case, signature), ordered by case, and (case, place), in any order."""
    places = tuple(dict.fromkeys([*cleared_places_in_order, *(s.place for s in signatures)]))
    place_codes = {place: code for code, place in enumerate(places)}
    findings = tuple(dict.fromkeys(s.finding for s in signatures))
    finding_codes = {finding: code for code, finding in enumerate(findings)}
    by_signature = np.argsort(stated[1], kind="stable")
    by_place = np.lexsort((cleared[0], cleared[1]))
    return Columns(
        case_ids=case_ids,
        patients=patients,
        signatures=signatures,
        findings=findings,
        places=places,
        case_patients=case_patients,
        case_starts=_starts(stated[0], len(case_ids)),
        case_signatures=stated[1],
        cleared_starts=_starts(cleared[1], len(places)),
        cleared_cases=cleared[0][by_place],
        signature_starts=_starts(stated[1], len(signatures)),
        signature_cases=stated[0][by_signature],
        findings_of=np.array([finding_codes[s.finding] for s in signatures], dtype=np.int16),
        places_of=np.array([place_codes[s.place] for s in signatures], dtype=np.int32),
        severities_of=np.array([s.severity for s in signatures], dtype=np.int8),
        uncertain_of=np.array([s.uncertain for s in signatures], dtype=np.bool_),
    )


def _starts(owners: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int64)


def _owners(starts: NDArray[np.int64]) -> NDArray[np.int32]:
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def _code(fact: Fact, signatures: dict[Signature, int], known: dict[tuple[Any, ...], int]) -> int:
    key = (fact.finding, fact.anatomy, fact.side, fact.severity, fact.polarity)
    code = known.get(key)
    if code is None:
        code = known[key] = signatures.setdefault(Signature.of(fact), len(signatures))
    return code


def _known_place(place: Place) -> Place:
    anatomy(place.anatomy)
    return place


def _signature(row: Sequence[Any]) -> Signature:
    finding, name, side, severity, uncertain = row
    ancestors(finding), anatomy(name)
    return Signature(finding, Place(anatomy=name, side=side), severity, uncertain)


def _int32(values: array[int]) -> NDArray[np.int32]:
    return np.frombuffer(values, dtype=np.int32) if len(values) else np.zeros(0, dtype=np.int32)
