"""Types of replies of the group feedback. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import TypedDict


class Votes(TypedDict):
    """One's own votes on a question's hits, by case id."""

    query_id: str
    votes: dict[str, bool]
