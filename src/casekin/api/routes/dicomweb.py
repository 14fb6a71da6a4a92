"""DICOMweb: what modalities and archives send (STOW-RS), and what viewers ask of the kept files (QIDO-RS, WADO-RS)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.bodies import capped, read_body
from casekin.api.dicom_media import JSON, XML, accepted, packed
from casekin.api.dicomweb import (
    CANNOT_UNDERSTAND,
    CLASS_NOT_SUPPORTED,
    DOES_NOT_MATCH,
    SYNTAX_NOT_SUPPORTED,
    StoreResults,
    find_cases,
    find_instances,
    frame_parts,
    metadata_of,
    multipart_of,
    rows_of,
    single_part,
)
from casekin.api.openapi import problems
from casekin.api.service import Service, Tenant
from casekin.errors import InputError
from casekin.imaging.arrival import Arrival, read_arrival
from casekin.index import open_index
from casekin.journeys.jobs import queue_receiving
from casekin.journeys.receive import Site, open_site, receive_message, receive_object
from casekin.journeys.receiving.parts import Part, PartReader, boundary_of
from casekin.reports.messages.arrived import MAX_MESSAGE
from casekin.site.files import KeptInstance

_MOST_PARTS = 10_000
"""Instances of one request; a thin-sliced CT has some thousand."""
_DICOM = {"type": "string", "format": "binary", "description": "Parts of type application/dicom."}
_STORE_BODY = {"requestBody": {"required": True, "content": {"multipart/related": {"schema": _DICOM}}}}
_STORED: dict[str, Any] = {
    "description": "What became of each instance (PS3.18, Table 10.5.3-1)",
    "content": {JSON: {}, XML: {}},
}
_FOUND: dict[int | str, dict[str, Any]] = {200: {"description": "Matches as DICOM JSON", "content": {JSON: {}}}}
_SENT: dict[int | str, dict[str, Any]] = {200: {"description": "Parts", "content": {"multipart/related": {}}}}
_REPORT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/fhir+json": {},
            "application/dicom": {"schema": _DICOM},
            "x-application/hl7-v2+er7": {},
        },
    }
}
Uid = Annotated[str, Path(pattern=r"^[0-9.]{1,64}$", description="As it was sent, or its pseudonym.")]
SiteOf = Callable[[Tenant], Site]
Frames = Annotated[str, Path(pattern=r"^[0-9]{1,6}(,[0-9]{1,6}){0,999}$", description="Numbers from 1.")]


def build_dicomweb_router(service: Service) -> APIRouter:
    """`/dicom-web` and `/v1/reports`."""
    router = APIRouter(tags=["dicomweb"])
    sites: dict[str, Site] = {}

    def site_of(tenant: Tenant) -> Site:
        if tenant.name not in sites:
            config = tenant.config
            sites[tenant.name] = open_site(config.index_address, site=tenant.books.folder, model=config.model)
        return sites[tenant.name]

    _add_storing(router, service, site_of)
    _add_finding(router, site_of)
    _add_retrieving(router, site_of)
    return router


def _add_storing(router: APIRouter, service: Service, site_of: SiteOf) -> None:
    @router.post(
        "/dicom-web/studies",
        summary="Send images, reports and rejection notes (STOW-RS)",
        responses={200: _STORED, 202: _STORED, 409: _STORED, **problems(400, 406, 413, 415, 503)},
        openapi_extra=_STORE_BODY,
    )
    async def store_instances(request: Request, tenant: TenantOf, who: Who) -> Response:
        return await store(request, tenant, who.subject, None)

    @router.post(
        "/dicom-web/studies/{study_uid}",
        summary="Send instances of one study (STOW-RS)",
        responses={200: _STORED, 202: _STORED, 409: _STORED, **problems(400, 406, 413, 415, 503)},
        openapi_extra=_STORE_BODY,
    )
    async def store_study(request: Request, tenant: TenantOf, who: Who, study_uid: Uid) -> Response:
        return await store(request, tenant, who.subject, study_uid)

    @router.post(
        "/v1/reports",
        summary="Send a report (HL7 v2, FHIR, DICOM SR), or an HL7 merge of patients; it joins its study, also later",
        status_code=202,
        responses={202: {"description": "Kept"}, **problems(400, 413, 422, 503)},
        openapi_extra=_REPORT_BODY,
        response_class=Response,
    )
    async def create_report(request: Request, tenant: TenantOf) -> Response:
        data = await read_body(request, max_bytes=min(MAX_MESSAGE, service.max_upload_bytes))
        await run_in_threadpool(lambda: receive_message(site_of(tenant), data))
        return Response(status_code=202)

    async def store(request: Request, tenant: Tenant, subject: str, study: str | None) -> Response:
        reply_type = accepted(request.headers.get("accept"), (JSON, XML))  # said before anything is kept
        kind, boundary = boundary_of(request.headers.get("content-type", ""))
        if boundary is None or kind != "application/dicom":
            raise HTTPException(415, 'expected multipart/related; type="application/dicom", got another type')
        site, results = await run_in_threadpool(site_of, tenant), StoreResults(str(request.base_url))
        reader = PartReader(boundary, most_bytes=service.max_upload_bytes, most_parts=_MOST_PARTS)
        try:
            async for piece in capped(request, service.max_store_bytes):
                for part in reader.feed(piece) if piece else ():
                    found = await run_in_threadpool(_store_part, site, part, study, results)
                    note_objects(request, () if found is None else [site.names.uid(found.study_instance_uid)])
            reader.close()
        except InputError as error:
            raise HTTPException(400, str(error)) from error
        finally:  # what came whole is kept, also where the rest is refused
            if results.stored:
                await run_in_threadpool(queue_receiving, tenant.jobs, tenant.books.folder, subject=subject)
                tenant.worker.wake()
        return Response(packed(results.as_record(), reply_type), results.status, media_type=reply_type)


def _store_part(site: Site, part: Part, study: str | None, results: StoreResults) -> Arrival | None:
    """Keep one part, or say why not; a disk that fails ends the request, for what follows would fail too."""
    try:
        found = read_arrival(part.data)
    except InputError:
        results.fail(None, CANNOT_UNDERSTAND)
        return None
    if part.media_type not in ("application/dicom", ""):
        results.fail(found, CANNOT_UNDERSTAND)
    elif study is not None and study != found.study_instance_uid:
        results.fail(found, DOES_NOT_MATCH)
    elif found.kind == "other":
        results.fail(found, CLASS_NOT_SUPPORTED)
    elif found.kind == "image" and not found.is_decodable:
        results.fail(found, SYNTAX_NOT_SUPPORTED)
    else:
        receive_object(site, part.data, now=time.time())
        results.store(found)
        return found
    return None


def _add_finding(router: APIRouter, site_of: SiteOf) -> None:
    @router.get(
        "/dicom-web/studies", summary="Studies with files (QIDO-RS)", responses={**_FOUND, **problems(406, 422)}
    )
    def find_studies(request: Request, tenant: TenantOf) -> Response:
        return _rows(request, tenant, site_of(tenant), "study")

    @router.get(
        "/dicom-web/studies/{study_uid}/series", summary="Series of a study", responses={**_FOUND, **problems(406, 422)}
    )
    def find_series(request: Request, tenant: TenantOf, study_uid: Uid) -> Response:
        return _rows(request, tenant, site_of(tenant), "series", study_uid)

    @router.get(
        "/dicom-web/studies/{study_uid}/series/{series_uid}/instances",
        summary="Instances of a series",
        responses={**_FOUND, **problems(406, 422)},
    )
    def find_series_instances(request: Request, tenant: TenantOf, study_uid: Uid, series_uid: Uid) -> Response:
        return _rows(request, tenant, site_of(tenant), "instance", study_uid, series_uid)


def _rows(request: Request, tenant: Tenant, site: Site, level: str, *uids: str) -> Response:
    accepted(request.headers.get("accept"))
    found = find_instances(tenant.files, site.names, uids, query=request.query_params)
    with open_index(tenant.config.index_address) as handle:
        cases = find_cases(handle, site.names, query=request.query_params)
    if cases is not None:
        found = [one for one in found if one.case_id in cases]
    note_objects(request, sorted({one.case_id for one in found}))
    return Response(rows_of(tenant.files, found, level, query=request.query_params), media_type=JSON)


def _add_retrieving(router: APIRouter, site_of: SiteOf) -> None:
    base = "/dicom-web/studies/{study_uid}/series/{series_uid}"

    @router.get("/dicom-web/studies/{study_uid}", summary="A study's files", responses={**_SENT, **problems(404)})
    def retrieve_study(request: Request, tenant: TenantOf, study_uid: Uid) -> Response:
        return _files(request, tenant, site_of(tenant), study_uid)

    @router.get(base, summary="A series' files (WADO-RS)", responses={**_SENT, **problems(404)})
    def retrieve_series(request: Request, tenant: TenantOf, study_uid: Uid, series_uid: Uid) -> Response:
        return _files(request, tenant, site_of(tenant), study_uid, series_uid)

    @router.get(
        "/dicom-web/studies/{study_uid}/metadata",
        summary="A study's headers",
        responses={**_FOUND, **problems(404, 406)},
    )
    def retrieve_study_metadata(request: Request, tenant: TenantOf, study_uid: Uid) -> Response:
        return _metadata(request, tenant, site_of(tenant), study_uid)

    @router.get(f"{base}/metadata", summary="A series' headers", responses={**_FOUND, **problems(404, 406)})
    def retrieve_series_metadata(request: Request, tenant: TenantOf, study_uid: Uid, series_uid: Uid) -> Response:
        return _metadata(request, tenant, site_of(tenant), study_uid, series_uid)

    @router.get(
        base + "/instances/{instance_uid}", summary="An instance's file (WADO-RS)", responses={**_SENT, **problems(404)}
    )
    def retrieve_instance(
        request: Request, tenant: TenantOf, study_uid: Uid, series_uid: Uid, instance_uid: Uid
    ) -> Response:
        return _files(request, tenant, site_of(tenant), study_uid, series_uid, instance_uid)

    @router.get(
        base + "/instances/{instance_uid}/frames/{frames}",
        summary="Frames of an instance, as they are stored",
        responses={**_SENT, **problems(404)},
    )
    def retrieve_frames(
        request: Request, tenant: TenantOf, study_uid: Uid, series_uid: Uid, instance_uid: Uid, frames: Frames
    ) -> Response:
        found = _found(request, tenant, site_of(tenant), study_uid, series_uid, instance_uid)
        parts = frame_parts(tenant.files, found[0], [int(number) for number in frames.split(",")])
        if parts is None:
            raise HTTPException(404, "no such frame")
        return single_part(parts)


def _found(request: Request, tenant: Tenant, site: Site, *uids: str) -> list[KeptInstance]:
    found = find_instances(tenant.files, site.names, uids)
    if not found:
        raise HTTPException(404, "no such study, series or instance is kept here")
    note_objects(request, sorted({one.case_id for one in found}))
    return found


def _files(request: Request, tenant: Tenant, site: Site, *uids: str) -> Response:
    boundary, body = multipart_of(tenant.files, _found(request, tenant, site, *uids))
    media_type = f'multipart/related; type="application/dicom"; boundary={boundary}'
    return StreamingResponse(body, media_type=media_type)


def _metadata(request: Request, tenant: Tenant, site: Site, *uids: str) -> Response:
    accepted(request.headers.get("accept"))
    return Response(metadata_of(tenant.files, _found(request, tenant, site, *uids)), media_type=JSON)
