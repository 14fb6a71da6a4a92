"""Routes of the group admin. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven, in_path
from casekin.client.shapes.admin import AuditList, Erasure, ModelList, NewToken, TokenList
from casekin.client.shapes.jobs import Job


class AdminCalls(Connection):
    """Calls of the group admin."""

    def upkeep(
        self,
        *,
        kind: Literal["calibrate", "backup", "check", "reembed"],
        folder: str | NotGiven | None = NOT_GIVEN,
        model: str | NotGiven | None = NOT_GIVEN,
    ) -> Job:
        """Calibrate, check, back up, or embed with another model.

        `POST /v1/admin/jobs`.
        """
        reply: Job = self._call(
            "POST", "/v1/admin/jobs", fields={"kind": kind, "folder": folder, "model": model}
        ).json()
        return reply

    def erase(
        self, *, patients: Sequence[str] | NotGiven = NOT_GIVEN, case_ids: Sequence[str] | NotGiven = NOT_GIVEN
    ) -> Erasure:
        """Erase patients or cases for good, from the index and from all that the site keeps.

        `POST /v1/admin/erasures`.
        """
        reply: Erasure = self._call(
            "POST", "/v1/admin/erasures", fields={"patients": patients, "case_ids": case_ids}
        ).json()
        return reply

    def audit(
        self,
        *,
        last: int | NotGiven = NOT_GIVEN,
        subject: str | NotGiven | None = NOT_GIVEN,
        event: str | NotGiven | None = NOT_GIVEN,
    ) -> AuditList:
        """The last records of the audit log.

        `GET /v1/admin/audit`.
        """
        reply: AuditList = self._call(
            "GET", "/v1/admin/audit", query={"last": last, "subject": subject, "event": event}
        ).json()
        return reply

    def list_models(self) -> ModelList:
        """The models whose vectors the index holds.

        `GET /v1/admin/models`.
        """
        reply: ModelList = self._call("GET", "/v1/admin/models").json()
        return reply

    def activate_model(self, *, model: str) -> ModelList:
        """Let another model answer from now on; the one before is kept.

        `POST /v1/admin/models/activate`.
        """
        reply: ModelList = self._call("POST", "/v1/admin/models/activate", fields={"model": model}).json()
        return reply

    def list_tokens(self) -> TokenList:
        """Tokens that were made, never what opens.

        `GET /v1/admin/tokens`.
        """
        reply: TokenList = self._call("GET", "/v1/admin/tokens").json()
        return reply

    def create_token(
        self, *, subject: str, role: Literal["reader", "curator", "admin"], days: float | NotGiven | None = NOT_GIVEN
    ) -> NewToken:
        """Make a token; what opens is shown this once.

        `POST /v1/admin/tokens`.
        """
        reply: NewToken = self._call(
            "POST", "/v1/admin/tokens", fields={"subject": subject, "role": role, "days": days}
        ).json()
        return reply

    def revoke_token(self, token_id: str) -> None:
        """Revoke a token.

        `DELETE /v1/admin/tokens/{token_id}`.
        """
        self._call("DELETE", f"/v1/admin/tokens/{in_path(token_id)}")
