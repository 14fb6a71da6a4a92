"""History, shared recipes, votes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from casekin.api.schemas.shared import Shape


class HistoryStepShape(Shape):
    """A search that was made; `recipe` repeats it."""

    step_id: int
    recipe: dict[str, Any]
    verdict: str
    hits: int
    made_at: str


class HistoryShape(Shape):
    """One's own searches, the newest first."""

    steps: list[HistoryStepShape]


class UndoneShape(Shape):
    """The search before the one that was dropped; null where there is none."""

    step: HistoryStepShape | None


class ShareFields(BaseModel):
    """A recipe to hand on."""

    model_config = ConfigDict(extra="forbid")

    recipe: Annotated[dict[str, Any], Field(description="The `recipe` of an answer.")]
    days: Annotated[float | None, Field(gt=0, le=366, description="How long the link opens it; the site's limit.")] = (
        None
    )


class LinkShape(Shape):
    """A recipe that everybody of the tenant may open by its id, for a while."""

    link_id: str
    recipe: dict[str, Any]
    expires_at: str


class VoteFields(BaseModel):
    """Whether a hit of a question helped; null takes the vote back."""

    model_config = ConfigDict(extra="forbid")

    recipe: Annotated[dict[str, Any], Field(description="The `recipe` of the answer that the hit stands in.")]
    case_id: Annotated[str, Field(min_length=1, max_length=256)]
    helpful: bool | None


class VotesShape(Shape):
    """One's own votes on a question's hits, by case id."""

    query_id: str
    votes: dict[str, bool]
