"""A stored case."""

from __future__ import annotations

from casekin.api.schemas.shared import CaseFieldsShape, FactShape, PlaceShape, SizeShape


class CaseShape(CaseFieldsShape):
    """A stored case: record, report, findings, images."""

    case_id: str
    report: str | None
    facts: list[FactShape]
    normal_anatomies: list[PlaceShape]
    images: list[SizeShape]
