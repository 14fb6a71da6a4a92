"""Routes of the group drafts. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven
from casekin.client.shapes.drafts import Draft


class DraftsCalls(Connection):
    """Calls of the group drafts."""

    def draft(
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
    ) -> Draft:
        """Draft a preliminary report in which every sentence cites similar cases.

        `POST /v1/drafts`.
        """
        reply: Draft = self._call(
            "POST",
            "/v1/drafts",
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

    def draft_as(
        self,
        *,
        form: Literal["text", "json", "fhir", "sr", "sr-basic"] | Literal["html"],
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
    ) -> bytes:
        """Draft a preliminary report in which every sentence cites similar cases: as a file of another form.

        `POST /v1/drafts`.
        """
        return self._call(
            "POST",
            "/v1/drafts",
            query={"form": form},
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
        ).content
