"""What to export, and in which form."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

from casekin.api.schemas.shared import Corners
from casekin.journeys.export import ExportForm


class ExportTargetFields(BaseModel):
    """A stored case, or an upload of yours; regions in stored pixels, or places that the index located.

    What is drawn in a CT lies on its frontal view, and stands for the volume behind it.
    """

    model_config = ConfigDict(extra="forbid")

    case_id: Annotated[str | None, Field(max_length=512)] = None
    upload: Annotated[str | None, Field(max_length=128)] = None
    image: Annotated[int | None, Field(ge=0, description="One image of the case, from 0; none: all.")] = None
    at: Annotated[
        list[str], Field(max_length=32, description="Places with an outline, such as `left lower lung zone`.")
    ] = []
    boxes: Annotated[list[Corners], Field(max_length=32, description="`[x0, y0, x1, y1]`, half-open.")] = []
    mask: Annotated[
        Base64Bytes | None,
        Field(description="A drawn region: PNG of the image's size, Base64; where it isn't black.", repr=False),
    ] = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.case_id is None) == (self.upload is None):
            raise ValueError("expected case_id or upload")
        if self.upload is not None and (self.at or self.image is not None):
            raise ValueError("an upload has boxes and a mask alone")
        return self


class ExportFields(BaseModel):
    """An export: DICOM key objects, segmentation or region report, or a FHIR ImagingStudy; one file for each target."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"form": "key-objects", "targets": [{"case_id": "case-1"}], "description": "For Thursday"}]
        },
    )

    form: ExportForm
    targets: Annotated[list[ExportTargetFields], Field(min_length=1, max_length=100)]
    description: Annotated[str | None, Field(max_length=1024, description="Why, for key objects.")] = None
