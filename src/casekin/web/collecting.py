"""Collections: teaching files with notes, and the quiz that is made of their questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.access.principal import Principal
from casekin.api.routes.collections import (
    changeable_collection,
    check_sharing,
    check_stored_image,
    may_change,
    visible_collection,
)
from casekin.api.service import Tenant
from casekin.site.collections import Attempt, Entry, EntryFields
from casekin.web.answers import case_address
from casekin.web.figures import Figure, Film, box_of, whole_figure
from casekin.web.forms import CORNERS, SMALL_NUMBER, one, read_fields
from casekin.web.render import PageRoute, fragment, page, wants_fragment
from casekin.web.sources import case_picture, image_address
from casekin.web.vocabulary import known_findings
from casekin.web.ways import Chosen, ways_out_together


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry with its picture; `is_here` tells whether the archive still has the case."""

    entry: Entry
    address: str
    viewer: str
    figure: Figure | None
    is_here: bool


def build_collecting() -> APIRouter:
    """`/collections` and what lies below."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    _add_list(router)
    _add_collection(router)
    _add_entries(router)
    _add_quiz(router)
    return router


def _add_list(router: APIRouter) -> None:
    @router.get("/collections")
    def collections(request: Request, tenant: TenantOf, who: Who) -> Response:
        found = tenant.collections.visible(who.subject)
        return page(request, "collections.html.j2", collections=found)

    @router.post("/collections")
    async def create(request: Request, tenant: TenantOf, who: Who) -> Response:
        fields = await read_fields(request)
        made = tenant.collections.create(one(fields, "title"), owner=who.subject, note=one(fields, "note"))
        return _see(made.collection_id)

    @router.post("/collections/entries")
    async def keep(request: Request, tenant: TenantOf, who: Who) -> Response:
        """Put a case into a collection, or into a new one."""
        fields = await read_fields(request)
        kept, case_id = tenant.collections, one(fields, "case")
        entry = entry_fields(fields, case_id)
        check_stored_image(tenant, case_id, entry.image)
        chosen, title = one(fields, "collection"), one(fields, "title")
        if chosen and not title:
            collection = changeable_collection(kept, chosen, who)
        else:
            collection = kept.create(title or "My cases", owner=who.subject)
        kept.add(collection.collection_id, entry)
        note_objects(request, [case_id])
        if wants_fragment(request):
            return fragment(request, "parts/kept.html.j2", collection=collection)
        return _see(collection.collection_id)


def _add_collection(router: APIRouter) -> None:
    @router.get("/collections/{collection_id}")
    def collection(request: Request, collection_id: str, tenant: TenantOf, who: Who) -> Response:
        kept = tenant.collections
        found = visible_collection(kept, collection_id, who)
        entries = [_entry_view(tenant, entry) for entry in kept.entries(collection_id)]
        note_objects(request, (view.entry.fields.case_id for view in entries if view.is_here))
        return page(
            request,
            "collection.html.j2",
            collection=found,
            entries=entries,
            may_change=may_change(found, who),
            may_share=who.may("curator"),
            score=kept.score(collection_id, subject=who.subject),
            ways=ways_out_together(tenant, [chosen_by(view.entry.fields) for view in entries]),
        )

    @router.post("/collections/{collection_id}")
    async def change(request: Request, collection_id: str, tenant: TenantOf, who: Who) -> Response:
        fields = await read_fields(request)
        kept = tenant.collections
        changeable_collection(kept, collection_id, who)
        if one(fields, "action") == "remove":
            kept.remove(collection_id)
            return RedirectResponse("/collections", status_code=303)
        shared = one(fields, "shared") == "yes"
        check_sharing(who, shared)
        title, note = one(fields, "title"), one(fields, "note")
        kept.change(collection_id, title=title, note=note, is_shared=shared if who.may("curator") else None)
        return _see(collection_id)


def _add_entries(router: APIRouter) -> None:
    @router.post("/collections/{collection_id}/entries/{entry_id}")
    async def entry(request: Request, collection_id: str, entry_id: str, tenant: TenantOf, who: Who) -> Response:
        fields = await read_fields(request)
        kept = tenant.collections
        changeable_collection(kept, collection_id, who)
        entries = kept.entries(collection_id)
        found = next((entry for entry in entries if entry.entry_id == entry_id), None)
        if found is None:
            raise HTTPException(404, "no such entry")
        match one(fields, "action"):
            case "remove":
                kept.discard(collection_id, entry_id)
            case "up" | "down" as way:
                kept.arrange(collection_id, _moved([e.entry_id for e in entries], found.position, way))
            case _:
                said = replace(found.fields, note=one(fields, "note"), answer=one(fields, "answer") or None)
                kept.replace(collection_id, entry_id, said)
        return _see(collection_id)


def _add_quiz(router: APIRouter) -> None:
    @router.get("/collections/{collection_id}/quiz")
    def quiz(request: Request, collection_id: str, tenant: TenantOf, who: Who, question: int = 1) -> Response:
        return _quiz_page(request, tenant, who, collection_id, question, None)

    @router.post("/collections/{collection_id}/quiz")
    async def answer(request: Request, collection_id: str, tenant: TenantOf, who: Who) -> Response:
        fields = await read_fields(request)
        number = one(fields, "question")
        kept = tenant.collections
        visible_collection(kept, collection_id, who)
        attempt = kept.attempt(collection_id, one(fields, "entry"), one(fields, "given"), subject=who.subject)
        if attempt is None or not SMALL_NUMBER.fullmatch(number):
            raise HTTPException(404, "no such question")
        return _quiz_page(request, tenant, who, collection_id, int(number), attempt)


def _quiz_page(
    request: Request, tenant: Tenant, who: Principal, collection_id: str, number: int, attempt: Attempt | None
) -> Response:
    kept = tenant.collections
    collection = visible_collection(kept, collection_id, who)
    questions = [entry for entry in kept.entries(collection_id) if entry.fields.answer is not None]
    shown = _entry_view(tenant, questions[number - 1]) if 1 <= number <= len(questions) else None
    if shown is not None and shown.is_here:
        note_objects(request, [shown.entry.fields.case_id])
    return page(
        request,
        "quiz.html.j2",
        collection=collection,
        shown=shown,
        number=number,
        count=len(questions),
        attempt=attempt,
        score=kept.score(collection_id, subject=who.subject),
        findings=known_findings(),
    )


def _entry_view(tenant: Tenant, entry: Entry) -> EntryView:
    fields = entry.fields
    found = tenant.archive.case(fields.case_id)
    figure = None
    if found is not None and fields.image < len(found[1]):
        stored = found[1][fields.image]
        film = Film(address=case_picture(fields.case_id, fields.image), width=stored.width, height=stored.height)
        figure = whole_figure(film, fields.box, alt=f"Image of entry {entry.position + 1}", caption=fields.place or "")
    return EntryView(
        entry=entry,
        address=case_address(fields.case_id),
        viewer=image_address(fields.case_id, fields.image),
        figure=figure,
        is_here=found is not None,
    )


def chosen_by(fields: EntryFields) -> Chosen:
    """An entry's case with its image and region, to be exported."""
    return Chosen(case_id=fields.case_id, image=fields.image, place=fields.place, box=fields.box)


def entry_fields(fields: Mapping[str, Sequence[str]], case_id: str) -> EntryFields:
    """What a form says of a case. Raises `HTTPException` 422 for a box or an image's number that is none."""
    image, box = one(fields, "image") or "0", one(fields, "box")
    if not SMALL_NUMBER.fullmatch(image) or not re.fullmatch(CORNERS, box):
        raise HTTPException(422, "expected an image's number and a box of four numbers")
    return EntryFields(
        case_id=case_id,
        image=int(image),
        place=one(fields, "place") or None,
        box=box_of([float(value) for value in box.split(",")]) if box else None,
        note=one(fields, "note"),
        answer=one(fields, "answer") or None,
    )


def _moved(entry_ids: list[str], position: int, way: str) -> list[str]:
    """The ids with the one at `position` one place further up or down, where it can go there."""
    other = position + (1 if way == "down" else -1)
    if not 0 <= other < len(entry_ids):
        return entry_ids
    moved = list(entry_ids)
    moved[position], moved[other] = moved[other], moved[position]
    return moved


def _see(collection_id: str) -> RedirectResponse:
    return RedirectResponse(f"/collections/{quote(collection_id)}", status_code=303)
