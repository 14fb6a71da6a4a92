"""Images that pages show and ask with: uploads and images of stored cases, alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from casekin.api.access.principal import Principal
from casekin.api.archive import Question
from casekin.api.pictures import Picture
from casekin.api.service import Tenant
from casekin.errors import InputError
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.recipe import stored_image
from casekin.web.figures import Film

_LONGEST = 1024
"""Of a picture on a card, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An image with the address that its viewer takes; `upload`, or `case` and `image`, name it in a form."""

    picture: Picture
    name: str
    address: str
    upload: str = ""
    case: str = ""
    image: int = 0

    @property
    def still(self) -> str:
        """A picture of it, for where no viewer runs."""
        return f"{self.address}/{self._part}?viewport={_LONGEST},{_LONGEST}&format=jpeg"

    @property
    def is_volume(self) -> bool:
        """Whether it has slices, of which no maps are made."""
        return self.picture.frames.frontal is not None

    @property
    def film(self) -> Film:
        """The picture in whose pixels boxes are: a volume's frontal projection."""
        frontal = self.picture.frames.frontal
        height, width = (self.picture.height, self.picture.width) if frontal is None else frontal.shape
        return Film(address=self.still, width=width, height=height)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The form fields that name it."""
        if self.upload:
            return (("upload", self.upload),)
        return ("case", self.case), ("case_image", str(self.image))

    @property
    def _part(self) -> str:
        return "frames/0" if self.picture.frames.frontal is None else "frames/frontal"


def case_picture(case_id: str, number: int = 0) -> str:
    """Where the picture of a stored case's image is."""
    return f"/v1/cases/{quote(case_id)}/preview?image={number}"


def image_address(case_id: str, number: int) -> str:
    """What a viewer of a stored case's image is given."""
    return f"/v1/cases/{quote(case_id)}/images/{number}"


def question_source(question: Question, *, upload: str = "") -> Source | None:
    """The image that a question asks with, which came as this upload or is a stored case's; None for none."""
    if question.picture is None:
        return None
    if question.picture.stored is None:
        return _upload_source(question.picture, upload)
    if isinstance(question.asked, SearchQuery):
        case_id, number = question.asked.case or "", question.asked.case_image
    else:
        case_id, number = stored_image(question.asked) or ("", 0)
    return _case_source(question.picture, case_id, number)


def upload_source(tenant: Tenant, who: Principal, upload_id: str) -> Source | None:
    """Somebody's upload; None where it is gone. Raises `ImageError` where it can't be read."""
    upload = tenant.uploads.open(upload_id, who.subject)
    return None if upload is None else _upload_source(tenant.pictures.of_upload(upload), upload_id)


def case_source(tenant: Tenant, case_id: str, number: int = 0) -> Source | None:
    """An image of a stored case; None where there is none."""
    picture = tenant.pictures.of_case(case_id, number)
    return None if picture is None else _case_source(picture, case_id, number)


def keep_file(tenant: Tenant, who: Principal, file: Path) -> str:
    """Make an upload of a file that came with a form; its id. Raises `InputError` where there is no room."""
    kept = tenant.uploads.keep_file(file, subject=who.subject)
    if kept is None:
        raise InputError("image: expected room for it among your uploads, got none; wait an hour")
    return kept.upload_id


def is_here(tenant: Tenant, who: Principal, recipe: Mapping[str, Any], upload: str) -> bool:
    """Whether the image that a recipe was asked with can be asked again: this upload, or a stored case's."""
    if recipe["image"] is None or stored_image(recipe) is not None:
        return True
    source = upload_source(tenant, who, upload) if upload else None
    return source is not None and source.picture.frames.image.content_hash == recipe["image"]["content_sha256"]


def _upload_source(picture: Picture, upload_id: str) -> Source:
    return Source(picture=picture, name="Your image", address=f"/v1/uploads/{upload_id}", upload=upload_id)


def _case_source(picture: Picture, case_id: str, number: int) -> Source:
    address = image_address(case_id, number)
    return Source(picture=picture, name=f"Case {case_id}", address=address, case=case_id, image=number)
