"""The leak audit: what a split's test cases share with the other splits, or with what the model was trained on.

Each check says how many it looked at, so that a count of 0 is a finding and not an absence. Examples are case ids,
never a patient's, never text. What is looked for and what can't be seen: docs/concepts/leaks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekin.evaluation.duplicates import near_duplicate_groups, shrink
from casekin.evaluation.training_sets import TrainingSet, Verdict, judge_case
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, StoredCase
from casekin.relevance.cases import states_finding
from casekin.reports.duplicates import find_duplicates, sketch

_EXAMPLES = 20
TESTED = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedCase:
    """What the audit needs of a case; None where it isn't known, an empty `split` where it belongs to none.

    `patient` is the key for exclusion (the group where there is one), `patient_id` the patient alone. `abnormal`: the
    report states a finding. `content`: SHA-256 of its images' pixels.
    """

    case_id: str
    split: str
    patient: str
    patient_id: str | None = None
    study: str | None = None
    accession: str | None = None
    source: str | None = None
    report: str | None = None
    abnormal: bool = False
    content: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One kind of leak: how many `units` were `examined`, how many lie in several splits, and some of them.

    `leak`: False where what is found is told but counts for nothing, as with reports that state no finding: these
    repeat each other by nature. `examples`: the first case of each split, by split.
    """

    name: str
    units: str
    examined: int
    count: int
    leak: bool
    examples: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakAudit:
    """All checks, and of the test cases how many the model saw, didn't see by its declaration, or may have seen.

    `splits`: cases of each; where there is none there are no checks either, as nothing can lie in two.
    `training`: counts by `seen`, `not_seen` and `unknown`; `seen`: examples of case id and data set.
    """

    splits: Mapping[str, int]
    checks: tuple[Check, ...]
    tested: str
    training: Mapping[str, int]
    training_sets: tuple[str, ...]
    seen: tuple[Mapping[str, str], ...] = ()

    @property
    def count(self) -> int:
        """Leaks in all: what the checks found (one thing may be found by several), and test cases trained on."""
        return sum(check.count for check in self.checks if check.leak) + self.training["seen"]

    @property
    def found(self) -> bool:
        """Whether there is any leak."""
        return self.count > 0

    def as_record(self) -> dict[str, Any]:
        """The JSON form, as the evaluation record has it under `leaks`."""
        return {
            "found": self.found,
            "count": self.count,
            "tested": self.tested,
            "splits": dict(self.splits),
            "checks": {
                check.name: {
                    "units": check.units,
                    "examined": check.examined,
                    "count": check.count,
                    "leak": check.leak,
                    "examples": [dict(example) for example in check.examples],
                }
                for check in self.checks
            },
            "training": {
                **self.training,
                "sets": list(self.training_sets),
                "examples": [dict(example) for example in self.seen],
            },
        }


def audit_index(
    index: CaseIndex,
    splits: Mapping[str, str] | None = None,
    *,
    training: Sequence[TrainingSet] | None = None,
    duplicates: Iterable[Collection[str]] | None = None,
    tested: str = TESTED,
) -> LeakAudit:
    """Audit the cases of an index that belong to a split; where none does, all of them by the model's training alone.

    `splits`: split by case id, such as `cases.jsonl` of mined qrels has it; None: the field `split` of the ingested
    manifest. `training`: what the model declares (`read_training_sets`), None where it declares nothing.
    `duplicates`: groups from `near_duplicate_groups` where the caller has them already. `tested`: see `audit_leaks`.
    """
    with index.snapshot():
        catalog = index.catalog()
        stored = index.cases(catalog.case_ids.all())
        content = index.content_hashes()
        known = {name: case.extra.get("split") for name, case in stored.items()} if splits is None else splits
        divided = any(known.get(name) for name in stored)
        cases = [
            _audited(case, str(known.get(name) or ""), content.get(name, ()))
            for name, case in stored.items()
            if known.get(name) or not divided
        ]
        groups = duplicates_of(index) if divided and duplicates is None else duplicates or ()
        return audit_leaks(cases, duplicates=groups, with_image=content.keys(), training=training, tested=tested)


def duplicates_of(
    index: CaseIndex, *, progress: Callable[[int, int], None] | None = None
) -> tuple[tuple[str, ...], ...]:
    """`near_duplicate_groups` over every image of an index."""
    image_ids, vectors = index.vectors_at(GLOBAL)
    if not len(image_ids):
        return ()
    catalog = index.catalog()
    names = [catalog.case_id(catalog.case_of_image[number]) for number in image_ids.tolist()]
    pictures = np.stack([shrink(image.preview) for image in index.images(image_ids.tolist())])
    return near_duplicate_groups(names, pictures, vectors, progress=progress)


