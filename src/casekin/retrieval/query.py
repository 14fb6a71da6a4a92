"""What is asked: an image and/or text, where to look, which cases are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.types import Box

SamePatient = Literal["exclude", "only", "allow"]
MAX_LIMIT = 1000
MAX_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """One question. `box` and `mask` are in pixels of the query image; `mask` is `(height, width)` bool.

    `at` names places (any of them), `phrase` is a place in words with a finding ("left basal effusion"), `where` a
    filter expression, `patient` the query's patient when the image doesn't tell. `same_patient` says what happens to
    that patient's own cases. Raises `InputError` for combinations that can't be answered.
    """

    image: Path | None = None
    text: str | None = None
    at: tuple[str, ...] = ()
    phrase: str | None = None
    box: Box | None = None
    mask: NDArray[np.bool_] | None = None
    where: str | None = None
    limit: int = 10
    patient: str | None = None
    same_patient: SamePatient = "exclude"

    def __post_init__(self) -> None:
        if self.image is None and not (self.text or self.phrase):
            raise InputError("search: expected an image, --text or --phrase, got none; say what to search for")
        if self.image is None and (self.box is not None or self.mask is not None):
            raise InputError("search: --box and --mask need an image; give one, or name the place with --at")
        if self.box is not None and self.mask is not None:
            raise InputError("search: expected --box or --mask, got both; give one")
        if self.same_patient not in get_args(SamePatient):
            raise InputError(f"search: expected --same-patient exclude, only or allow, got {self.same_patient!r}")
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InputError(f"search: expected --limit from 1 to {MAX_LIMIT}, got {self.limit}")
        if len(self.text or "") > MAX_TEXT or len(self.phrase or "") > MAX_TEXT:
            raise InputError(f"search: expected at most {MAX_TEXT} characters of text; shorten it")
