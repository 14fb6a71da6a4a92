"""Stored cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from casekin.api.access.authorize import TenantOf, note_objects
from casekin.api.openapi import JPEG, problems, render_json
from casekin.api.schemas.case import CaseShape
from casekin.index import StoredCase, StoredImage

_CASE_FIELDS = ("case_id", "modality", "body_part", "view", "sex", "age", "day_offset", "source")


def build_cases_router() -> APIRouter:
    """`/cases`."""
    router = APIRouter(prefix="/v1", tags=["cases"])

    # The picture's route comes first: a case id may hold slashes, so the other one would take its address for an id.
    @router.get(
        "/cases/{case_id:path}/preview",
        summary="A case's image as JPEG",
        responses={200: JPEG, **problems(404, 422)},
        response_class=Response,
    )
    def case_preview(
        request: Request,
        tenant: TenantOf,
        case_id: Annotated[str, Path()],
        image: Annotated[int, Query(ge=0, description="Counted from 0.")] = 0,
    ) -> Response:
        jpeg = tenant.archive.preview(case_id, image)
        if jpeg is None:
            raise HTTPException(404, "no such case or image in this index")
        note_objects(request, [case_id])
        return Response(jpeg, media_type="image/jpeg")

    @router.get(
        "/cases/{case_id:path}",
        summary="A case: its record, findings and report",
        responses={200: {"model": CaseShape}, **problems(404, 422)},
    )
    def case(request: Request, tenant: TenantOf, case_id: Annotated[str, Path()]) -> Response:
        found = tenant.archive.case(case_id)
        if found is None:
            raise HTTPException(404, "no such case in this index")
        note_objects(request, [case_id])
        return render_json(_case_record(*found))

    return router


def _case_record(case: StoredCase, images: Sequence[StoredImage]) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in _CASE_FIELDS},
        "report": case.report,
        "facts": [fact.as_record() for fact in case.facts],
        "normal_anatomies": [{"anatomy": place.anatomy, "side": place.side} for place in case.normal_anatomies],
        "images": [{"width": image.width, "height": image.height} for image in images],
    }
