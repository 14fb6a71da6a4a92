"""Routes of the group feedback. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekin.client.connection import Connection
from casekin.client.shapes.feedback import Votes


class FeedbackCalls(Connection):
    """Calls of the group feedback."""

    def vote(self, *, recipe: Mapping[str, Any], case_id: str, helpful: bool | None) -> Votes:
        """Say whether a hit of an answer helped.

        `POST /v1/feedback`.
        """
        reply: Votes = self._call(
            "POST", "/v1/feedback", fields={"recipe": recipe, "case_id": case_id, "helpful": helpful}
        ).json()
        return reply

    def judgements(self) -> str:
        """All votes as judged pairs, JSON Lines.

        `GET /v1/feedback/judgements`.
        """
        return self._call("GET", "/v1/feedback/judgements").text
