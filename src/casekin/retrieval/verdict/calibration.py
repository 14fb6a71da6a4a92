"""What an archive's own cases teach about its answers, kept with its index for one kind of image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from casekin.index import CaseIndex
from casekin.index.records import Kind
from casekin.retrieval.verdict.conformal import Promises, Values, least_strange, promises_of
from casekin.retrieval.verdict.distance import Distance, distance_of, pack_numbers, unpack_numbers

NAME = "verdict"
LEVEL = 0.9
"""The least promise of an `answered`, where nothing else is said."""
OOD_ERROR = 0.01
"""Of the archive's own pictures, so many are called out of distribution by their distance."""

Where = Literal["place", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Promises for questions of one form: `lists`: at least one of the first hits is relevant; `hits`: this one is."""

    lists: Promises
    hits: Promises


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """`distance` and the ascending `distances` of pictures that it wasn't fitted on; `trust` of questions at a place,
    and about a whole image, as far as there were enough; `cases` in the archive when it was made.

    `level` is the least promise of an `answered`.
    """

    level: float
    cases: int
    distance: Distance
    distances: Values
    trust: Mapping[Where, Trust]

    @property
    def farthest(self) -> float:
        """The distance from which a picture is out of distribution."""
        return least_strange(self.distances, OOD_ERROR)

    def as_record(self) -> dict[str, Any]:
        """A plain form for JSON; no case, patient or report is in it."""
        return {
            "level": self.level,
            "cases": self.cases,
            "distance": self.distance.as_record(),
            "distances": pack_numbers(self.distances),
            "trust": {
                where: {"lists": one.lists.as_record(), "hits": one.hits.as_record()}
                for where, one in sorted(self.trust.items())
            },
        }


def read_calibration(index: CaseIndex, kind: Kind) -> Calibration | None:
    """An index's calibration for a kind of image; None where it has none for the active model."""

    def read() -> Calibration | None:
        record = index.calibration(kind, NAME)
        return None if record is None else _calibration_of(record)

    return index.derive(f"calibration/{kind}/{NAME}", read)


def write_calibration(index: CaseIndex, kind: Kind, calibration: Calibration) -> None:
    """Keep a calibration with its index, in place of the one before."""
    index.put_calibration(kind, NAME, calibration.as_record())


def _calibration_of(record: Mapping[str, Any]) -> Calibration:
    return Calibration(
        level=float(record["level"]),
        cases=int(record["cases"]),
        distance=distance_of(record["distance"]),
        distances=unpack_numbers(record["distances"]).astype(np.float64),
        trust={
            where: Trust(lists=promises_of(one["lists"]), hits=promises_of(one["hits"]))
            for where, one in record["trust"].items()
        },
    )
