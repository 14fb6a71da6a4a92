"""The differential board: which findings reports of the first hits state at the region, beside the archive's rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekin.index import CaseIndex, StoredCase
from casekin.retrieval.interval import wilson
from casekin.retrieval.steer.stated import FEWEST, Spot, polarities, reads_normal, stating, told
from casekin.types import Polarity

_WAYS: tuple[Polarity, ...] = ("present", "uncertain", "absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A finding at the region: how many hits' reports state it how, and its share of them.

    `share` weighs a hit by its rank as nDCG does, `low` and `high` are Wilson's 95 % interval for as many hits as those
    weights are worth (Kish); `base` is the share of the archive's reports, `lift` share over base.
    """

    finding: str
    present: int
    uncertain: int
    absent: int
    not_stated: int
    share: float
    low: float
    high: float
    base: float

    @property
    def is_told(self) -> bool:
        """Whether enough hits state it for numbers beside its name."""
        return self.present >= FEWEST

    @property
    def lift(self) -> float | None:
        return self.share / self.base if self.base > 0 else None

    def as_record(self) -> dict[str, Any]:
        """Small counts as "<5", and with them whatever would give one away."""
        counts = [self.present, self.uncertain, self.absent, self.not_stated]
        shown: list[int | str | None] = [told(count) for count in counts]
        small = [k for k, count in enumerate(counts) if 0 < count < FEWEST]
        if len(small) == 1:  # it would follow from the others and the number of hits
            shown[max((k for k in range(4) if k not in small), key=lambda k: (counts[k], k))] = None
        figures = {"share": self.share, "low": self.low, "high": self.high, "base": self.base, "lift": self.lift}
        return {
            "finding": self.finding,
            **dict(zip((*_WAYS, "not_stated"), shown, strict=True)),
            **{name: value if self.is_told else None for name, value in figures.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The findings stated at a spot by the `hits` first cases that have a report; `archive` reports are compared with.

    Rows: those that can be told by falling share, then the rest by name.
    """

    at: tuple[str, ...]
    hits: int
    archive: int
    rows: tuple[BoardRow, ...]

    def as_record(self) -> dict[str, Any]:
        rows = [row.as_record() for row in self.rows]
        return {"at": list(self.at), "hits": self.hits, "archive": self.archive, "rows": rows}


def make_board(index: CaseIndex, cases: Sequence[StoredCase], spot: Spot) -> Board:
    """Count what the reports of these cases, best first and one a patient, state at the spot.

    A report that calls the spot normal denies what it doesn't state there.
    """
    read = [case for case in cases if case.report]
    found = [polarities(case.facts, spot) for case in read]
    silent: list[Polarity | None] = ["absent" if reads_normal(case, spot) else None for case in read]
    weights = 1.0 / np.log2(np.arange(2, len(read) + 2))
    reported = index.reported()
    rows = []
    for name in sorted({name for stated in found for name, way in stated.items() if way != "absent"}):
        ways = [stated.get(name, unsaid) for stated, unsaid in zip(found, silent, strict=True)]
        there = np.array([way == "present" for way in ways], dtype=bool)
        share = float(weights[there].sum() / weights.sum())
        low, high = wilson(share, float(weights.sum() ** 2 / np.square(weights).sum()))
        base = np.count_nonzero(stating(index, (name,), spot, polarity="present") & reported)
        rows.append(
            BoardRow(
                finding=name,
                present=ways.count("present"),
                uncertain=ways.count("uncertain"),
                absent=ways.count("absent"),
                not_stated=ways.count(None),
                share=share,
                low=low,
                high=high,
                base=base / max(int(np.count_nonzero(reported)), 1),
            )
        )
    rows.sort(key=lambda row: (not row.is_told, -row.share if row.is_told else 0.0, row.finding))
    return Board(
        at=tuple(map(str, spot.places)), hits=len(read), archive=int(np.count_nonzero(reported)), rows=tuple(rows)
    )