def audit_leaks(
    cases: Sequence[AuditedCase],
    *,
    duplicates: Iterable[Collection[str]] = (),
    with_image: Collection[str] = (),
    training: Sequence[TrainingSet] | None = None,
    tested: str = TESTED,
) -> LeakAudit:
    """Audit cases, each with its split. `duplicates`: groups of cases that hold one exposure, of those `with_image`.

    `tested`: the split that is measured, whose cases mustn't be trained on; where no split is called so, all are.
    """
    ordered = sorted(cases, key=lambda case: case.case_id)
    splits = _counts(case.split for case in ordered if case.split)
    measured = [case for case in ordered if case.split == tested] or ordered
    verdicts = [(case, judge_case(case, training)) for case in measured]
    seen = [{"case_id": case.case_id, "data_set": v.data_set} for case, v in verdicts if v.data_set is not None]
    return LeakAudit(
        splits=splits,
        checks=_checks(ordered, duplicates, with_image) if splits else (),
        tested=tested,
        training=_training_counts(verdict for _, verdict in verdicts),
        training_sets=tuple(entry.data_set for entry in training or ()),
        seen=tuple(seen[:_EXAMPLES]),
    )


def _checks(
    ordered: Sequence[AuditedCase], duplicates: Iterable[Collection[str]], with_image: Collection[str]
) -> tuple[Check, ...]:
    """What several splits may share, kind by kind."""
    numbers = {case.case_id: number for number, case in enumerate(ordered)}
    alike = [[ordered[numbers[name]] for name in group if name in numbers] for group in duplicates]
    told = [case for case in ordered if case.report]
    worded = _same_wording(told)
    abnormal, other = (
        [[case for case in group if case.abnormal is kind] for group in worded] for kind in (True, False)
    )
    return (
        _shared("patients", "patients or groups", ordered, "patient"),
        _shared("patient_ids", "patient ids", ordered, "patient_id"),
        _shared("studies", "studies", ordered, "study"),
        _shared("accessions", "accession numbers", ordered, "accession"),
        _check("images", "cases with an image", len(numbers.keys() & set(with_image)), alike),
        _check("reports", "reports with a finding", sum(case.abnormal for case in told), abnormal),
        _check("normal_reports", "reports without", sum(not case.abnormal for case in told), other, leak=False),
    )


def _audited(case: StoredCase, split: str, content: tuple[str, ...]) -> AuditedCase:
    return AuditedCase(
        case_id=case.case_id,
        split=split,
        patient=case.patient,
        patient_id=case.patient_id,
        study=case.study_instance_uid,
        accession=case.accession_number,
        source=case.source,
        report=case.report,
        abnormal=any(map(states_finding, case.facts)),
        content=content,
    )


def _same_wording(cases: Sequence[AuditedCase]) -> list[list[AuditedCase]]:
    groups = find_duplicates(b"".join(sketch(case.report or "") for case in cases))
    return [[cases[number] for number in (group.leader, *group.members)] for group in groups]


def _shared(name: str, units: str, cases: Sequence[AuditedCase], field: str) -> Check:
    """A check that no value of a field is in several splits; cases without one aren't examined."""
    groups: dict[Hashable, list[AuditedCase]] = {}
    for case in cases:
        if (value := getattr(case, field)) is not None:
            groups.setdefault(value, []).append(case)
    return _check(name, units, len(groups), groups.values())


def _check(
    name: str, units: str, examined: int, groups: Iterable[Sequence[AuditedCase]], *, leak: bool = True
) -> Check:
    found = sorted(_across(groups), key=lambda example: sorted(example.values()))
    return Check(
        name=name, units=units, examined=examined, count=len(found), leak=leak, examples=tuple(found[:_EXAMPLES])
    )


def _across(groups: Iterable[Sequence[AuditedCase]]) -> Iterator[dict[str, str]]:
    """The first case of each split, of the groups that lie in several."""
    for group in groups:
        first: dict[str, str] = {}
        for case in sorted(group, key=lambda case: (case.split, case.case_id)):
            first.setdefault(case.split, case.case_id)
        if len(first) > 1:
            yield first


def _counts(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _training_counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    return {"seen": 0, "not_seen": 0, "unknown": 0} | _counts(verdict.status for verdict in verdicts)
