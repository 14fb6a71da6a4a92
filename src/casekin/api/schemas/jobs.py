"""Jobs: what is asked for, and how far it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from casekin.api.schemas.shared import Shape
from casekin.site.jobs import JobKind, JobState

_MOST_UPLOADS = 2000
_MOST_ROWS = 2000


class ReportFields(BaseModel):
    """A report and what joins it to its study, as in a file of `casekin ingest --reports`."""

    model_config = ConfigDict(extra="forbid")

    case_id: str | None = None
    accession_number: str | None = None
    study_instance_uid: str | None = None
    report: str


class IngestFields(BaseModel):
    """What to ingest: uploads and report rows, or a folder, or what a query finds on a DICOMweb server."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"folder": "monday"}, {"reports": [{"report": "Clear."}]}]}
    )

    uploads: Annotated[list[str], Field(max_length=_MOST_UPLOADS, description="Ids of `POST /v1/uploads`.")] = []
    folder: Annotated[str | None, Field(description="A folder or file below the site's inbox.")] = None
    reports: Annotated[list[ReportFields], Field(max_length=_MOST_ROWS, description="Reports to join.")] = []

    web_store: Annotated[str | None, Field(description="A DICOMweb server, by the name that the site gave it.")] = None
    query: Annotated[dict[str, str], Field(max_length=20, description="QIDO attributes: `StudyDate`, …")] = {}

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        given = (bool(self.uploads or self.reports), self.folder is not None, self.web_store is not None)
        if sum(given) != 1 or (self.query and self.web_store is None):
            raise ValueError("expected uploads and reports, or a folder, or a web_store with its query")
        return self


class UpkeepFields(BaseModel):
    """Work on the whole archive; `reembed` reads a folder below the inbox again, with another model."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "check"}]})

    kind: Literal["calibrate", "backup", "check", "reembed"]
    folder: Annotated[str | None, Field(description="Only for `reembed`: a folder below the inbox.")] = None
    model: Annotated[str | None, Field(description="Only for `reembed`: the model's name.")] = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind == "reembed") != (self.folder is not None) or (self.folder is None) != (self.model is None):
            raise ValueError("expected folder and model with reembed, and with nothing else")
        return self


class JobShape(Shape):
    """A job; `done` of `total` parts, null while their number isn't known."""

    job_id: str
    kind: JobKind
    subject: str
    source: dict[str, Any]
    state: JobState
    tries: int
    done: int
    total: int | None
    result: dict[str, Any] | None
    failure: str | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class JobListShape(Shape):
    """Jobs, the newest first."""

    jobs: list[JobShape]
