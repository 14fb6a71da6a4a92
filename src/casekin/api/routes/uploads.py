"""Uploads: an image is sent once, looked at and asked with many times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, Who
from casekin.api.bodies import receive_files
from casekin.api.openapi import FILE, problems, render_json
from casekin.api.routes.images import UploadId, own_upload
from casekin.api.schemas.image import UploadShape
from casekin.api.service import Service, Tenant
from casekin.errors import ImageError
from casekin.site.times import instant
from casekin.site.uploads import Upload

_FORM = {
    "type": "object",
    "required": ["image"],
    "properties": {"image": {"type": "array", "items": FILE, "description": "One file, or those of one series."}},
}
_BODIES = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": _FORM}, "application/octet-stream": {"schema": FILE}},
    }
}


def build_uploads_router(service: Service) -> APIRouter:
    """`/uploads`."""
    router = APIRouter(prefix="/v1", tags=["uploads"])

    @router.post(
        "/uploads",
        summary="Send an image to look at and to ask with; it is yours alone and gone after an hour",
        status_code=201,
        responses={201: {"model": UploadShape}, **problems(400, 413, 415, 422)},
        openapi_extra=_BODIES,
    )
    async def create_upload(request: Request, tenant: TenantOf, who: Who) -> Response:
        draft = await run_in_threadpool(tenant.uploads.prepare)
        try:
            upload_id = await receive_files(request, draft, max_bytes=service.max_upload_bytes)
        except BaseException:
            tenant.uploads.discard(draft)
            raise
        record = await run_in_threadpool(_keep, tenant, who.subject, draft, upload_id)
        return render_json(record, status=201)

    @router.get(
        "/uploads/{upload_id}",
        summary="An upload, described",
        responses={200: {"model": UploadShape}, **problems(404, 422)},
    )
    def upload(tenant: TenantOf, who: Who, upload_id: UploadId) -> Response:
        return render_json(_record(tenant, own_upload(tenant, who.subject, upload_id)))

    @router.delete(
        "/uploads/{upload_id}",
        summary="Remove an upload before its hour is over",
        status_code=204,
        responses={204: {"description": "Gone"}, **problems(404, 422)},
        response_class=Response,
    )
    def delete_upload(tenant: TenantOf, who: Who, upload_id: UploadId) -> Response:
        if not tenant.uploads.remove(upload_id, who.subject):
            raise HTTPException(404, "no such upload of yours, or its time is over")
        return Response(status_code=204)

    return router


def _keep(tenant: Tenant, subject: str, draft: Path, upload_id: str | None) -> dict[str, Any]:
    """Keep what was received and describe it. What can't be read isn't kept."""
    if upload_id is None:
        tenant.uploads.discard(draft)
        raise HTTPException(400, "expected an image file, got nothing")
    kept = tenant.uploads.keep(draft, upload_id=upload_id, subject=subject)
    if kept is None:
        raise HTTPException(413, "your uploads of the last hour fill their share of the disk; remove some, or wait")
    try:
        return _record(tenant, kept)
    except ImageError:
        tenant.uploads.remove(upload_id, subject)
        raise


def _record(tenant: Tenant, upload: Upload) -> dict[str, Any]:
    picture = tenant.pictures.of_upload(upload)
    return {
        "upload_id": upload.upload_id,
        "expires": instant(upload.expires),
        "stored_as": tenant.archive.cases_of_image(picture.frames.image.content_hash),
        **picture.as_record(),
    }
