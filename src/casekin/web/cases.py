"""Stored studies: the list, the look-up by their ids, the page of one, and two images side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.service import Tenant
from casekin.index import StoredCase, StoredImage
from casekin.journeys.browse import CaseFilter
from casekin.retrieval.sheet.parts import Statement
from casekin.retrieval.sheet.view import statements_of
from casekin.retrieval.sheet.words import case_words, finding_words
from casekin.web.answers import case_address
from casekin.web.forms import CORNERS, MODALITIES, one, read_fields
from casekin.web.render import PageRoute, fragment, page, wants_fragment
from casekin.web.sources import Source, case_picture, case_source, upload_source
from casekin.web.ways import Chosen, ways_out

_A_PAGE = 24
_NAMED = 3
"""Findings of a case in a list."""
Corners = Annotated[str, Query(pattern=f"^{CORNERS}$")]
_META = ("modality", "body_part", "view", "sex", "age", "day_offset")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamView:
    """A stored case in a list: its picture and a few words."""

    case_id: str
    address: str
    picture: str
    words: str
    when: str
    findings: str
    is_this: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two images to compare."""

    title: str
    source: Source
    boxes: tuple[tuple[float, ...], ...] = ()
    words: tuple[Statement, ...] = ()

    @property
    def overlays(self) -> str:
        """What the viewer outlines, as its attribute takes it."""
        return json.dumps([{"box": box, "label": "region", "kind": "region"} for box in self.boxes])


def build_cases() -> APIRouter:
    """`/cases`, `/studies` and `/compare`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    _add_list(router)
    _add_case(router)
    _add_compare(router)
    return router


def _add_list(router: APIRouter) -> None:
    @router.get("/cases")
    def cases(
        request: Request,
        tenant: TenantOf,
        where: str = "",
        modality: str = "",
        after: str | None = None,
        unknown: bool = False,
    ) -> Response:
        asked = CaseFilter(where=where or None, modality=modality or None)
        found = tenant.archive.cases(asked, limit=_A_PAGE, after=after)
        note_objects(request, (case.case_id for case in found.cases))
        kept = {"where": where, "modality": modality}
        return page(
            request,
            "cases.html.j2",
            exams=[exam_view(case) for case in found.cases],
            total=found.total,
            next_page=None if found.after is None else "/cases?" + urlencode({**kept, "after": found.after}),
            is_first=after is None,
            where=where,
            modality=modality,
            modalities=MODALITIES,
            unknown=unknown,
        )

    @router.post("/studies")
    async def look_up(request: Request, tenant: TenantOf) -> Response:
        """Find a study by an id as hospitals write it; it goes by POST, so that no address holds it."""
        fields = await read_fields(request)
        kind, value = one(fields, "kind"), one(fields, "value")
        if kind not in ("study_instance_uid", "accession_number", "patient") or not value:
            raise HTTPException(422, "expected an id and its kind")
        return open_study(request, tenant, CaseFilter(**{kind: value}))


def _add_case(router: APIRouter) -> None:
    @router.get("/cases/{case_id:path}")
    def case(request: Request, case_id: str, tenant: TenantOf, who: Who, image: int = 0) -> Response:
        found = tenant.archive.case(case_id)
        if found is None:
            raise HTTPException(404, "no such case in this index")
        exams = tenant.archive.exams(case_id)
        note_objects(request, (exam.case_id for exam in exams))
        stored, images = found
        return page(
            request,
            "case.html.j2",
            case=stored,
            words=case_words({name: getattr(stored, name) for name in _META}),
            source=case_source(tenant, case_id, image) if image < len(images) else None,
            images=_image_links(case_id, images, image),
            statements=statements_of([fact.as_record() for fact in stored.facts]),
            exams=[exam_view(exam, this=case_id) for exam in exams] if len(exams) > 1 else [],
            ask="/?" + urlencode({"case": case_id, "image": image}),
            collections=tenant.collections.visible(who.subject),
            ways=ways_out(tenant, Chosen(case_id=case_id)),
        )


def _add_compare(router: APIRouter) -> None:
    @router.get("/compare")
    def compare(
        request: Request,
        tenant: TenantOf,
        who: Who,
        hit: str,
        number: int = 0,
        upload: str | None = None,
        case: str | None = None,
        case_image: int = 0,
        box: Corners = "",
        hit_box: Corners = "",
    ) -> Response:
        """The question's image beside a hit's, or two stored ones."""
        mine = upload_source(tenant, who, upload) if upload else case_source(tenant, case or "", case_image)
        theirs, found = case_source(tenant, hit, number), tenant.archive.case(hit)
        if mine is None or theirs is None or found is None:
            raise HTTPException(404, "no such case or image in this index")
        note_objects(request, [hit] if case is None else [case, hit])
        facts = tuple(statements_of([fact.as_record() for fact in found[0].facts]))
        sides = (
            Side(title="Question" if upload else mine.name, source=mine, boxes=_boxes(box)),
            Side(title=f"Case {hit}", source=theirs, boxes=_boxes(hit_box), words=facts),
        )
        if wants_fragment(request):
            return fragment(request, "parts/compare.html.j2", sides=sides, as_dialog=True)
        return page(request, "compare.html.j2", sides=sides, as_dialog=False)


def open_study(
    request: Request, tenant: Tenant, asked: CaseFilter, *, leads_to: Callable[[str], str] = case_address
) -> Response:
    """To the case that an id names, the first of several, at the address it has there; to the list for none."""
    found = tenant.archive.cases(asked, limit=1).cases
    note_objects(request, (case.case_id for case in found))
    return RedirectResponse(leads_to(found[0].case_id) if found else "/cases?unknown=1", status_code=303)


def exam_view(case: StoredCase, *, this: str | None = None) -> ExamView:
    """A stored case in a list."""
    present = list(dict.fromkeys(finding_words(fact.finding) for fact in case.facts if fact.polarity == "present"))
    more = f" and {len(present) - _NAMED} more" if len(present) > _NAMED else ""
    return ExamView(
        case_id=case.case_id,
        address=case_address(case.case_id),
        picture=case_picture(case.case_id),
        words=case_words({name: getattr(case, name) for name in _META}),
        when="no date" if case.day_offset is None else f"day {case.day_offset}",
        findings=", ".join(present[:_NAMED]) + more or ("no finding stated" if case.report else "no report"),
        is_this=case.case_id == this,
    )


def _boxes(corners: str) -> tuple[tuple[float, ...], ...]:
    return (tuple(float(value) for value in corners.split(",")),) if corners else ()


def _image_links(case_id: str, images: Sequence[StoredImage], shown: int) -> list[tuple[int, str, bool]]:
    """The other images of a case: number from 1, address, whether it is the one shown."""
    if len(images) < 2:
        return []
    base = f"/cases/{quote(case_id)}?image="
    return [(number + 1, f"{base}{number}", number == shown) for number in range(len(images))]
