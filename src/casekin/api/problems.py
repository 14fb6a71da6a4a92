"""One table from errors to HTTP: every error class has a status, a title and a type; a reply is a problem document.

Problem documents follow RFC 9457. `detail` is the error's own message, which never holds patient data; an error that
nobody foresaw says nothing of itself but that it happened.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Response

from casekin.errors import (
    CasekinError,
    DependencyError,
    FilterError,
    FindingError,
    ImageError,
    IndexStoreError,
    InputError,
    ManifestError,
    ModelError,
    NotComparableError,
    PlaceError,
    SiteError,
)

MEDIA_TYPE = "application/problem+json"
PROBLEMS: dict[type[CasekinError], tuple[int, str, str]] = {
    CasekinError: (500, "casekin", "The request can't be answered"),
    InputError: (422, "input", "The question can't be answered as asked"),
    ImageError: (422, "image", "The image can't be read"),
    NotComparableError: (422, "not-comparable", "Nothing compares with this image"),
    ManifestError: (422, "manifest", "A row is malformed"),
    PlaceError: (422, "place", "No such place"),
    FindingError: (422, "finding", "No such finding"),
    FilterError: (422, "filter", "The filter can't be read"),
    IndexStoreError: (503, "index", "The index can't be used"),
    SiteError: (503, "site", "What the site keeps can't be used"),
    ModelError: (503, "model", "The model can't be used"),
    DependencyError: (501, "dependency", "A package is missing on the server"),
}
"""Status, last part of `type`, and title of every class; a class that isn't listed stands under its nearest parent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, for people and for programs."""

    status: int
    type: str
    title: str
    detail: str

    def as_record(self) -> dict[str, object]:
        """The RFC 9457 members."""
        return {"type": self.type, "title": self.title, "status": self.status, "detail": self.detail}


def problem_of(error: CasekinError) -> Problem:
    """The problem that stands for an error."""
    home = next(kind for kind in type(error).__mro__ if kind in PROBLEMS)
    status, name, title = PROBLEMS[home]
    return Problem(status=status, type=f"urn:casekin:problem:{name}", title=title, detail=str(error))


def http_problem(status: int, detail: str) -> Problem:
    """A problem of HTTP itself: not found, too large, not allowed."""
    return Problem(status=status, type="about:blank", title=HTTPStatus(status).phrase, detail=detail)


UNFORESEEN = http_problem(500, "an unforeseen error; its kind and place are in the server's log")


def respond(problem: Problem) -> Response:
    """The problem as a reply."""
    return Response(json.dumps(problem.as_record(), ensure_ascii=False), problem.status, media_type=MEDIA_TYPE)
