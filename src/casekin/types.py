"""The nouns of casekin, shared by every layer: places, findings, regions, cases.

Conventions that hold everywhere: boxes are `x0, y0, x1, y1`, half-open, in pixels of the stored image, origin top left;
volumes are `(slice, row, column)` with world coordinates in LPS millimetres; left and right are the patient's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Side = Literal["left", "right", "bilateral", "midline"]
Polarity = Literal["present", "absent", "uncertain"]
Severity = Literal["minimal", "mild", "moderate", "severe"]
Change = Literal["new", "stable", "increased", "decreased", "resolved"]

SIDES: tuple[Side, ...] = get_args(Side)
POLARITIES: tuple[Polarity, ...] = get_args(Polarity)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
CHANGES: tuple[Change, ...] = get_args(Change)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """An anatomy and its side: `Place(anatomy="lower_lobe", side="left")`. `side` is None where sides make no sense."""

    anatomy: str
    side: Side | None = None

    def __str__(self) -> str:
        """The one-string form used in qrels, `--at` and `--where`: `left_lower_lobe`, `trachea`."""
        return f"{self.side}_{self.anatomy}" if self.side in ("left", "right", "bilateral") else self.anatomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Half-open pixel rectangle of the stored image; `x1 > x0`, `y1 > y0`; floats are allowed."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def from_list(cls, corners: Sequence[float]) -> Box:
        """The box of `[x0, y0, x1, y1]`."""
        x0, y0, x1, y1 = corners
        return cls(x0=x0, y0=y0, x1=x1, y1=y1)

    @classmethod
    def around(cls, boxes: Sequence[Box]) -> Box:
        """The smallest box that holds all of one or more boxes."""
        return cls(
            x0=min(box.x0 for box in boxes),
            y0=min(box.y0 for box in boxes),
            x1=max(box.x1 for box in boxes),
            y1=max(box.y1 for box in boxes),
        )

    def as_list(self) -> list[float]:
        return [self.x0, self.y0, self.x1, self.y1]

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def clipped(self, *, width: float, height: float) -> Box | None:
        """The part inside an image of `width` × `height` pixels; None when nothing is."""
        x0, y0 = max(self.x0, 0.0), max(self.y0, 0.0)
        x1, y1 = min(self.x1, float(width)), min(self.y1, float(height))
        return Box(x0=x0, y0=y0, x1=x1, y1=y1) if x1 > x0 and y1 > y0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One finding at one anatomy, as a report (or the simulated truth) states it.

    `sentence` is the exact sentence and `span` its finding's `[start, end)` in the report text; both None where no text
    says so. `size_mm` is the largest stated diameter.
    """

    finding: str
    anatomy: str
    side: Side | None
    polarity: Polarity
    severity: Severity | None = None
    size_mm: float | None = None
    change: Change | None = None
    sentence: str | None = None
    span: tuple[int, int] | None = None

    @property
    def place(self) -> Place:
        return Place(anatomy=self.anatomy, side=self.side)

    def as_record(self) -> dict[str, Any]:
        """The contract's JSON form."""
        return {
            "finding": self.finding,
            "anatomy": self.anatomy,
            "side": self.side,
            "polarity": self.polarity,
            "severity": self.severity,
            "size_mm": self.size_mm,
            "change": self.change,
            "sentence": self.sentence,
            "span": None if self.span is None else list(self.span),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRegion:
    """A region that came with an image: an anatomy's box and/or mask file (path relative to the manifest)."""

    place: Place
    box: Box | None = None
    mask: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of a case manifest: one image or series of a case. Unknown fields are kept in `extra`."""

    case_id: str
    patient_id: str
    image: str
    patient_group: str | None = None
    study_instance_uid: str | None = None
    accession_number: str | None = None
    modality: str | None = None
    body_part: str | None = None
    view: str | None = None
    sex: str | None = None
    age: float | None = None
    day_offset: int | None = None
    report: str | None = None
    source: str | None = None
    licence: str | None = None
    regions: tuple[StoredRegion, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
