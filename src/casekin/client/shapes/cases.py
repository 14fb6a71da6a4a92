"""Types of replies of the group cases. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Literal, TypedDict

from casekin.client.shapes.searches import Fact, Size


class ListedCase(TypedDict):
    """A case in a list; `findings` are those that its report states."""

    modality: str | None
    body_part: str | None
    view: str | None
    sex: str | None
    age: float | None
    day_offset: int | None
    source: str | None
    case_id: str
    has_report: bool
    findings: list[str]


class CaseList(TypedDict):
    """One page of cases by id. `total` counts all pages; `after` asks for the next one, null on the last."""

    cases: list[ListedCase]
    total: int
    after: str | None


class Place(TypedDict):
    """A place: an anatomy and its side."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None


class Case(TypedDict):
    """A stored case: record, report, findings, images."""

    modality: str | None
    body_part: str | None
    view: str | None
    sex: str | None
    age: float | None
    day_offset: int | None
    source: str | None
    case_id: str
    report: str | None
    facts: list[Fact]
    normal_anatomies: list[Place]
    images: list[Size]


class Exams(TypedDict):
    """A patient's cases in time order; those without a day come last."""

    exams: list[ListedCase]
