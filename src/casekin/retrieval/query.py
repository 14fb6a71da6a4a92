"""What is asked: an image and/or text, where to look, which cases are allowed, and what to tell beside the hits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.types import Box

SamePatient = Literal["exclude", "only", "allow"]
Combine = Literal["mean", "all_of", "any_of"]
MAX_LIMIT = 1000
MAX_TEXT = 10_000
MAX_EXAMPLES = 100
MAX_CONDITIONS = 100
TEXT_WEIGHT = 0.5
"""Share of the text where both an image and a text are given."""
FACTS_WEIGHT = 0.6
"""What a finding that picture and report surely agree on adds; chosen with its figures in docs/decisions/0032."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """One question. `box` and `mask` are in pixels of the query image; `mask` is `(height, width)` bool.

    `at` names places (any of them), `phrase` is a place in words with a finding ("left basal effusion"), `where` a
    filter expression, `patient` the query's patient when the image doesn't tell, `patient_key` the same as the index
    calls it. `same_patient` says what happens to that patient's own cases. Several places count by their mean, or every
    one of them must be alike (`all_of`: the worst counts), or one suffices (`any_of`: the best counts). `like` and
    `unlike` are ids of stored cases that the question is moved towards and away from; without an image, the liked cases
    are what is searched for.

    `with_` and `without` are conditions on what reports state, "FINDING [at PLACE]" each. `text_weight` in [0, 1] is
    the text's share beside an image's, `facts_weight` in [0, 1] what reports of look-alikes count for a question
    without a text. `relax`: where too few cases pass or none compares, wider places follow. `counter` asks for so many
    cases of counter-evidence of either kind; `board` and `follow_up` for a summary over so many first hits (0: none).

    In place of `image`, `case` names a stored case whose image number `case_image` asks: its pixels alone, as those of
    any other image; its patient is the question's.

    Raises `InputError` for combinations that can't be answered.
    """

    image: Path | None = None
    case: str | None = None
    case_image: int = 0
    text: str | None = None
    at: tuple[str, ...] = ()
    phrase: str | None = None
    box: Box | None = None
    mask: NDArray[np.bool_] | None = None
    where: str | None = None
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    limit: int = 10
    patient: str | None = None
    patient_key: str | None = None
    same_patient: SamePatient = "exclude"
    combine: Combine = "mean"
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    text_weight: float = TEXT_WEIGHT
    facts_weight: float = FACTS_WEIGHT
    relax: bool = True
    counter: int = 0
    board: int = 0
    follow_up: int = 0

    @property
    def has_image(self) -> bool:
        """Whether an image asks, from a file or of a stored case."""
        return self.image is not None or self.case is not None

    def __post_init__(self) -> None:
        if self.image is not None and self.case is not None:
            raise InputError("search: expected an image or a stored case to ask with, got both; give one")
        if not self.has_image and not (self.text or self.phrase or self.like):
            raise InputError("search: expected an image, --text, --phrase or --like, got none; say what to search for")
        self._check_combination()
        self._check_numbers()
        if not self.has_image and (self.box is not None or self.mask is not None):
            raise InputError("search: --box and --mask need an image; give one, or name the place with --at")
        if self.box is not None and self.mask is not None:
            raise InputError("search: expected --box or --mask, got both; give one")
        if self.same_patient not in get_args(SamePatient):
            raise InputError(f"search: expected --same-patient exclude, only or allow, got {self.same_patient!r}")
        if len(self.text or "") > MAX_TEXT or len(self.phrase or "") > MAX_TEXT:
            raise InputError(f"search: expected at most {MAX_TEXT} characters of text; shorten it")
        if len(self.with_) + len(self.without) > MAX_CONDITIONS:
            raise InputError(f"search: expected at most {MAX_CONDITIONS} conditions; say the rest with --where")

    def _check_numbers(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InputError(f"search: expected --limit from 1 to {MAX_LIMIT}, got {self.limit}")
        for name in ("counter", "board", "follow_up"):
            if not 0 <= getattr(self, name) <= MAX_LIMIT:
                option = name.replace("_", "-")
                raise InputError(f"search: expected --{option} from 0 to {MAX_LIMIT}, got {getattr(self, name)}")
        for name in ("text_weight", "facts_weight"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                option = name.replace("_", "-")
                raise InputError(f"search: expected --{option} from 0 to 1, got {getattr(self, name)}")

    def _check_combination(self) -> None:
        """Raises `InputError` where places are combined, or cases liked, that have no vectors to do it with."""
        drawn = self.box is not None or self.mask is not None
        seen = self.has_image or bool(self.like)
        if self.combine not in get_args(Combine):
            raise InputError(f"search: expected combine mean, all_of or any_of, got {self.combine!r}")
        if self.combine != "mean" and (drawn or not (seen and self.at)):
            raise InputError("search: --all-of and --any-of need an image or --like, and places named with --at")
        if (self.like or self.unlike) and drawn:
            raise InputError("search: --like and --unlike don't go with a drawn region; name the place with --at")
        if self.unlike and not seen:
            raise InputError("search: --unlike needs an image or --like; say what to search for")
        if both := set(self.like) & set(self.unlike):
            raise InputError(f"search: expected a case in --like or --unlike, got {min(both)!r} in both")
        if len(self.like) + len(self.unlike) > MAX_EXAMPLES:
            raise InputError(f"search: expected at most {MAX_EXAMPLES} liked and disliked cases; name fewer")
