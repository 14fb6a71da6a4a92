"""Routes of the group recipes. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven, in_path
from casekin.client.shapes.recipes import History, Link, Undone


class RecipesCalls(Connection):
    """Calls of the group recipes."""

    def history(self, *, limit: int | NotGiven = NOT_GIVEN) -> History:
        """One's own searches, the newest first.

        `GET /v1/history`.
        """
        reply: History = self._call("GET", "/v1/history", query={"limit": limit}).json()
        return reply

    def clear_history(self) -> None:
        """Drop all of one's own searches.

        `DELETE /v1/history`.
        """
        self._call("DELETE", "/v1/history")

    def undo(self) -> Undone:
        """Drop the newest search, and give the one before it.

        `POST /v1/history/undo`.
        """
        reply: Undone = self._call("POST", "/v1/history/undo").json()
        return reply

    def share_recipe(self, *, recipe: Mapping[str, Any], days: float | NotGiven | None = NOT_GIVEN) -> Link:
        """A link by which everybody of the tenant may open a recipe.

        `POST /v1/recipes`.
        """
        reply: Link = self._call("POST", "/v1/recipes", fields={"recipe": recipe, "days": days}).json()
        return reply

    def recipe(self, link_id: str) -> Link:
        """The recipe that a link leads to.

        `GET /v1/recipes/{link_id}`.
        """
        reply: Link = self._call("GET", f"/v1/recipes/{in_path(link_id)}").json()
        return reply
