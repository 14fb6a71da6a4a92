"""Stored cases: a page of them, those of a study or patient, one with its report, a patient's exams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from casekin.api.access.authorize import TenantOf, note_objects
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import JPEG, problems, render_json
from casekin.api.routes.images import CaseId
from casekin.api.schemas.case import CaseListShape, CaseShape, ExamsShape, LookupFields
from casekin.api.service import Tenant
from casekin.index import StoredCase, StoredImage
from casekin.journeys.browse import MOST_LISTED, CaseFilter

_FIELDS = ("case_id", "modality", "body_part", "view", "sex", "age", "day_offset", "source")

Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="Cases a page.")]
After = Annotated[str | None, Query(max_length=512, description="As the page before gave it.")]
Where = Annotated[str | None, Query(max_length=2000, description="A filter as in a search.")]
Modality = Annotated[str | None, Query(max_length=64)]
StudyUid = Annotated[str | None, Query(max_length=64, description="StudyInstanceUID, or its pseudonym.")]
Accession = Annotated[str | None, Query(max_length=64, description="AccessionNumber, or its pseudonym.")]
Patient = Annotated[str | None, Query(max_length=64, description="PatientID, or its pseudonym.")]


def build_cases_router() -> APIRouter:
    """`/cases`."""
    router = APIRouter(prefix="/v1", tags=["cases"])
    _add_lists(router)

    # These routes come before the last one: a case id may hold slashes, so that one would take their addresses for ids.
    @router.get(
        "/cases/{case_id:path}/preview",
        summary="A case's image as the index keeps it, JPEG",
        responses={200: JPEG, **problems(404, 422)},
        response_class=Response,
    )
    def case_preview(
        request: Request,
        tenant: TenantOf,
        case_id: CaseId,
        image: Annotated[int, Query(ge=0, description="Counted from 0.")] = 0,
    ) -> Response:
        jpeg = tenant.archive.preview(case_id, image)
        if jpeg is None:
            raise HTTPException(404, "no such case or image in this index")
        note_objects(request, [case_id])
        return Response(jpeg, media_type="image/jpeg")

    @router.get(
        "/cases/{case_id:path}/exams",
        summary="All cases of this case's patient, in time order",
        responses={200: {"model": ExamsShape}, **problems(404, 422)},
    )
    def case_exams(request: Request, tenant: TenantOf, case_id: CaseId) -> Response:
        exams = tenant.archive.exams(case_id)
        if not exams:
            raise HTTPException(404, "no such case in this index")
        note_objects(request, (exam.case_id for exam in exams))
        return render_json({"exams": [listed_case(exam) for exam in exams]})

    @router.get(
        "/cases/{case_id:path}",
        summary="A case: its record, findings and report",
        responses={200: {"model": CaseShape}, **problems(404, 422)},
    )
    def case(request: Request, tenant: TenantOf, case_id: CaseId) -> Response:
        found = tenant.archive.case(case_id)
        if found is None:
            raise HTTPException(404, "no such case in this index")
        note_objects(request, [case_id])
        return render_json(_case_record(*found))

    return router


def _add_lists(router: APIRouter) -> None:
    @router.get(
        "/cases",
        summary="Cases by id, page by page; names of a study or patient are better sent to /cases/lookups",
        responses={200: {"model": CaseListShape}, **problems(422)},
    )
    def cases(
        request: Request, tenant: TenantOf, study_instance_uid: StudyUid = None, accession_number: Accession = None,
        patient: Patient = None, modality: Modality = None, where: Where = None, limit: Limit = 50, after: After = None,
    ) -> Response:  # fmt: skip
        asked = CaseFilter(
            study_instance_uid=study_instance_uid,
            accession_number=accession_number,
            patient=patient,
            modality=modality,
            where=where,
        )
        return _listed(request, tenant, asked, limit, after)

    @router.post(
        "/cases/lookups",
        summary="The same list, asked in a body, so that no identifier stands in an address",
        responses={200: {"model": CaseListShape}, **problems(400, 413, 415, 422)},
        openapi_extra=describe_body(LookupFields),
    )
    def look_up_cases(
        request: Request, tenant: TenantOf, fields: Annotated[LookupFields, Depends(json_body(LookupFields))]
    ) -> Response:
        asked = CaseFilter(**fields.model_dump(exclude={"limit", "after"}))
        return _listed(request, tenant, asked, fields.limit, fields.after)


def _listed(request: Request, tenant: Tenant, asked: CaseFilter, limit: int, after: str | None) -> Response:
    page = tenant.archive.cases(asked, limit=limit, after=after)
    note_objects(request, (case.case_id for case in page.cases))
    record = {"cases": [listed_case(case) for case in page.cases], "total": page.total, "after": page.after}
    return render_json(record)


def listed_case(case: StoredCase) -> dict[str, Any]:
    """A case in a list: its fields, whether it has a report, and its findings in a word each."""
    stated = dict.fromkeys(fact.finding for fact in case.facts if fact.polarity == "present")
    return {
        **{name: getattr(case, name) for name in _FIELDS},
        "has_report": bool(case.report),
        "findings": list(stated),
    }


def _case_record(case: StoredCase, images: Sequence[StoredImage]) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in _FIELDS},
        "report": case.report,
        "facts": [fact.as_record() for fact in case.facts],
        "normal_anatomies": [{"anatomy": place.anatomy, "side": place.side} for place in case.normal_anatomies],
        "images": [{"width": image.width, "height": image.height} for image in images],
    }
