"""Collections: one's own and shared ones, their entries, exports, and the quiz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.access.principal import Principal
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import problems, render_json
from casekin.api.schemas.collections import (
    AttemptFields,
    AttemptShape,
    CollectionChangeFields,
    CollectionFields,
    CollectionListShape,
    CollectionShape,
    EntryInFields,
    EntryShape,
    FullCollectionShape,
    OrderFields,
    QuizShape,
)
from casekin.api.service import Tenant
from casekin.site.collection_page import EntryPicture, collection_html
from casekin.site.collections import CaseCollection, Collections, EntryFields
from casekin.types import Box

_HTML = {"content": {"text/html": {"schema": {"type": "string"}}, "application/json": {"schema": {"type": "object"}}}}
_QUESTION = ("entry_id", "position", "case_id", "image", "place", "box")
_NOT_FOUND = "no such collection or entry"


def build_collections_router() -> APIRouter:
    """`/collections`."""
    router = APIRouter(prefix="/v1", tags=["collections"])
    _add_collections(router)
    _add_entries(router)
    _add_quiz(router)
    return router


def _add_collections(router: APIRouter) -> None:
    @router.get(
        "/collections",
        summary="Collections that one may see",
        responses={200: {"model": CollectionListShape}, **problems()},
    )
    def list_collections(tenant: TenantOf, who: Who) -> Response:
        return render_json({"collections": [one.as_record() for one in tenant.collections.visible(who.subject)]})

    @router.post(
        "/collections",
        status_code=201,
        summary="A new collection",
        responses={201: {"model": CollectionShape}, **problems(413, 415, 422)},
        openapi_extra=describe_body(CollectionFields),
    )
    def create_collection(
        tenant: TenantOf, who: Who, fields: Annotated[CollectionFields, Depends(json_body(CollectionFields))]
    ) -> Response:
        check_sharing(who, fields.shared)
        made = tenant.collections.create(fields.title, owner=who.subject, note=fields.note, is_shared=fields.shared)
        return render_json(made.as_record(), status=201)

    @router.get(
        "/collections/{collection_id}",
        summary="A collection with its entries",
        responses={200: {"model": FullCollectionShape}, **problems(404, 422)},
    )
    def collection(request: Request, tenant: TenantOf, who: Who, collection_id: str) -> Response:
        return render_json(_full(request, tenant, visible_collection(tenant.collections, collection_id, who)))

    @router.patch(
        "/collections/{collection_id}",
        summary="Change a collection's words, or share it",
        responses={200: {"model": CollectionShape}, **problems(404, 413, 415, 422)},
        openapi_extra=describe_body(CollectionChangeFields),
    )
    def change_collection(
        tenant: TenantOf,
        who: Who,
        collection_id: str,
        fields: Annotated[CollectionChangeFields, Depends(json_body(CollectionChangeFields))],
    ) -> Response:
        check_sharing(who, bool(fields.shared))
        changeable_collection(tenant.collections, collection_id, who)
        tenant.collections.change(collection_id, title=fields.title, note=fields.note, is_shared=fields.shared)
        return render_json(visible_collection(tenant.collections, collection_id, who).as_record())

    @router.delete(
        "/collections/{collection_id}",
        status_code=204,
        summary="Remove a collection",
        responses={204: {"description": "Gone"}, **problems(404, 422)},
    )
    def remove_collection(tenant: TenantOf, who: Who, collection_id: str) -> Response:
        changeable_collection(tenant.collections, collection_id, who)
        tenant.collections.remove(collection_id)
        return Response(status_code=204)

    @router.get(
        "/collections/{collection_id}/export",
        summary="A collection to take along: JSON, or one HTML page with its pictures",
        responses={200: _HTML, **problems(404, 422)},
        response_class=Response,
    )
    def export_collection(
        request: Request, tenant: TenantOf, who: Who, collection_id: str, form: Literal["json", "html"] = "json"
    ) -> Response:
        found = _full(request, tenant, visible_collection(tenant.collections, collection_id, who))
        if form == "json":
            return render_json(found)
        return Response(collection_html(found, _pictures(tenant, found["entries"])), media_type="text/html")


def _add_entries(router: APIRouter) -> None:
    @router.post(
        "/collections/{collection_id}/entries",
        status_code=201,
        summary="Put a case into a collection",
        responses={201: {"model": EntryShape}, **problems(404, 413, 415, 422)},
        openapi_extra=describe_body(EntryInFields),
    )
    def add_entry(
        request: Request,
        tenant: TenantOf,
        who: Who,
        collection_id: str,
        fields: Annotated[EntryInFields, Depends(json_body(EntryInFields))],
    ) -> Response:
        changeable_collection(tenant.collections, collection_id, who)
        added = tenant.collections.add(collection_id, _checked(request, tenant, fields))
        return render_json(added.as_record(), status=201)

    @router.put(
        "/collections/{collection_id}/entries/{entry_id}",
        summary="Say something else of a case in a collection",
        responses={200: {"model": EntryShape}, **problems(404, 413, 415, 422)},
        openapi_extra=describe_body(EntryInFields),
    )
    def replace_entry(
        request: Request,
        tenant: TenantOf,
        who: Who,
        collection_id: str,
        entry_id: str,
        fields: Annotated[EntryInFields, Depends(json_body(EntryInFields))],
    ) -> Response:
        changeable_collection(tenant.collections, collection_id, who)
        entry = tenant.collections.replace(collection_id, entry_id, _checked(request, tenant, fields))
        if entry is None:
            raise HTTPException(404, _NOT_FOUND)
        return render_json(entry.as_record())

    @router.delete(
        "/collections/{collection_id}/entries/{entry_id}",
        status_code=204,
        summary="Take a case out of a collection",
        responses={204: {"description": "Gone"}, **problems(404, 422)},
    )
    def discard_entry(tenant: TenantOf, who: Who, collection_id: str, entry_id: str) -> Response:
        changeable_collection(tenant.collections, collection_id, who)
        if not tenant.collections.discard(collection_id, entry_id):
            raise HTTPException(404, _NOT_FOUND)
        return Response(status_code=204)

    @router.put(
        "/collections/{collection_id}/order",
        summary="Put a collection's entries into an order",
        responses={200: {"model": FullCollectionShape}, **problems(404, 413, 415, 422)},
        openapi_extra=describe_body(OrderFields),
    )
    def arrange_entries(
        request: Request,
        tenant: TenantOf,
        who: Who,
        collection_id: str,
        fields: Annotated[OrderFields, Depends(json_body(OrderFields))],
    ) -> Response:
        changeable_collection(tenant.collections, collection_id, who)
        tenant.collections.arrange(collection_id, fields.entries)
        return render_json(_full(request, tenant, visible_collection(tenant.collections, collection_id, who)))


def _add_quiz(router: APIRouter) -> None:
    @router.get(
        "/collections/{collection_id}/quiz",
        summary="A collection's questions without their answers, and one's own score",
        responses={200: {"model": QuizShape}, **problems(404, 422)},
    )
    def quiz(request: Request, tenant: TenantOf, who: Who, collection_id: str) -> Response:
        visible_collection(tenant.collections, collection_id, who)
        asked = [entry.as_record() for entry in tenant.collections.entries(collection_id)]
        questions = [{name: one[name] for name in _QUESTION} for one in asked if one["answer"] is not None]
        note_objects(request, [one["case_id"] for one in questions])
        score = tenant.collections.score(collection_id, subject=who.subject)
        return render_json({"questions": questions, "score": score})

    @router.post(
        "/collections/{collection_id}/quiz/{entry_id}",
        summary="Answer a question of the quiz",
        responses={200: {"model": AttemptShape}, **problems(404, 413, 415, 422)},
        openapi_extra=describe_body(AttemptFields),
    )
    def answer_question(
        request: Request,
        tenant: TenantOf,
        who: Who,
        collection_id: str,
        entry_id: str,
        fields: Annotated[AttemptFields, Depends(json_body(AttemptFields))],
    ) -> Response:
        visible_collection(tenant.collections, collection_id, who)
        tried = tenant.collections.attempt(collection_id, entry_id, fields.answer, subject=who.subject)
        if tried is None:
            raise HTTPException(404, _NOT_FOUND)
        asked = [entry for entry in tenant.collections.entries(collection_id) if entry.entry_id == entry_id]
        note_objects(request, [entry.fields.case_id for entry in asked])
        score = tenant.collections.score(collection_id, subject=who.subject)
        return render_json({**tried.as_record(), "score": score})


def check_stored_image(tenant: Tenant, case_id: str, number: int) -> None:
    """Raises `HTTPException` 404 for a case, or an image of it, that isn't there."""
    found = tenant.archive.case(case_id)
    if found is None or number >= len(found[1]):
        raise HTTPException(404, "no such case or image in this index")


