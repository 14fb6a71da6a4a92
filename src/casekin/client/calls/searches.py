"""Routes of the group searches. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven
from casekin.client.shapes.searches import Cards, SearchAnswer


class SearchesCalls(Connection):
    """Calls of the group searches."""

    def search(
        self,
        *,
        mask: Path | NotGiven = NOT_GIVEN,
        image: Path | int | NotGiven = NOT_GIVEN,
        text: str | NotGiven | None = NOT_GIVEN,
        at: Sequence[str] | NotGiven = NOT_GIVEN,
        phrase: str | NotGiven | None = NOT_GIVEN,
        box: Sequence[float] | NotGiven | None = NOT_GIVEN,
        where: str | NotGiven | None = NOT_GIVEN,
        with_: Sequence[str] | NotGiven = NOT_GIVEN,
        without: Sequence[str] | NotGiven = NOT_GIVEN,
        limit: int | NotGiven = NOT_GIVEN,
        patient: str | NotGiven | None = NOT_GIVEN,
        same_patient: Literal["exclude", "only", "allow"] | NotGiven = NOT_GIVEN,
        combine: Literal["mean", "all_of", "any_of"] | NotGiven = NOT_GIVEN,
        like: Sequence[str] | NotGiven = NOT_GIVEN,
        unlike: Sequence[str] | NotGiven = NOT_GIVEN,
        text_weight: float | NotGiven = NOT_GIVEN,
        facts_weight: float | NotGiven = NOT_GIVEN,
        relax: bool | NotGiven = NOT_GIVEN,
        counter: int | NotGiven = NOT_GIVEN,
        board: int | NotGiven = NOT_GIVEN,
        follow_up: int | NotGiven = NOT_GIVEN,
        recipe: Mapping[str, Any] | NotGiven | None = NOT_GIVEN,
        upload: str | NotGiven | None = NOT_GIVEN,
        case: str | NotGiven | None = NOT_GIVEN,
        anyway: bool | NotGiven = NOT_GIVEN,
    ) -> SearchAnswer:
        """Find cases that show the same finding in the same place.

        `POST /v1/searches`.
        """
        reply: SearchAnswer = self._call(
            "POST",
            "/v1/searches",
            fields={
                "mask": mask,
                "image": image,
                "text": text,
                "at": at,
                "phrase": phrase,
                "box": box,
                "where": where,
                "with": with_,
                "without": without,
                "limit": limit,
                "patient": patient,
                "same_patient": same_patient,
                "combine": combine,
                "like": like,
                "unlike": unlike,
                "text_weight": text_weight,
                "facts_weight": facts_weight,
                "relax": relax,
                "counter": counter,
                "board": board,
                "follow_up": follow_up,
                "recipe": recipe,
                "upload": upload,
                "case": case,
                "anyway": anyway,
            },
            joined=("box",),
        ).json()
        return reply

    def search_cards(
        self,
        *,
        mask: Path | NotGiven = NOT_GIVEN,
        image: Path | int | NotGiven = NOT_GIVEN,
        text: str | NotGiven | None = NOT_GIVEN,
        at: Sequence[str] | NotGiven = NOT_GIVEN,
        phrase: str | NotGiven | None = NOT_GIVEN,
        box: Sequence[float] | NotGiven | None = NOT_GIVEN,
        where: str | NotGiven | None = NOT_GIVEN,
        with_: Sequence[str] | NotGiven = NOT_GIVEN,
        without: Sequence[str] | NotGiven = NOT_GIVEN,
        limit: int | NotGiven = NOT_GIVEN,
        patient: str | NotGiven | None = NOT_GIVEN,
        same_patient: Literal["exclude", "only", "allow"] | NotGiven = NOT_GIVEN,
        combine: Literal["mean", "all_of", "any_of"] | NotGiven = NOT_GIVEN,
        like: Sequence[str] | NotGiven = NOT_GIVEN,
        unlike: Sequence[str] | NotGiven = NOT_GIVEN,
        text_weight: float | NotGiven = NOT_GIVEN,
        facts_weight: float | NotGiven = NOT_GIVEN,
        relax: bool | NotGiven = NOT_GIVEN,
        counter: int | NotGiven = NOT_GIVEN,
        board: int | NotGiven = NOT_GIVEN,
        follow_up: int | NotGiven = NOT_GIVEN,
        recipe: Mapping[str, Any] | NotGiven | None = NOT_GIVEN,
        upload: str | NotGiven | None = NOT_GIVEN,
        case: str | NotGiven | None = NOT_GIVEN,
        anyway: bool | NotGiven = NOT_GIVEN,
    ) -> Cards:
        """The same answer with an evidence card for each hit: paired regions, maps, what matches; takes longer.

        `POST /v1/searches/cards`.
        """
        reply: Cards = self._call(
            "POST",
            "/v1/searches/cards",
            fields={
                "mask": mask,
                "image": image,
                "text": text,
                "at": at,
                "phrase": phrase,
                "box": box,
                "where": where,
                "with": with_,
                "without": without,
                "limit": limit,
                "patient": patient,
                "same_patient": same_patient,
                "combine": combine,
                "like": like,
                "unlike": unlike,
                "text_weight": text_weight,
                "facts_weight": facts_weight,
                "relax": relax,
                "counter": counter,
                "board": board,
                "follow_up": follow_up,
                "recipe": recipe,
                "upload": upload,
                "case": case,
                "anyway": anyway,
            },
            joined=("box",),
        ).json()
        return reply
