"""Asking for a page: a question's form or a kept recipe becomes the page of an answer, or a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse

from casekin.api.access.authorize import note_objects
from casekin.api.archive import Question
from casekin.api.bodies import Form
from casekin.api.questions import form_question
from casekin.api.remember import cases_told, remember_search
from casekin.errors import InputError
from casekin.retrieval.hit import Hit
from casekin.retrieval.query import MAX_LIMIT, MAX_TEXT
from casekin.site.history import Step
from casekin.web.answers import HitCard, answer_view
from casekin.web.calls import Call
from casekin.web.cases import ExamView, exam_view
from casekin.web.figures import box_of
from casekin.web.forms import (
    MODALITIES,
    Filled,
    carried_recipe,
    filled_by,
    first,
    plain_form,
    recipe_form,
    steered,
    summed_up,
)
from casekin.web.render import fragment, page, wants_fragment
from casekin.web.sources import Source, is_here, keep_file, question_source
from casekin.web.vocabulary import known_findings, known_places
from casekin.web.ways import Chosen, ways_out

_BLANK = Filled()
_AGAIN = "This search was asked with an image that isn’t here any more. Give it again, and search."


def answer_form(call: Call, form: Form) -> Response:
    """Answer the question of a form: a new one, or that of an answer moved by its marked cases."""
    if first(form, "recipe"):
        return answer_recipe(call, steered(carried_recipe(form), form), upload=first(form, "upload"))
    upload = first(form, "upload")
    if "image" in form.files:
        upload = keep_file(call.tenant, call.who, form.files["image"])
        fields = [(name, value) for name, value in form.fields if name not in ("upload", "case")]
        rest = {name: file for name, file in form.files.items() if name != "image"}
        form = Form(fields=(*fields, ("upload", upload)), files=rest, image_name=None)
    return _answer(call, form_question(call.request, plain_form(form)), upload)


def answer_recipe(call: Call, recipe: Mapping[str, Any], *, upload: str, step: Step | None = None) -> Response:
    """Answer a recipe; where its image isn't here any more, ask for it. `step`: it stands in the history already."""
    if not is_here(call.tenant, call.who, recipe, upload):
        if wants_fragment(call.request):
            return fragment(call.request, "parts/remark.html.j2", remark=_AGAIN)
        return search_page(call, asked=filled_by(recipe["question"]), remark=_AGAIN)
    return _answer(call, form_question(call.request, recipe_form(recipe, upload=upload)), upload, step)


def carried_question(call: Call, form: Form, *, sum_up: bool = False) -> tuple[Question, Source | None]:
    """The question of an answer that is on a page, with its image. Raises `InputError` where that is gone."""
    recipe, upload = carried_recipe(form), first(form, "upload")
    if not is_here(call.tenant, call.who, recipe, upload):
        raise InputError("image: expected the answer's image, got none that is still here; give it again, and search")
    asked = form_question(call.request, recipe_form(summed_up(recipe) if sum_up else recipe, upload=upload))
    return asked, question_source(asked, upload=upload)


def search_page(
    call: Call,
    *,
    asked: Filled = _BLANK,
    source: Source | None = None,
    remark: str = "",
    answer: Mapping[str, Any] | None = None,
) -> Response:
    """The search page, its form filled, with an answer or a remark where its answers stand."""
    return page(
        call.request,
        "search.html.j2",
        asked=asked,
        source=source,
        remark=remark,
        answer=answer is not None,
        archive=call.tenant.archive.state(),
        places=known_places(),
        findings=known_findings(),
        modalities=MODALITIES,
        limits={"upload_mb": call.max_upload_bytes // 1024**2, "hits": MAX_LIMIT, "text": MAX_TEXT},
        **(answer or {}),
    )


def _answer(call: Call, question: Question, upload: str, step: Step | None = None) -> Response:
    """The answer at its own address: whole pages are led there, so that going back and loading anew ask no form."""
    tenant, subject = call.tenant, call.who.subject
    answer = tenant.archive.search(question)
    record = answer.as_record()
    if step is None:
        remember_search(call.request, tenant, call.who, record)
    newest = tenant.history.newest(subject=subject, limit=2)
    address = f"/history/{(step or newest[0]).step_id}" + (f"?upload={upload}" if upload else "")
    if step is None and not wants_fragment(call.request):
        return RedirectResponse(address, status_code=303)
    source = question_source(question, upload=upload)
    exams = _exams(call, record, source)
    note_objects(call.request, [*cases_told(record), *(exam.case_id for exam in exams)])
    view = answer_view(
        record,
        source=source,
        numbers={hit.case_id: _number(call, hit) for hit in answer.hits},
        votes=tenant.feedback.votes(record["recipe"], subject=subject),
        has_exams=bool(exams),
        has_before=len(newest) > 1,
    )
    values: dict[str, Any] = {
        "view": view,
        "exams": exams,
        "collections": tenant.collections.visible(subject),
        "ways": {card.words.case_id: ways_out(tenant, _chosen(card)) for card in view.cards},
    }
    if wants_fragment(call.request):
        return fragment(call.request, "parts/answer.html.j2", headers={"HX-Push-Url": address}, **values)
    return search_page(call, asked=filled_by(record["recipe"]["question"]), source=source, answer=values)


def _exams(call: Call, record: Mapping[str, Any], source: Source | None) -> list[ExamView]:
    """The exams of the question's own patient, where the archive has others; never among the hits."""
    known = [source.case] if source is not None and source.case else record["query"]["matched_cases"]
    exams = call.tenant.archive.exams(known[0]) if known else ()
    return [exam_view(exam, this=known[0]) for exam in exams] if len(exams) > 1 else []


def _chosen(card: HitCard) -> Chosen:
    box = box_of([float(value) for value in card.box.split(",")]) if card.box else None
    return Chosen(case_id=card.words.case_id, image=card.number, place=card.words.region, box=box)


def _number(call: Call, hit: Hit) -> int:
    """Which of its case's images a hit is about, counted from 0."""
    found = call.tenant.archive.case(hit.case_id)
    images = () if found is None else found[1]
    return next((number for number, image in enumerate(images) if image.image_id == hit.image_id), 0)
