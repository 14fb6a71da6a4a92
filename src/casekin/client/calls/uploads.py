"""Routes of the group uploads. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casekin.client.connection import Connection, in_path
from casekin.client.shapes.uploads import Upload


class UploadsCalls(Connection):
    """Calls of the group uploads."""

    def create_upload(self, *, image: Path | Sequence[Path]) -> Upload:
        """Send an image to look at and to ask with; it is yours alone and gone after an hour.

        `POST /v1/uploads`.
        """
        reply: Upload = self._call("POST", "/v1/uploads", fields={"image": image}, is_form=True).json()
        return reply

    def upload(self, upload_id: str) -> Upload:
        """An upload, described.

        `GET /v1/uploads/{upload_id}`.
        """
        reply: Upload = self._call("GET", f"/v1/uploads/{in_path(upload_id)}").json()
        return reply

    def delete_upload(self, upload_id: str) -> None:
        """Remove an upload before its hour is over.

        `DELETE /v1/uploads/{upload_id}`.
        """
        self._call("DELETE", f"/v1/uploads/{in_path(upload_id)}")
