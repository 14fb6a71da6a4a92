"""Pictures of image files that are no part of the archive."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.openapi import FILE, JPEG, problems
from casekin.api.pictures import render_preview
from casekin.api.service import Service
from casekin.api.uploads import receive_form

_IMAGE_BODY = {"type": "object", "required": ["image"], "properties": {"image": FILE}}
_PREVIEW_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _IMAGE_BODY}}}}


def build_images_router(service: Service) -> APIRouter:
    """`/previews`."""
    router = APIRouter(prefix="/v1", tags=["images"])

    @router.post(
        "/previews",
        summary="A picture of an image file, with the stored image's size in two headers",
        responses={200: JPEG, **problems(400, 413, 422)},
        response_class=Response,
        openapi_extra=_PREVIEW_BODY,
    )
    async def preview(request: Request) -> Response:
        async with receive_form(request, max_bytes=service.max_upload_bytes) as form:
            if "image" not in form.files:
                raise HTTPException(400, "expected a file called image, got none")
            shown = await run_in_threadpool(render_preview, form.files["image"])
        size = {"Casekin-Image-Width": str(shown.width), "Casekin-Image-Height": str(shown.height)}
        return Response(shown.jpeg, media_type="image/jpeg", headers=size)

    return router
