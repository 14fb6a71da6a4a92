"""Exports from the pages: a case or a collection as files for other systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.anatomy import parse_place
from casekin.api.access.authorize import note_objects
from casekin.api.routes.collections import visible_collection
from casekin.api.routes.exports import export_reply
from casekin.api.service import Tenant
from casekin.errors import InputError, PlaceError
from casekin.index import open_index
from casekin.journeys.export import EXPORT_FORMS, ExportTarget, case_target
from casekin.retrieval.export.marks import Mark
from casekin.types import Place
from casekin.web.calls import Call, CallOf
from casekin.web.collecting import chosen_by, entry_fields
from casekin.web.forms import one, read_fields
from casekin.web.render import PageRoute
from casekin.web.ways import Chosen, ways_out

_MOST = 100
"""Cases of one export, as for programs."""


def build_exporting() -> APIRouter:
    """`/exports`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.post("/exports")
    async def save_export(request: Request, call: CallOf) -> Response:
        """A case's or a collection's files for other systems; without script, too."""
        fields = await read_fields(request)
        return await run_in_threadpool(_export, call, fields)

    return router


def _export(call: Call, fields: Mapping[str, Sequence[str]]) -> Response:
    form = next((form for form in EXPORT_FORMS if form == one(fields, "form")), None)
    if form is None:
        raise HTTPException(422, f"form: expected one of {', '.join(EXPORT_FORMS)}, got another one")
    tenant = call.tenant
    if collection_id := one(fields, "collection"):
        visible_collection(tenant.collections, collection_id, call.who)
        entries = [chosen_by(entry.fields) for entry in tenant.collections.entries(collection_id)]
        cases = [case for case in entries if (ways := ways_out(tenant, case)) is not None and ways.takes(form)]
    else:
        cases = [_one_case(tenant, fields)]
    if not 1 <= len(cases) <= _MOST:
        raise InputError(f"export: expected 1 to {_MOST} cases that can be saved in this form, got {len(cases)}")
    note_objects(call.request, sorted({chosen.case_id for chosen in cases}))
    with open_index(tenant.config.index_address) as handle:
        targets = [_with_region(case_target(handle, tenant.files, it.case_id, image=it.image), it) for it in cases]
        version = handle.version()
    return export_reply(targets, form=form, index_version=version)


def _one_case(tenant: Tenant, fields: Mapping[str, Sequence[str]]) -> Chosen:
    case_id = one(fields, "case")
    if tenant.archive.case(case_id) is None:
        raise HTTPException(404, "no such case in this index")
    chosen = chosen_by(entry_fields(fields, case_id))
    return chosen if one(fields, "image") else replace(chosen, image=None)


def _with_region(target: ExportTarget, chosen: Chosen) -> ExportTarget:
    if chosen.box is None:
        return target
    place = _place(chosen.place)
    return replace(target, marks=(Mark(box=chosen.box, place=place, origin="drawn" if place is None else "located"),))


def _place(words: str | None) -> Place | None:
    try:
        return None if words is None else parse_place(words)
    except PlaceError:  # a collection's entry may say it in words of its own
        return None
