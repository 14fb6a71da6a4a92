"""The card of an archive that something was measured on: who is in it, how it was labelled, on what terms, its limits.

Sections follow Gebru et al., "Datasheets for Datasets" (CACM 2021); the block at the top is that of data set cards on
the Hugging Face hub. Cells of fewer than 11 patients aren't told, as in `evaluation.slices`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casekin.errors import InputError
from casekin.evaluation.cards.model_card import leak_sentence
from casekin.evaluation.cards.numbers import count
from casekin.evaluation.slices import SMALLEST_CELL, label_queries, read_field
from casekin.findings import finding
from casekin.index import CaseIndex
from casekin.look import page_environment
from casekin.relevance import CaseFindings
from casekin.types import POLARITIES, CaseRow

HEADER_FIELDS = ("modality", "body_part", "view", "sex", "age", "site", "scanner", "source")
USES = (
    "To measure retrieval and to train on, within the licences above. Not to identify anyone, not to estimate how "
    "frequent a disease is: an archive is no sample of a population."
)
LIMITS = (
    "Who was examined here, with which machines, decides the figures; another hospital differs.",
    "Reports leave out what is normal or known, and follow the habits of those who write them.",
    "Patients are told apart by their ids alone: one person under two ids counts as two.",
)
_NOT_STATED = "not stated"
_PLACES_SHOWN = 3
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedArchive:
    """An archive as its card tells it: header fields of every image or case, findings of every case, splits by case id.

    `labels`: where findings come from, such as `{"reader": "casekin 0.1.0 rules-…", "grades": "2"}`.
    """

    name: str
    rows: tuple[CaseRow, ...]
    cases: tuple[CaseFindings, ...] = ()
    splits: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def describe_index(
    index: CaseIndex, *, name: str, splits: Mapping[str, str] | None = None, labels: Mapping[str, str] | None = None
) -> DescribedArchive:
    """The archive that an index holds. `name` is the card's title; `splits` None: the ingested manifest's `split`."""
    with index.snapshot():
        stored = index.cases(index.catalog().case_ids.all())
    told = {case_id: case.extra.get("split") for case_id, case in stored.items()} if splits is None else splits
    return DescribedArchive(
        name=name,
        rows=tuple(case.as_row() for case in stored.values()),
        cases=tuple(map(CaseFindings.of, stored.values())),
        splits={case_id: str(split) for case_id, split in told.items() if split and case_id in stored},
        labels=labels or {},
    )


def describe_rows(rows: Sequence[CaseRow]) -> dict[str, Any]:
    """What the card of any archive tells: `fields` (name, and rows of value, cases, patients), `licences` (licence,
    tier, rows), `uses`, `limits`, and `smallest`, the fewest patients that a count is told of."""
    return {
        "fields": [(name, cells) for name in HEADER_FIELDS if (cells := _cells(rows, name))],
        "licences": _licences(rows),
        "uses": USES,
        "limits": LIMITS,
        "smallest": SMALLEST_CELL,
    }


def render_data_set_card(archive: DescribedArchive, *, leaks: Mapping[str, Any] | None = None) -> str:
    """The card of an archive, with the record of its leak audit (`LeakAudit.as_record`) if there is one.

    `casekin evaluate` writes it as `data_card.md`.
    The same arguments give the same text. Nothing in it is of one patient; names are shown, never obeyed.
    """
    environment = page_environment(__package__, escape=False)
    environment.filters["yaml"] = lambda value: json.dumps(value, ensure_ascii=False)
    patients = {row.case_id: _patient(row) for row in archive.rows}
    told = describe_rows(archive.rows)
    licences = told["licences"]
    view = told | {
        "archive": archive,
        "licence": licences[0][0].lower() if len(licences) == 1 and licences[0][0] != _NOT_STATED else "other",
        "size": next((name for most, name in _SIZES if len(patients) < most), "n>1M"),
        "images": len(archive.rows),
        "n_cases": len(patients),
        "patients": len(set(patients.values())),
        "splits": _splits(archive, patients),
        "polarities": POLARITIES,
        "findings": _findings(archive.cases),
        "without_finding": sum(not any(f.polarity == "present" for f in case.facts) for case in archive.cases),
        "leaks": leak_sentence(leaks),
    }
    text = environment.get_template("data_set_card.md.j2").render(view)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _patient(row: CaseRow) -> str:
    return row.patient_group or row.patient_id


def _splits(archive: DescribedArchive, patients: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Split, cases and patients; what belongs to none is `none`."""
    members: dict[str, list[str]] = {}
    for case_id in patients:
        members.setdefault(archive.splits.get(case_id, "none"), []).append(case_id)
    return [
        (split, count(len(cases)), count(len({patients[case_id] for case_id in cases})))
        for split, cases in sorted(members.items())
        if archive.splits
    ]


def _cells(rows: Sequence[CaseRow], name: str) -> list[tuple[str, str, str]]:
    """Value, cases and patients of a header field; empty where no case has it, or it is no code or name."""
    first = {row.case_id: row for row in rows}
    try:
        labels = label_queries(list(first), read_field(rows, name), name)
    except InputError:
        return []
    cases, people = Counter(labels), _people(zip(labels, map(_patient, first.values()), strict=True))
    return [(label, _counted(cases[label], people[label]), _counted(people[label], people[label])) for label in people]


def _people(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Patients by label, labels sorted."""
    found: dict[str, set[str]] = {}
    for label, patient in pairs:
        found.setdefault(label, set()).add(patient)
    return {label: len(patients) for label, patients in sorted(found.items())}


def _counted(number: int, patients: int) -> str:
    """A count, or that it is of too few patients to be told."""
    return count(number) if patients >= SMALLEST_CELL or not number else f"< {SMALLEST_CELL} patients"


def _licences(rows: Sequence[CaseRow]) -> list[tuple[str, str, str]]:
    """Licence, tier and rows, the most frequent first."""
    counts = Counter((row.licence or _NOT_STATED, str(row.extra.get("licence_tier") or _NOT_STATED)) for row in rows)
    return [(*terms, count(number)) for terms, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _findings(cases: Sequence[CaseFindings]) -> list[tuple[str, ...]]:
    """Every finding that is spoken of, the one present most often first: name, cases by polarity, patients, places."""
    spoken: Counter[tuple[str, str]] = Counter()
    people: dict[tuple[str, str], set[str]] = {}
    places: dict[str, Counter[str]] = {}
    for case in cases:
        for key in {(fact.finding, fact.polarity) for fact in case.facts}:
            spoken[key] += 1
            people.setdefault(key, set()).add(case.patient)
        for name, place in {(fact.finding, str(fact.place)) for fact in case.facts if fact.polarity == "present"}:
            places.setdefault(name, Counter())[place] += 1
    names = sorted({name for name, _ in spoken}, key=lambda name: (-spoken[name, "present"], name))
    rows = []
    for name in names:
        patients = {polarity: len(people.get((name, polarity), ())) for polarity in POLARITIES}
        counts = [_counted(spoken[name, polarity], patients[polarity]) for polarity in POLARITIES]
        most = sorted(places.get(name, {}).items(), key=lambda item: (-item[1], item[0]))[:_PLACES_SHOWN]
        told = ", ".join(place.replace("_", " ") for place, _ in most) if patients["present"] >= SMALLEST_CELL else ""
        rows.append((finding(name).name, *counts, _counted(patients["present"], patients["present"]), told))
    return rows
