"""The search page: ask, read the cases, steer, and what is loaded after them: maps, counter-evidence, a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.access.principal import Principal
from casekin.api.archive import DraftForm, Question
from casekin.api.questions import form_question
from casekin.api.service import Service, Tenant
from casekin.api.uploads import Form, receive_form
from casekin.errors import InputError
from casekin.journeys.browse import CaseFilter
from casekin.retrieval.answer import Hit
from casekin.retrieval.query import MAX_LIMIT, MAX_TEXT
from casekin.site.history import KEPT_STEPS, Step
from casekin.site.times import instant
from casekin.web.answers import answer_view, hit_cards
from casekin.web.cases import ExamView, exam_view
from casekin.web.drafts import draft_view
from casekin.web.forms import (
    MODALITIES,
    Filled,
    carried_recipe,
    filled_by,
    first,
    listed_numbers,
    plain_form,
    recipe_form,
    steered,
    summed_up,
)
from casekin.web.history import step_view
from casekin.web.render import PageRoute, fragment, page, wants_fragment
from casekin.web.sources import Source, case_source, is_here, keep_file, question_source
from casekin.web.summaries import more_view
from casekin.web.vocabulary import known_findings, known_places

_BLANK = Filled()
_ENDINGS: dict[DraftForm, str] = {
    "json": "json",
    "text": "txt",
    "fhir": "fhir.json",
    "sr": "dcm",
    "sr-basic": "dcm",
    "html": "html",
}
_AGAIN = "This search was asked with an image that isn’t here any more. Give it again, and search."


def build_searching(service: Service) -> APIRouter:
    """`/` and what its form and its answers ask."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    _add_asking(router, service)
    _add_later(router, service)
    _add_keeping(router, service)
    return router


def _add_asking(router: APIRouter, service: Service) -> None:
    @router.get("/")
    def start(
        request: Request,
        tenant: TenantOf,
        case: str | None = None,
        image: int = 0,
        study: str | None = None,
        accession: str | None = None,
    ) -> Response:
        """The page; `study` and `accession` are swapped for the case's address at once, so no history keeps them."""
        if study is not None or accession is not None:
            asked = CaseFilter(study_instance_uid=study or None, accession_number=accession or None)
            found = tenant.archive.cases(asked, limit=1).cases
            target = "/?" + urlencode({"case": found[0].case_id}) if found else "/cases?unknown=1"
            return RedirectResponse(target, status_code=303)
        source = None if case is None else case_source(tenant, case, image)
        if case is not None and source is None:
            raise HTTPException(404, "no such case or image in this index")
        if source is not None:
            note_objects(request, [source.case])
        return _search_page(request, service, tenant, source=source)

    @router.post("/answers")
    async def answers(request: Request, tenant: TenantOf, who: Who) -> Response:
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            return await run_in_threadpool(_answer, request, service, tenant, who, form)


def _add_later(router: APIRouter, service: Service) -> None:
    @router.post("/answers/evidence")
    async def evidence(request: Request, tenant: TenantOf, who: Who) -> Response:
        """Pairs with their maps, and what in the reports answers the question: put into the cards that are there."""
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            question, source = _carried(request, tenant, who, form)
            record = await run_in_threadpool(tenant.archive.cards, question)
        note_objects(request, (hit["case_id"] for hit in record["hits"]))
        cards = hit_cards(record, source=source, numbers=listed_numbers(form))
        return fragment(request, "parts/evidence.html.j2", cards=cards)

    @router.post("/answers/more")
    async def more(request: Request, tenant: TenantOf, who: Who) -> Response:
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            question, _ = _carried(request, tenant, who, form, sum_up=True)
            answer = await run_in_threadpool(tenant.archive.search, question)
        record = answer.as_record()
        counter = record["counter"] or {"lookalikes": (), "normals": ()}
        note_objects(request, (hit["case_id"] for hit in (*counter["lookalikes"], *counter["normals"])))
        return _part(request, "more", "Counter-evidence and differential", more=more_view(record))

    @router.post("/answers/draft")
    async def draft(request: Request, tenant: TenantOf, who: Who) -> Response:
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            question, _ = _carried(request, tenant, who, form)
            drafted = await run_in_threadpool(tenant.archive.draft, question)
        note_objects(request, drafted.case_numbers)
        listed = listed_numbers(form) if wants_fragment(request) else {}
        ranks = {case_id: rank for rank, case_id in enumerate(listed, start=1)}
        carried = [(name, value) for name, value in form.fields if name in ("recipe", "upload", "case")]
        return _part(request, "draft", "Draft report", draft=draft_view(drafted, ranks), carried=carried)

    @router.post("/answers/draft/{kind}")
    async def save_draft(request: Request, kind: DraftForm, tenant: TenantOf, who: Who) -> Response:
        """The draft as a file, in a form that other systems take."""
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            question, _ = _carried(request, tenant, who, form)
            drafted, packed = await run_in_threadpool(tenant.archive.export_draft, question, kind)
        note_objects(request, drafted.case_numbers)
        headers = {"Content-Disposition": f'attachment; filename="draft.{_ENDINGS[kind]}"'}
        return Response(packed, media_type="application/octet-stream", headers=headers)


