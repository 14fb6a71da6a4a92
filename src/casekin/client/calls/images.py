"""Routes of the group images. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven, in_path
from casekin.client.shapes.images import Image


class ImagesCalls(Connection):
    """Calls of the group images."""

    def upload_frame(
        self,
        upload_id: str,
        frame: str,
        *,
        center: float | NotGiven | None = NOT_GIVEN,
        width: float | NotGiven | None = NOT_GIVEN,
        invert: bool | NotGiven = NOT_GIVEN,
        viewport: str | NotGiven | None = NOT_GIVEN,
        format: Literal["png", "jpeg"] | NotGiven = NOT_GIVEN,
    ) -> bytes:
        """A frame of an upload, rendered.

        `GET /v1/uploads/{upload_id}/frames/{frame}`.
        """
        return self._call(
            "GET",
            f"/v1/uploads/{in_path(upload_id)}/frames/{in_path(frame)}",
            query={"center": center, "width": width, "invert": invert, "viewport": viewport, "format": format},
        ).content

    def upload_pixels(self, upload_id: str, frame: str) -> bytes:
        """A frame of an upload as values.

        `GET /v1/uploads/{upload_id}/pixels/{frame}`.
        """
        return self._call("GET", f"/v1/uploads/{in_path(upload_id)}/pixels/{in_path(frame)}").content

    def upload_thumbnail(self, upload_id: str) -> bytes:
        """A small picture of an upload.

        `GET /v1/uploads/{upload_id}/thumbnail`.
        """
        return self._call("GET", f"/v1/uploads/{in_path(upload_id)}/thumbnail").content

    def upload_overlay(self, upload_id: str, *, at: Sequence[str] | NotGiven | None = NOT_GIVEN) -> bytes:
        """Where places lie on an upload, as SVG.

        `GET /v1/uploads/{upload_id}/overlay`.
        """
        return self._call("GET", f"/v1/uploads/{in_path(upload_id)}/overlay", query={"at": at}).content

    def image_frame(
        self,
        case_id: str,
        image: int,
        frame: str,
        *,
        center: float | NotGiven | None = NOT_GIVEN,
        width: float | NotGiven | None = NOT_GIVEN,
        invert: bool | NotGiven = NOT_GIVEN,
        viewport: str | NotGiven | None = NOT_GIVEN,
        format: Literal["png", "jpeg"] | NotGiven = NOT_GIVEN,
    ) -> bytes:
        """A frame of a stored image, rendered.

        `GET /v1/cases/{case_id}/images/{image}/frames/{frame}`.
        """
        return self._call(
            "GET",
            f"/v1/cases/{in_path(case_id)}/images/{in_path(image)}/frames/{in_path(frame)}",
            query={"center": center, "width": width, "invert": invert, "viewport": viewport, "format": format},
        ).content

    def image_pixels(self, case_id: str, image: int, frame: str) -> bytes:
        """A frame of a stored image as values.

        `GET /v1/cases/{case_id}/images/{image}/pixels/{frame}`.
        """
        return self._call(
            "GET", f"/v1/cases/{in_path(case_id)}/images/{in_path(image)}/pixels/{in_path(frame)}"
        ).content

    def image_thumbnail(self, case_id: str, image: int) -> bytes:
        """A small picture of a stored image.

        `GET /v1/cases/{case_id}/images/{image}/thumbnail`.
        """
        return self._call("GET", f"/v1/cases/{in_path(case_id)}/images/{in_path(image)}/thumbnail").content

    def image_overlay(self, case_id: str, image: int, *, at: Sequence[str] | NotGiven | None = NOT_GIVEN) -> bytes:
        """Where places lie on a stored image, as SVG.

        `GET /v1/cases/{case_id}/images/{image}/overlay`.
        """
        return self._call(
            "GET", f"/v1/cases/{in_path(case_id)}/images/{in_path(image)}/overlay", query={"at": at}
        ).content

    def image(self, case_id: str, image: int) -> Image:
        """A stored image, described.

        `GET /v1/cases/{case_id}/images/{image}`.
        """
        reply: Image = self._call("GET", f"/v1/cases/{in_path(case_id)}/images/{in_path(image)}").json()
        return reply
