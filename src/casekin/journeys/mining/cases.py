"""Mined lines → cases for relevance, and which of them ask in the qrels."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from casekin.journeys.mining.intake import Intake, encode_key
from casekin.journeys.mining.tally import Tally, patient_of_line
from casekin.relevance import CaseFindings, RelevanceTable
from casekin.relevance.trec import Split
from casekin.reports.duplicates import DuplicateGroup
from casekin.types import Fact, Place

_TRAIN_SHARE = 5
"""A fifth as many ask of train: its gallery is that much larger, and training draws from `relevance.npz`."""
_FEWEST = 100
_PAIRS = 1_000_000
"""Unasked, so many cases of a split ask that they and their gallery make a million pairs (all of a split of 1,000; some
100 MB of qrels), but at least a hundred."""


class ReportIds(NamedTuple):
    """What a line of `facts.jsonl` is called: the report, its case in qrels, the patient for exclusion, the split."""

    report_id: str
    case_id: str
    patient: str
    split: Split


def read_cases(path: Path, intake: Intake, tally: Tally, ids: list[ReportIds]) -> Iterator[CaseFindings]:
    """Every case once; reports are counted into `tally` and named in `ids` on the way.

    Cases of several reports come last, their facts joined.
    """
    joined: dict[str, CaseFindings] = {}
    with path.open(encoding="utf-8") as lines:
        for text in lines:
            line = json.loads(text)
            tally.add(line)
            case = _case(line)
            ids.append(ReportIds(line["report_id"], case.case_id, case.patient, line["split"]))
            if case.case_id not in intake.shared_cases:
                yield case
                continue
            first = joined.setdefault(case.case_id, case)
            if first is not case:
                joined[case.case_id] = replace(
                    first,
                    facts=first.facts + case.facts,
                    normal_anatomies=first.normal_anatomies + case.normal_anatomies,
                )
    yield from joined.values()


def choose_queries(
    table: RelevanceTable,
    splits: Mapping[str, Split],
    groups: Iterable[DuplicateGroup],
    ids: Sequence[ReportIds],
    most: int | None,
) -> tuple[dict[Split, list[str]], int]:
    """Cases with a finding that ask, and how many would but for a twin in another split.

    Up to `most` of validation and of test (None: as many as `_PAIRS` allows), chosen by a hash of their id, in the
    table's order. A case of validation or test whose report has a near-duplicate in another split doesn't ask: its
    answer may have been learnt by heart.
    """
    twins = set()
    for group in groups:
        members = [ids[number] for number in (group.leader, *group.members)]
        if len({member.split for member in members}) > 1:
            twins |= {member.case_id for member in members if member.split != "train"}
    chosen: dict[Split, list[str]] = {"train": [], "validation": [], "test": []}
    left_out = 0
    for number in table.abnormal(None).tolist():
        case_id = table.case_ids[number]
        if case_id in twins:
            left_out += 1
        else:
            chosen[splits[case_id]].append(case_id)
    galleries = Counter(splits.values())
    for split, cases in chosen.items():
        asked = max(_FEWEST, _PAIRS // max(galleries[split], 1)) if most is None else most
        count = -(-asked // _TRAIN_SHARE) if split == "train" else asked
        drawn = set(sorted(cases, key=lambda case: hashlib.sha256(case.encode()).digest())[:count])
        chosen[split] = [case for case in cases if case in drawn]
    return chosen, left_out


def _case(line: Mapping[str, Any]) -> CaseFindings:
    return CaseFindings(
        case_id=encode_key(line.get("case_id") or line["report_id"]),
        patient=patient_of_line(line),
        facts=tuple(
            Fact(
                finding=fact["finding"],
                anatomy=fact["anatomy"],
                side=fact["side"],
                polarity=fact["polarity"],
                severity=fact["severity"],
            )
            for fact in line["facts"]
        ),
        normal_anatomies=tuple(Place(anatomy=at["anatomy"], side=at["side"]) for at in line["normal_anatomies"]),
    )
