"""Types of replies of the group recipes. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Any, TypedDict


class HistoryStep(TypedDict):
    """A search that was made; `recipe` repeats it."""

    step_id: int
    recipe: dict[str, Any]
    verdict: str
    hits: int
    made_at: str


class History(TypedDict):
    """One's own searches, the newest first."""

    steps: list[HistoryStep]


class Link(TypedDict):
    """A recipe that everybody of the tenant may open by its id, for a while."""

    link_id: str
    recipe: dict[str, Any]
    expires_at: str


class Undone(TypedDict):
    """The search before the one that was dropped; null where there is none."""

    step: HistoryStep | None
