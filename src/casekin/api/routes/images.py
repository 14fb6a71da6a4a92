"""Images as people look at them: described, rendered, as values, with boxes; uploads and stored ones answer alike."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from casekin.anatomy import parse_place
from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.openapi import problems, render_json
from casekin.api.pictures import Picture, draw_overlay, pack_picture
from casekin.api.schemas.image import ImageShape
from casekin.api.service import Tenant
from casekin.retrieval.encode import turn_of
from casekin.site.uploads import Upload

_NUMBER = r"^(frontal|[0-9]{1,5})$"
_GZIP_LEVEL = 1
_VIEWPORT = re.compile(r"([1-9][0-9]{0,4}),([1-9][0-9]{0,4})")

Frame = Annotated[
    str, Path(pattern=_NUMBER, description="A frame, counted from 0, or `frontal`: a volume's projection.")
]
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="As `POST /v1/uploads` gave it.")]
CaseId = Annotated[str, Path(description="A case's id, which may hold slashes.")]
ImageNumber = Annotated[int, Path(ge=0, le=99999, description="Which image of the case, counted from 0.")]
Center = Annotated[float | None, Query(allow_inf_nan=False, description="Middle of the window, in values.")]
Width = Annotated[float | None, Query(gt=0, allow_inf_nan=False, description="Width of the window, in values.")]
Invert = Annotated[bool, Query(description="Black for white.")]
Viewport = Annotated[
    str | None, Query(pattern=f"^{_VIEWPORT.pattern}$", description="`width,height` to fit into; never enlarged.")
]
Format = Annotated[Literal["png", "jpeg"], Query(alias="format")]
At = Annotated[list[str] | None, Query(description="Only these places.")]
_BINARY = {"type": "string", "format": "binary"}
_PICTURE: dict[str, Any] = {"content": {f"image/{form}": {"schema": _BINARY} for form in ("png", "jpeg")}}
_JPEG: dict[str, Any] = {"content": {"image/jpeg": {"schema": _BINARY}}}
_RAW: dict[str, Any] = {"content": {"application/octet-stream": {"schema": _BINARY}}}
_SVG: dict[str, Any] = {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}


def build_images_router() -> APIRouter:
    """`/uploads/…` and `/cases/…/images/…` from the description on."""
    router = APIRouter(prefix="/v1", tags=["images"])
    _add_upload_routes(router)
    _add_stored_routes(router)
    return router


def _add_upload_routes(router: APIRouter) -> None:
    at = "/uploads/{upload_id}"

    @router.get(f"{at}/frames/{{frame}}", summary="A frame of an upload, rendered",
                responses={200: _PICTURE, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def upload_frame(
        tenant: TenantOf, who: Who, upload_id: UploadId, frame: Frame, center: Center = None, width: Width = None,
        invert: Invert = False, viewport: Viewport = None, form: Format = "png",
    ) -> Response:  # fmt: skip
        return _rendered(
            picture_of_upload(tenant, who.subject, upload_id), frame, (center, width), invert, viewport, form
        )

    @router.get(f"{at}/pixels/{{frame}}", summary="A frame of an upload as values",
                responses={200: _RAW, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def upload_pixels(request: Request, tenant: TenantOf, who: Who, upload_id: UploadId, frame: Frame) -> Response:
        return _values(request, picture_of_upload(tenant, who.subject, upload_id), frame)

    @router.get(f"{at}/thumbnail", summary="A small picture of an upload",
                responses={200: _JPEG, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def upload_thumbnail(tenant: TenantOf, who: Who, upload_id: UploadId) -> Response:
        return _thumbnail(picture_of_upload(tenant, who.subject, upload_id))

    @router.get(f"{at}/overlay", summary="Where places lie on an upload, as SVG",
                responses={200: _SVG, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def upload_overlay(tenant: TenantOf, who: Who, upload_id: UploadId, at: At = None) -> Response:
        return _overlay(tenant, picture_of_upload(tenant, who.subject, upload_id), at or ())


def _add_stored_routes(router: APIRouter) -> None:
    at = "/cases/{case_id:path}/images/{image}"

    @router.get(f"{at}/frames/{{frame}}", summary="A frame of a stored image, rendered",
                responses={200: _PICTURE, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def image_frame(
        request: Request, tenant: TenantOf, case_id: CaseId, image: ImageNumber, frame: Frame, center: Center = None,
        width: Width = None, invert: Invert = False, viewport: Viewport = None, form: Format = "png",
    ) -> Response:  # fmt: skip
        return _rendered(_stored(request, tenant, case_id, image), frame, (center, width), invert, viewport, form)

    @router.get(f"{at}/pixels/{{frame}}", summary="A frame of a stored image as values",
                responses={200: _RAW, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def image_pixels(request: Request, tenant: TenantOf, case_id: CaseId, image: ImageNumber, frame: Frame) -> Response:
        return _values(request, _stored(request, tenant, case_id, image), frame)

    @router.get(f"{at}/thumbnail", summary="A small picture of a stored image",
                responses={200: _JPEG, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def image_thumbnail(request: Request, tenant: TenantOf, case_id: CaseId, image: ImageNumber) -> Response:
        return _thumbnail(_stored(request, tenant, case_id, image))

    @router.get(f"{at}/overlay", summary="Where places lie on a stored image, as SVG",
                responses={200: _SVG, **problems(404, 422)}, response_class=Response)  # fmt: skip
    def image_overlay(
        request: Request, tenant: TenantOf, case_id: CaseId, image: ImageNumber, at: At = None
    ) -> Response:
        return _overlay(tenant, _stored(request, tenant, case_id, image), at or ())

    @router.get(at, summary="A stored image, described", responses={200: {"model": ImageShape}, **problems(404, 422)})
    def image(request: Request, tenant: TenantOf, case_id: CaseId, image: ImageNumber) -> Response:
        return render_json(_stored(request, tenant, case_id, image).as_record())


def picture_of_upload(tenant: Tenant, subject: str, upload_id: str) -> Picture:
    """The picture of somebody's upload. Raises `HTTPException` 404 where they have none of that name."""
    return tenant.pictures.of_upload(own_upload(tenant, subject, upload_id))


