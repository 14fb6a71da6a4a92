"""What is trained on of an archive: frontal images, each with what its report states, by split; no truth, no test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from casekin.anatomy import is_lateral
from casekin.errors import InputError
from casekin.imaging import ManifestProblem, read_manifest
from casekin.training.ledger import IdLedger
from casekin.types import CaseRow, Fact, Place, StoredRegion

Split = Literal["train", "validation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCase:
    """One frontal image and its report. `facts` hold what the report implies to be absent, too; `image` is a path."""

    case_id: str
    patient: str
    split: Split
    image: Path
    regions: tuple[StoredRegion, ...]
    report: str
    facts: tuple[Fact, ...]
    normal_anatomies: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingArchive:
    """Cases of train and validation in the manifest's order; of test nothing but the ids in `ledger`.

    `left_out` counts rows by reason; `digests` are the SHA-256s of the files that were read.
    """

    train: tuple[TrainingCase, ...]
    validation: tuple[TrainingCase, ...]
    ledger: IdLedger
    left_out: Mapping[str, int]
    digests: Mapping[str, str]


def read_archive(manifest: Path, facts: Path, *, patients: int | None = None) -> TrainingArchive:
    """Join a manifest with the facts mined from it. `patients`: of train and of validation at most so many.

    A case without a mined report, an image that is no frontal radiograph and a second image of a case of validation are
    left out. The ledger holds validation and test out and knows all of train as seen. InputError when train or
    validation is empty, train states no finding, or a patient is in two splits.
    """
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (manifest, facts)}
    lines, test = _read_lines(facts)
    left_out = {"unreadable rows": 0, "test": 0, "without a mined report": 0, "not frontal": 0, "beyond the cap": 0}
    cases: dict[str, list[TrainingCase]] = {"train": [], "validation": []}
    for row in read_manifest(manifest):
        if isinstance(row, ManifestProblem):
            left_out["unreadable rows"] += 1
        elif row.case_id in test:
            left_out["test"] += 1
        elif row.case_id not in lines:
            left_out["without a mined report"] += 1
        elif not _is_frontal(row):
            left_out["not frontal"] += 1
        else:
            case = _case(row, lines[row.case_id], manifest.parent)
            cases[case.split].append(case)
    ledger = _ledger(digests, cases, test)
    kept = {split: _capped(found, patients) for split, found in cases.items()}
    left_out["beyond the cap"] = sum(len(cases[split]) - len(kept[split]) for split in cases)
    train, validation = kept["train"], _first_of_each(kept["validation"])
    _check(train, validation)
    return TrainingArchive(train=train, validation=validation, ledger=ledger, left_out=left_out, digests=digests)


def _read_lines(path: Path) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Mined lines of train and validation by case, and of test the patient of each case."""
    lines: dict[str, list[dict[str, Any]]] = {}
    test: dict[str, str] = {}
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            try:
                line = json.loads(text)
                case_id = str(line.get("case_id") or line["report_id"])
                if line["split"] == "test":
                    test[case_id] = str(line.get("patient_group") or line.get("patient_id") or case_id)
                else:
                    lines.setdefault(case_id, []).append(line)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise InputError(
                    f"{path.name} row {number}: expected a line of casekin mine with a split; mine the archive again"
                ) from None
    return lines, test


def _is_frontal(row: CaseRow) -> bool:
    return row.modality not in ("CT", "MR") and not is_lateral(row.view)


def _case(row: CaseRow, lines: Sequence[Mapping[str, Any]], folder: Path) -> TrainingCase:
    facts = [_fact(record) for line in lines for record in (*line["facts"], *line.get("implied", ()))]
    normal = [Place(anatomy=n["anatomy"], side=n["side"]) for line in lines for n in line["normal_anatomies"]]
    return TrainingCase(
        case_id=row.case_id,
        patient=row.patient_group or row.patient_id,
        split="validation" if lines[0]["split"] == "validation" else "train",
        image=folder / row.image,
        regions=row.regions,
        report=row.report or "",
        facts=tuple(facts),
        normal_anatomies=tuple(dict.fromkeys(normal)),
    )


def _fact(record: Mapping[str, Any]) -> Fact:
    span = record.get("span")
    return Fact(
        finding=record["finding"],
        anatomy=record["anatomy"],
        side=record["side"],
        polarity=record["polarity"],
        severity=record.get("severity"),
        size_mm=record.get("size_mm"),
        change=record.get("change"),
        sentence=record.get("sentence"),
        span=None if span is None else (span[0], span[1]),
    )


def _ledger(
    digests: Mapping[str, str], cases: Mapping[str, Sequence[TrainingCase]], test: Mapping[str, str]
) -> IdLedger:
    """The ledger of the whole archive; its salt follows from the data, so that the same data give the same bytes."""
    ledger = IdLedger(hashlib.sha256("".join(sorted(digests.values())).encode()).digest()[:16])
    ledger.hold_out("test", cases=test, patients=test.values())
    held = cases["validation"]
    ledger.hold_out("validation", cases=[c.case_id for c in held], patients=[c.patient for c in held])
    train = cases["train"]
    ledger.use(cases=[case.case_id for case in train], patients=[case.patient for case in train])
    return ledger


def _capped(cases: Sequence[TrainingCase], patients: int | None) -> tuple[TrainingCase, ...]:
    """The cases of so many patients, chosen by a hash of their id."""
    if patients is None:
        return tuple(cases)
    names = sorted({case.patient for case in cases}, key=lambda name: hashlib.sha256(name.encode()).digest())
    kept = set(names[:patients])
    return tuple(case for case in cases if case.patient in kept)


def _first_of_each(cases: Iterable[TrainingCase]) -> tuple[TrainingCase, ...]:
    first: dict[str, TrainingCase] = {}
    for case in cases:
        first.setdefault(case.case_id, case)
    return tuple(first.values())


def _check(train: Sequence[TrainingCase], validation: Sequence[TrainingCase]) -> None:
    if not train:
        raise InputError(
            "archive: expected frontal images with reports in the train split, got none; check manifest.jsonl"
        )
    if not validation:
        raise InputError(
            "archive: expected validation patients, by whom training is stopped, got none; give the manifest a split "
            "with train, validation and test, or more patients"
        )
    if not any(fact.polarity == "present" for case in train for fact in case.facts):
        raise InputError("archive: expected reports that state findings, got none in train; check the reports")
