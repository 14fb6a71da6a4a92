"""Routes of the group state. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from casekin.client.connection import Connection
from casekin.client.shapes.state import Health, Info, Ready


class StateCalls(Connection):
    """Calls of the group state."""

    def info(self) -> Info:
        """What the index holds.

        `GET /v1/info`.
        """
        reply: Info = self._call("GET", "/v1/info").json()
        return reply

    def health(self) -> Health:
        """Whether the process answers.

        `GET /v1/health`.
        """
        reply: Health = self._call("GET", "/v1/health").json()
        return reply

    def ready(self) -> Ready:
        """Whether the service can do its work: index, books and room on the disk.

        `GET /v1/ready`.
        """
        reply: Ready = self._call("GET", "/v1/ready").json()
        return reply

    def metrics(self) -> str:
        """Metrics as Prometheus text.

        `GET /metrics`.
        """
        return self._call("GET", "/metrics").text
