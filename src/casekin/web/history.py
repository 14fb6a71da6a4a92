"""History: the searches that somebody made, asked again, undone, judged, handed on by a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import note_objects
from casekin.api.bodies import Form, receive_form
from casekin.api.remember import cases_asked_with
from casekin.retrieval.sheet.words import question_words
from casekin.site.history import KEPT_STEPS, Step
from casekin.site.times import instant
from casekin.web.asking import answer_recipe
from casekin.web.calls import Call, CallOf
from casekin.web.forms import carried_recipe, first
from casekin.web.render import PageRoute, fragment, page, part, wants_fragment

_VERDICTS = {
    "answered": "answered",
    "low_confidence": "low confidence",
    "out_of_distribution": "unlike the archive",
    "no_comparable_case": "no comparable case",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A search in a few words."""

    step_id: int
    title: str
    question: tuple[tuple[str, str], ...]
    verdict: str
    hits: int
    made_at: str


def build_history() -> APIRouter:
    """`/history`, `/shared` and `/feedback`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    _add_steps(router)
    _add_links(router)
    return router


def _add_steps(router: APIRouter) -> None:
    @router.get("/history")
    def history(call: CallOf) -> Response:
        steps = call.tenant.history.newest(subject=call.who.subject)
        return page(call.request, "history.html.j2", steps=[step_view(step) for step in steps])

    @router.post("/history")
    def clear(call: CallOf) -> Response:
        call.tenant.history.clear(subject=call.who.subject)
        return RedirectResponse("/history", status_code=303)

    @router.post("/history/undo")
    async def undo(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(_undo, call, first(form, "upload"))

    @router.get("/history/{step_id}")
    @router.post("/history/{step_id}")
    def again(call: CallOf, step_id: int, upload: str = "") -> Response:
        steps = call.tenant.history.newest(subject=call.who.subject, limit=KEPT_STEPS)
        step = next((step for step in steps if step.step_id == step_id), None)
        if step is None:
            raise HTTPException(404, "no such search of yours")
        return answer_recipe(call, step.recipe, upload=upload, step=step)


def _add_links(router: APIRouter) -> None:
    @router.post("/shared")
    async def share(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            recipe = carried_recipe(form)
            asked_with = cases_asked_with(call.tenant, recipe)
            link = call.tenant.history.share(recipe, subject=call.who.subject, asked_with=asked_with)
        address = f"{call.request.url.scheme}://{call.request.url.netloc}/shared/{link.link_id}"
        return part(call.request, "shared", title="Link", address=address, until=instant(link.expires_at)[:10])

    @router.get("/shared/{link_id}")
    def shared(call: CallOf, link_id: str) -> Response:
        link = call.tenant.history.open(link_id)
        if link is None:
            raise HTTPException(404, "no such link here, or it has expired")
        return answer_recipe(call, link.recipe, upload="")

    @router.post("/feedback")
    async def feedback(call: CallOf) -> Response:
        async with receive_form(call.request, max_bytes=call.max_upload_bytes) as form:
            return await run_in_threadpool(_vote, call, form)


def _undo(call: Call, upload: str) -> Response:
    """The search before the newest one again."""
    step = call.tenant.history.undo(subject=call.who.subject)
    if step is None:
        raise HTTPException(404, "expected a search before this one, got none")
    return answer_recipe(call, step.recipe, upload=upload, step=step)


def _vote(call: Call, form: Form) -> Response:
    """Say of a hit whether it helped."""
    vote, _, case_id = first(form, "vote").partition(" ")
    if vote not in ("yes", "no") or call.tenant.archive.case(case_id) is None:
        raise HTTPException(404, "no such case in this index")
    recipe, subject = carried_recipe(form), call.who.subject
    asked_with = cases_asked_with(call.tenant, recipe)
    call.tenant.feedback.vote(recipe, case_id, is_helpful=vote == "yes", subject=subject, asked_with=asked_with)
    note_objects(call.request, [case_id])
    if wants_fragment(call.request):
        return fragment(call.request, "parts/judged.html.j2", case_id=case_id, vote=vote)
    return RedirectResponse("/history", status_code=303)


def step_view(step: Step) -> StepView:
    """A kept search as the history shows it."""
    asked = step.recipe["question"]
    return StepView(
        step_id=step.step_id,
        title=_title(step.recipe),
        question=tuple(question_words({**asked, "resolved_regions": []})),
        verdict=_VERDICTS.get(step.verdict, step.verdict),
        hits=step.hits,
        made_at=instant(step.made_at)[:16].replace("T", " "),
    )


def _title(recipe: Mapping[str, Any]) -> str:
    asked = recipe["question"]
    what = "An image" if recipe["image"] else (asked["text"] or asked["phrase"] or "Liked cases")
    where = " and ".join(str(place).replace("_", " ") for place in asked["at"])
    if asked["box"] or asked["mask"]:
        where = "a drawn region"
    return f"{what[:80]}, at {where}" if where else str(what)[:80]