def _add_keeping(router: APIRouter, service: Service) -> None:
    @router.post("/feedback")
    async def feedback(request: Request, tenant: TenantOf, who: Who) -> Response:
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            vote, _, case_id = first(form, "vote").partition(" ")
            if vote not in ("yes", "no") or tenant.archive.case(case_id) is None:
                raise HTTPException(404, "no such case in this index")
            tenant.feedback.vote(carried_recipe(form), case_id, is_helpful=vote == "yes", subject=who.subject)
        note_objects(request, [case_id])
        if wants_fragment(request):
            return fragment(request, "parts/judged.html.j2", case_id=case_id, vote=vote)
        return RedirectResponse("/history", status_code=303)

    @router.post("/shared")
    async def share(request: Request, tenant: TenantOf, who: Who) -> Response:
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            link = tenant.history.share(carried_recipe(form), subject=who.subject)
        address = f"{request.url.scheme}://{request.url.netloc}/shared/{link.link_id}"
        return _part(request, "shared", "Link", address=address, until=instant(link.expires_at)[:10])

    @router.get("/shared/{link_id}")
    def shared(request: Request, link_id: str, tenant: TenantOf, who: Who) -> Response:
        link = tenant.history.open(link_id)
        if link is None:
            raise HTTPException(404, "no such link here, or it has expired")
        return _asked(request, service, tenant, who, link.recipe, "")

    @router.get("/history")
    def history(request: Request, tenant: TenantOf, who: Who) -> Response:
        steps = tenant.history.newest(subject=who.subject)
        return page(request, "history.html.j2", steps=[step_view(step) for step in steps])

    @router.post("/history")
    def clear(tenant: TenantOf, who: Who) -> Response:
        tenant.history.clear(subject=who.subject)
        return RedirectResponse("/history", status_code=303)

    @router.post("/history/undo")
    async def undo(request: Request, tenant: TenantOf, who: Who) -> Response:
        """The search before the newest one again."""
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            step = tenant.history.undo(subject=who.subject)
            if step is None:
                raise HTTPException(404, "expected a search before this one, got none")
            upload = first(form, "upload")
            return await run_in_threadpool(_step_again, request, service, tenant, who, step, upload)

    @router.get("/history/{step_id}")
    @router.post("/history/{step_id}")
    def again(request: Request, step_id: int, tenant: TenantOf, who: Who, upload: str = "") -> Response:
        steps = tenant.history.newest(subject=who.subject, limit=KEPT_STEPS)
        step = next((step for step in steps if step.step_id == step_id), None)
        if step is None:
            raise HTTPException(404, "no such search of yours")
        return _step_again(request, service, tenant, who, step, upload)


def _step_again(
    request: Request, service: Service, tenant: Tenant, who: Principal, step: Step, upload: str
) -> Response:
    return _asked(request, service, tenant, who, step.recipe, upload, step=step)


def _answer(request: Request, service: Service, tenant: Tenant, who: Principal, form: Form) -> Response:
    """Answer the question of a form: a new one, or that of an answer moved by its marked cases."""
    if first(form, "recipe"):
        return _asked(request, service, tenant, who, steered(carried_recipe(form), form), first(form, "upload"))
    upload = first(form, "upload")
    if "image" in form.files:
        upload = keep_file(tenant, who, form.files["image"])
        fields = [(name, value) for name, value in form.fields if name not in ("upload", "case")]
        rest = {name: file for name, file in form.files.items() if name != "image"}
        form = Form(fields=(*fields, ("upload", upload)), files=rest, image_name=None)
    return _answered(request, service, tenant, who, form_question(request, plain_form(form)), upload)