def check_sharing(who: Principal, wants_to_share: bool) -> None:
    """Raises `HTTPException` 403 for who wants to share a collection and may not."""
    if wants_to_share and not who.may("curator"):
        raise HTTPException(403, f"expected the role curator to share a collection, got {who.role}")


def may_change(found: CaseCollection, who: Principal) -> bool:
    """Whether somebody may change a collection that they see: its owner, and curators."""
    return found.owner == who.subject or who.may("curator")


def visible_collection(kept: Collections, collection_id: str, who: Principal) -> CaseCollection:
    """A collection that is the caller's own or shared. Raises `HTTPException` 404."""
    found = kept.get(collection_id, subject=who.subject)
    if found is None:
        raise HTTPException(404, _NOT_FOUND)
    return found


def changeable_collection(kept: Collections, collection_id: str, who: Principal) -> CaseCollection:
    """A collection that the caller may change. Raises `HTTPException`: 404 for one that they may not see, else 403."""
    found = visible_collection(kept, collection_id, who)
    if not may_change(found, who):
        raise HTTPException(403, "expected the collection's owner or the role curator, got neither")
    return found


def _full(request: Request, tenant: Tenant, found: CaseCollection) -> dict[str, Any]:
    entries = tenant.collections.entries(found.collection_id)
    note_objects(request, [entry.fields.case_id for entry in entries])
    return {**found.as_record(), "entries": [entry.as_record() for entry in entries]}


def _pictures(tenant: Tenant, entries: Sequence[Mapping[str, Any]]) -> dict[str, EntryPicture]:
    """The entries' stored previews; a case that is gone has none."""
    found = {entry["entry_id"]: tenant.archive.image(entry["case_id"], entry["image"]) for entry in entries}
    return {
        entry_id: EntryPicture(jpeg=image[0].preview, width=image[0].width, height=image[0].height)
        for entry_id, image in found.items()
        if image is not None
    }


def _checked(request: Request, tenant: Tenant, fields: EntryInFields) -> EntryFields:
    """What to keep of a case that is there. Raises `HTTPException` 404."""
    check_stored_image(tenant, fields.case_id, fields.image)
    note_objects(request, [fields.case_id])
    box = fields.box
    return EntryFields(
        case_id=fields.case_id,
        image=fields.image,
        place=fields.place,
        box=None if box is None else Box.from_list(box),
        note=fields.note,
        answer=fields.answer,
    )
