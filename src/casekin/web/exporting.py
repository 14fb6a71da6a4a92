"""Exports from the pages: a case or a collection as files for other systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.anatomy import parse_place
from casekin.api.access.authorize import note_objects
from casekin.api.routes.collections import visible_collection
from casekin.api.routes.exports import export_reply
from casekin.api.service import Tenant
from casekin.errors import InputError, PlaceError
from casekin.index import CaseIndex, open_index
from casekin.journeys.export import EXPORT_FORMS, ExportTarget, case_target
from casekin.retrieval.encode import turn_of
from casekin.types import Box, Place
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
        targets = [_target(handle, tenant, chosen) for chosen in cases]
        version = handle.version()
    return export_reply(targets, form=form, index_version=version)


def _one_case(tenant: Tenant, fields: Mapping[str, Sequence[str]]) -> Chosen:
    case_id = one(fields, "case")
    if tenant.archive.case(case_id) is None:
        raise HTTPException(404, "no such case in this index")
    chosen = chosen_by(entry_fields(fields, case_id))
    return chosen if one(fields, "image") else replace(chosen, image=None)


def _target(handle: CaseIndex, tenant: Tenant, chosen: Chosen) -> ExportTarget:
    """The case and its region: the box, or in a CT, where it is that of a located place, the place in 3D."""
    place, box = _place(chosen.place), chosen.box
    targeted = partial(case_target, handle, tenant.files, chosen.case_id, image=chosen.image)
    if box is None:
        return targeted()
    if place is None:
        return targeted(boxes=[box])
    if _is_located_in_ct(tenant, chosen, place, box):
        return targeted(places=[place])
    target = targeted(boxes=[box])
    return replace(target, marks=tuple(replace(mark, place=place, origin="located") for mark in target.marks))


def _is_located_in_ct(tenant: Tenant, chosen: Chosen, place: Place, box: Box) -> bool:
    """Whether a hit's box is where the index located the place in a CT; a form's numbers may be rounded."""
    found = None if chosen.image is None else tenant.archive.image(chosen.case_id, chosen.image)
    if found is None or found[0].kind != "ct" or (known := found[0].boxes.get(str(place))) is None:
        return False
    stored = turn_of(found[0].turn).to_stored(known)
    return max(abs(a - b) for a, b in zip(stored.as_list(), box.as_list(), strict=True)) < 1.0


def _place(words: str | None) -> Place | None:
    try:
        return None if words is None else parse_place(words)
    except PlaceError:  # a collection's entry may say it in words of its own
        return None