def _asked(
    request: Request,
    service: Service,
    tenant: Tenant,
    who: Principal,
    recipe: Mapping[str, Any],
    upload: str,
    *,
    step: Step | None = None,
) -> Response:
    """Ask a recipe; where its image isn't here any more, the page asks for it. `step`: it is in the history already."""
    if not is_here(tenant, who, recipe, upload):
        return _search_page(request, service, tenant, asked=filled_by(recipe["question"]), remark=_AGAIN)
    question = form_question(request, recipe_form(recipe, upload=upload))
    return _answered(request, service, tenant, who, question, upload, step=step)


def _answered(
    request: Request,
    service: Service,
    tenant: Tenant,
    who: Principal,
    question: Question,
    upload: str,
    *,
    step: Step | None = None,
) -> Response:
    answer = tenant.archive.search(question)
    record = answer.as_record()
    if step is None:
        tenant.history.add(record, subject=who.subject)
    newest = tenant.history.newest(subject=who.subject, limit=2)
    shown = step or newest[0]
    address = f"/history/{shown.step_id}" + (f"?upload={upload}" if upload else "")
    if step is None and not wants_fragment(request):
        return RedirectResponse(address, status_code=303)  # so that going back and loading anew ask no form again
    source = question_source(question, upload=upload)
    exams = _other_exams(tenant, record, source)
    note_objects(request, [*(hit["case_id"] for hit in record["hits"]), *(exam.case_id for exam in exams)])
    view = answer_view(
        record,
        source=source,
        numbers={hit.case_id: _number(tenant, hit) for hit in answer.hits},
        votes=tenant.feedback.votes(record["recipe"], subject=who.subject),
        has_exams=bool(exams),
        has_before=len(newest) > 1,
    )
    values: dict[str, Any] = {"view": view, "exams": exams, "collections": tenant.collections.visible(who.subject)}
    if wants_fragment(request):
        return fragment(request, "parts/answer.html.j2", headers={"HX-Push-Url": address}, **values)
    asked = filled_by(record["recipe"]["question"])
    return _search_page(request, service, tenant, asked=asked, source=source, answer=True, **values)


def _carried(
    request: Request, tenant: Tenant, who: Principal, form: Form, *, sum_up: bool = False
) -> tuple[Question, Source | None]:
    """The question of an answer that is on the page, with its image."""
    recipe, upload = carried_recipe(form), first(form, "upload")
    if not is_here(tenant, who, recipe, upload):
        raise InputError("image: expected the answer's image, got none that is still here; give it again, and search")
    asked = form_question(request, recipe_form(summed_up(recipe) if sum_up else recipe, upload=upload))
    return asked, question_source(asked, upload=upload)


def _other_exams(tenant: Tenant, record: Mapping[str, Any], source: Source | None) -> list[ExamView]:
    """The exams of the question's own patient, where the archive has any; never among the hits."""
    known = [source.case] if source is not None and source.case else record["query"]["matched_cases"]
    if not known:
        return []
    exams = tenant.archive.exams(known[0])
    return [exam_view(exam, this=known[0]) for exam in exams] if len(exams) > 1 else []


def _part(request: Request, part: str, title: str, **values: Any) -> Response:
    """A part of an answer, or without script a page of its own."""
    if wants_fragment(request):
        return fragment(request, f"parts/{part}.html.j2", **values)
    return page(request, "later.html.j2", part=part, title=title, **values)


def _search_page(
    request: Request,
    service: Service,
    tenant: Tenant,
    *,
    asked: Filled = _BLANK,
    source: Source | None = None,
    answer: bool = False,
    remark: str = "",
    **values: Any,
) -> Response:
    return page(
        request,
        "search.html.j2",
        asked=asked,
        source=source,
        answer=answer,
        remark=remark,
        archive=tenant.archive.info(),
        places=known_places(),
        findings=known_findings(),
        modalities=MODALITIES,
        limits={"upload_mb": service.max_upload_bytes // 1024**2, "hits": MAX_LIMIT, "text": MAX_TEXT},
        **values,
    )


def _number(tenant: Tenant, hit: Hit) -> int:
    """Which of its case's images a hit is about, counted from 0."""
    found = tenant.archive.case(hit.case_id)
    images = () if found is None else found[1]
    return next((number for number, image in enumerate(images) if image.image_id == hit.image_id), 0)
