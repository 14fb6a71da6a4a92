"""Exports: chosen cases and regions as DICOM objects and FHIR resources."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from numpy.typing import NDArray

from casekin import __version__
from casekin.anatomy import parse_place
from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import problems
from casekin.api.pictures import read_mask
from casekin.api.schemas.exports import ExportFields, ExportTargetFields
from casekin.api.service import Tenant
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex, open_index
from casekin.journeys.export import (
    ExportedFile,
    ExportForm,
    ExportTarget,
    case_target,
    export_targets,
    file_target,
)
from casekin.types import Box

_FILE = {"schema": {"type": "string", "format": "binary"}}
_FILES: dict[str, Any] = {
    "description": "One file, or a zip archive of several",
    "content": {"application/dicom": _FILE, "application/fhir+json": _FILE, "application/zip": _FILE},
}
_Fields = Annotated[ExportFields, Depends(json_body(ExportFields))]


def build_exports_router() -> APIRouter:
    """`/exports`."""
    router = APIRouter(prefix="/v1", tags=["exports"])

    @router.post(
        "/exports",
        summary="Chosen images and regions as DICOM key objects, segmentation or report, or as FHIR",
        responses={200: _FILES, **problems(404, 413, 415, 422, 501)},
        response_class=Response,
        openapi_extra=describe_body(ExportFields),
    )
    def create_export(request: Request, tenant: TenantOf, who: Who, fields: _Fields) -> Response:
        with open_index(tenant.config.index_address) as handle:
            targets = [_target(handle, tenant, who.subject, one) for one in fields.targets]
            version = handle.version()
        note_objects(request, sorted({one.case_id for one in fields.targets if one.case_id is not None}))
        told = {} if fields.description is None else {"description": fields.description}
        return export_reply(targets, form=fields.form, index_version=version, **told)

    return router


def export_reply(targets: Sequence[ExportTarget], *, form: ExportForm, index_version: str, **told: str) -> Response:
    """The targets as one file, or as an archive of several; `told` may hold a `description`.

    Raises what `export_targets` raises.
    """
    software = f"casekin {__version__}, index {index_version}"[:64]
    written = datetime.now(UTC).replace(microsecond=0)
    return _reply(export_targets(targets, form=form, written=written, software=software, **told))


def _target(handle: CaseIndex, tenant: Tenant, subject: str, fields: ExportTargetFields) -> ExportTarget:
    boxes = [Box.from_list(box) for box in fields.boxes]
    masks = [] if fields.mask is None else [_mask(fields.mask)]
    if fields.upload is not None:
        upload = tenant.uploads.open(fields.upload, subject)
        if upload is None or len(upload.files) != 1:
            raise HTTPException(404, "no such upload of yours with one file, or its time is over; send the image again")
        return file_target(upload.files[0], Pseudonymizer(handle.site_key()), boxes=boxes, masks=masks)
    case_id = fields.case_id or ""
    if not handle.cases([case_id]):
        raise HTTPException(404, "no such case in this index")
    places = [parse_place(told) for told in fields.at]
    return case_target(handle, tenant.files, case_id, image=fields.image, places=places, boxes=boxes, masks=masks)


def _mask(data: bytes) -> NDArray[np.bool_]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mask.png"
        path.write_bytes(data)
        return read_mask(path)


def _reply(files: Sequence[ExportedFile]) -> Response:
    """The file itself, or all in an archive that is the same for the same files."""
    if len(files) == 1:
        name, media_type, data = files[0].name, files[0].media_type, files[0].data
    else:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, file in enumerate(files, start=1):
                archive.writestr(zipfile.ZipInfo(f"{number:03d}-{file.name}"), file.data)
        name, media_type, data = "export.zip", "application/zip", packed.getvalue()
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