def own_upload(tenant: Tenant, subject: str, upload_id: str) -> Upload:
    """Somebody's upload. Raises `HTTPException` 404 where they have none of that name."""
    upload = tenant.uploads.open(upload_id, subject)
    if upload is None:
        raise HTTPException(404, "no such upload of yours, or its time is over; send the image again")
    return upload


def _stored(request: Request, tenant: Tenant, case_id: str, number: int) -> Picture:
    picture = tenant.pictures.of_case(case_id, number)
    if picture is None:
        raise HTTPException(404, "no such case or image in this index")
    note_objects(request, [case_id])
    return picture


def _rendered(
    picture: Picture,
    frame: str,
    window: tuple[float | None, float | None],
    invert: bool,
    viewport: str | None,
    form: Literal["png", "jpeg"],
) -> Response:
    """A frame as a picture. Raises `HTTPException` 404 for no such frame, 422 for half a window."""
    center, width = window
    if (center is None) != (width is None):
        raise HTTPException(422, "expected center and width together, got one of them")
    match = None if viewport is None else _VIEWPORT.fullmatch(viewport)
    shown = picture.render(
        _number(frame),
        window=None if center is None or width is None else (center - width / 2, center + width / 2),
        viewport=None if match is None else (int(match[1]), int(match[2])),
    )
    if shown is None:
        raise _no_frame()
    return Response(pack_picture(255 - shown if invert else shown, form=form), media_type=f"image/{form}")


def _values(request: Request, picture: Picture, frame: str) -> Response:
    raw = picture.raw(_number(frame))
    if raw is None:
        raise _no_frame()
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(raw.data, media_type="application/octet-stream", headers=headers)
    packed = gzip.compress(raw.data, _GZIP_LEVEL, mtime=0)
    headers["Content-Encoding"] = "gzip"
    return Response(packed, media_type="application/octet-stream", headers=headers)


def _thumbnail(picture: Picture) -> Response:
    return Response(pack_picture(picture.thumbnail(), form="jpeg"), media_type="image/jpeg")


def _overlay(tenant: Tenant, picture: Picture, at: Sequence[str]) -> Response:
    """The located places; of a stored image as the index has them, of an upload as the model finds them."""
    if picture.stored is not None:
        turn = turn_of(picture.stored.turn)
        found = {parse_place(name): box for name, box in picture.stored.boxes.items()}
    else:
        encoded = tenant.archive.encode(picture)
        turn, found = encoded.turn, dict(encoded.encoded.boxes)
    boxes = {place: turn.to_stored(box) for place, box in found.items()}
    return Response(draw_overlay(turn.stored, boxes, [parse_place(name) for name in at]), media_type="image/svg+xml")


def _number(frame: str) -> int | None:
    return None if frame == "frontal" else int(frame)


def _no_frame() -> HTTPException:
    return HTTPException(404, "no such frame of this image")
