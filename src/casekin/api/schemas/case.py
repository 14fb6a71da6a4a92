"""Stored cases."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from casekin.api.schemas.shared import CaseFieldsShape, FactShape, PlaceShape, Shape, SizeShape
from casekin.journeys.browse import MOST_LISTED


class CaseShape(CaseFieldsShape):
    """A stored case: record, report, findings, images."""

    case_id: str
    report: str | None
    facts: list[FactShape]
    normal_anatomies: list[PlaceShape]
    images: list[SizeShape]


class ListedCaseShape(CaseFieldsShape):
    """A case in a list; `findings` are those that its report states."""

    case_id: str
    has_report: bool
    findings: list[str]


class CaseListShape(Shape):
    """One page of cases by id. `total` counts all pages; `after` asks for the next one, null on the last."""

    cases: list[ListedCaseShape]
    total: int
    after: str | None


class ExamsShape(Shape):
    """A patient's cases in time order; those without a day come last."""

    exams: list[ListedCaseShape]


class LookupFields(BaseModel):
    """Which cases are asked for; identifiers as they stand in a header, or as pseudonyms."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"accession_number": "A-0017"}, {"modality": "CR", "limit": 5}]}
    )

    study_instance_uid: Annotated[str | None, Field(max_length=64)] = None
    accession_number: Annotated[str | None, Field(max_length=64)] = None
    patient: Annotated[str | None, Field(max_length=64, description="PatientID.")] = None
    modality: Annotated[str | None, Field(max_length=64)] = None
    where: Annotated[str | None, Field(max_length=2000, description="A filter as in a search.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED, description="Cases a page.")] = 50
    after: Annotated[str | None, Field(max_length=512, description="As the page before gave it.")] = None
