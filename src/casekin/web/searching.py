"""The search page, and what is loaded after an answer's list: maps, counter-evidence, a draft."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import note_objects
from casekin.api.archive import DraftForm
from casekin.api.bodies import Form, receive_form
from casekin.api.remember import cases_told
from casekin.journeys.browse import CaseFilter
from casekin.web.answers import hit_cards
from casekin.web.asking import answer_form, carried_question, search_page
from casekin.web.calls import Call, CallOf
from casekin.web.cases import open_study
from casekin.web.drafts import draft_view
from casekin.web.forms import listed_numbers
from casekin.web.render import PageRoute, fragment, part, wants_fragment
from casekin.web.sources import case_source
from casekin.web.summaries import more_view

_ENDINGS: dict[DraftForm, str] = {
    "json": "json",
    "text": "txt",
    "fhir": "fhir.json",
    "sr": "dcm",
    "sr-basic": "dcm",
    "html": "html",
}


def build_searching() -> APIRouter:
    """`/` and `/answers`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    _add_asking(router)
    _add_later(router)
    return router


def _add_asking(router: APIRouter) -> None:
    @router.get("/")
    def start(
        call: CallOf, case: str | None = None, image: int = 0, study: str | None = None, accession: str | None = None
    ) -> Response:
        """The page; `study` and `accession` are swapped for the case's address at once, so no history keeps them."""
        if study is not None or accession is not None:
            asked = CaseFilter(study_instance_uid=study or None, accession_number=accession or None)
            return open_study(
                call.request, call.tenant, asked, leads_to=lambda case_id: "/?" + urlencode({"case": case_id})
            )
        source = None if case is None else case_source(call.tenant, case, image)
        if case is not None and source is None:
            raise HTTPException(404, "no such case or image in this index")
        if source is not None:
            note_objects(call.request, [source.case])
        return search_page(call, source=source)

    @router.post("/answers")
    async def answers(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(answer_form, call, form)


def _add_later(router: APIRouter) -> None:
    @router.post("/answers/evidence")
    async def evidence(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(_evidence, call, form)

    @router.post("/answers/more")
    async def more(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(_more, call, form)

    @router.post("/answers/draft")
    async def draft(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(_draft, call, form)

    @router.post("/answers/draft/{kind}")
    async def save_draft(call: CallOf, kind: DraftForm) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(_saved_draft, call, form, kind)


def _evidence(call: Call, form: Form) -> Response:
    """Pairs with their maps, and what in the reports answers the question: put into the cards that are there."""
    question, source = carried_question(call, form)
    record = call.tenant.archive.cards(question)
    note_objects(call.request, cases_told(record))
    cards = hit_cards(record, source=source, numbers=listed_numbers(form))
    return fragment(call.request, "parts/evidence.html.j2", cards=cards)


def _more(call: Call, form: Form) -> Response:
    question, _ = carried_question(call, form, sum_up=True)
    record: dict[str, Any] = call.tenant.archive.search(question).as_record()
    note_objects(call.request, cases_told(record))
    return part(call.request, "more", title="Counter-evidence and differential", more=more_view(record))


def _draft(call: Call, form: Form) -> Response:
    """A draft whose citations lead to the cards of the answer, where these are on the page."""
    question, _ = carried_question(call, form)
    drafted = call.tenant.archive.draft(question)
    note_objects(call.request, cases_told(drafted.as_record()))
    listed = listed_numbers(form) if wants_fragment(call.request) else {}
    view = draft_view(drafted, {case_id: rank for rank, case_id in enumerate(listed, start=1)})
    carried = [(name, value) for name, value in form.fields if name in ("recipe", "upload", "case")]
    return part(call.request, "draft", title="Draft report", draft=view, carried=carried)


def _saved_draft(call: Call, form: Form, kind: DraftForm) -> Response:
    """The draft as a file, in a form that other systems take."""
    question, _ = carried_question(call, form)
    drafted, packed = call.tenant.archive.export_draft(question, kind)
    note_objects(call.request, cases_told(drafted.as_record()))
    headers = {"Content-Disposition": f'attachment; filename="draft.{_ENDINGS[kind]}"'}
    return Response(packed, media_type="application/octet-stream", headers=headers)
