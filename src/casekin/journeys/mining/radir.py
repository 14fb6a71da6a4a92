"""Graded relevance in RadIR's layout, so that what trains on its tables can train on ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.journeys.mining.intake import Intake, case_key
from casekin.relevance import RelevanceTable
from casekin.relevance.trec import SPLITS, Split
from casekin.reports.formats import LOADERS, RegionTable, SourceReport, write_radir
from casekin.types import Place

_MOST = 2000
"""Cases of a split: a table of float32 takes 16 MB at this size, and there are 29 a split."""


def export_radir(
    source: Path, intake: Intake, table: RelevanceTable, splits: Mapping[str, Split], folder: Path
) -> None:
    """Write the reports and one square table for each located place and split: grade / 3, a case with itself 1.

    Up to `_MOST` cases of a split, chosen by a hash of their id. Only cases whose report speaks of the place are in
    its table, so that a 0 there is a judged one. Pairs of one patient are 0.
    """
    kept = {split: _chosen(table, splits, split) for split in SPLITS}
    texts: dict[str, str] = {}
    wanted = {case for cases in kept.values() for case in cases}
    for row in LOADERS[intake.format.format](source):
        if isinstance(row, SourceReport) and case_key(row) in wanted:
            texts.setdefault(case_key(row), row.text)
    for split, cases in kept.items():
        part = table.subset([table.number(case) for case in cases])
        write_radir(folder, split=split, reports=[(case, texts[case]) for case in cases], regions=_regions(part))


def _chosen(table: RelevanceTable, splits: Mapping[str, Split], split: Split) -> list[str]:
    cases = [case for case in table.case_ids if splits[case] == split]
    drawn = set(sorted(cases, key=lambda case: hashlib.sha256(case.encode()).digest())[:_MOST])
    return [case for case in cases if case in drawn]


def _regions(table: RelevanceTable) -> Iterator[RegionTable]:
    for place in LOCATIONS:
        judged = table.judged(place)
        if len(judged) > 1:
            names = tuple(table.case_ids[number] for number in judged.tolist())
            yield RegionTable(anatomy=str(place), names=names, values=_values(table, place, judged))


def _values(table: RelevanceTable, place: Place, judged: NDArray[np.int32]) -> NDArray[np.float32]:
    column = {number: position for position, number in enumerate(judged.tolist())}
    values = np.eye(len(judged), dtype=np.float32)
    for row, number in enumerate(judged.tolist()):
        cases, grades = table.relevant(table.case_ids[number], place)
        values[row, [column[case] for case in cases.tolist()]] = grades / np.float32(3)
    return values
