"""History: the searches that somebody made, asked again, undone, handed on by a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casekin.retrieval.sheet.words import question_words
from casekin.site.history import Step
from casekin.site.times import instant

_VERDICTS = {
    "answered": "answered",
    "low_confidence": "low confidence",
    "out_of_distribution": "unlike the archive",
    "no_comparable_case": "no comparable case",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A search in a few words."""

    step_id: int
    title: str
    question: tuple[tuple[str, str], ...]
    verdict: str
    hits: int
    made_at: str


def step_view(step: Step) -> StepView:
    """A kept search as the history shows it."""
    asked = step.recipe["question"]
    return StepView(
        step_id=step.step_id,
        title=_title(step.recipe),
        question=tuple(question_words({**asked, "resolved_regions": []})),
        verdict=_VERDICTS.get(step.verdict, step.verdict),
        hits=step.hits,
        made_at=instant(step.made_at)[:16].replace("T", " "),
    )


def _title(recipe: Mapping[str, Any]) -> str:
    asked = recipe["question"]
    what = "An image" if recipe["image"] else (asked["text"] or asked["phrase"] or "Liked cases")
    where = " and ".join(str(place).replace("_", " ") for place in asked["at"])
    if asked["box"] or asked["mask"]:
        where = "a drawn region"
    return f"{what[:80]}, at {where}" if where else str(what)[:80]
