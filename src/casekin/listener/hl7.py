"""HL7 over MLLP: a message is kept before it is acknowledged; one that can't be used is refused with the reason.

Framing after the Minimal Lower Layer Protocol: `0x0B` message `0x1C 0x0D`. Acknowledgements in the original mode: AA
kept, AE not kept and worth another try, AR refused for good.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

from casekin.errors import CasekinError, InputError
from casekin.journeys.receive import Site, receive_message
from casekin.journeys.receiving.audited import ReceivingLog
from casekin.listener.peers import Peers
from casekin.reports.messages import Hl7Message, acknowledge, parse_hl7

_log = logging.getLogger(__name__)
_START, _END = b"\x0b", b"\x1c\r"
_MOST_NOISE = 4096
"""Bytes between frames, such as line ends and a health check's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hl7Settings:
    """`callers` are addresses. `idle_s`: a peer that says nothing for so long is let go; `message_s`: one whose
    message doesn't end.
    """

    host: str = "127.0.0.1"
    port: int = 2575
    callers: Peers = field(default_factory=Peers)
    tls: ssl.SSLContext | None = None
    connections: int = 32
    most_bytes: int = 16 * 1024 * 1024
    idle_s: float = 600.0
    message_s: float = 30.0


class Hl7Receiver:
    """Takes messages until `close`; connections have threads of their own. Use as a context manager.

    Raises `InputError` where the port can't be had.
    """

    def __init__(self, site: Site, settings: Hl7Settings) -> None:
        try:
            self._server = _Server(site, settings)
        except OSError as error:
            raise InputError(f"listen: expected a free HL7 port, got {error.strerror}; choose another") from None
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True, name="hl7").start()

    def __enter__(self) -> Hl7Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more connections; messages under way are answered."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, site: Site, settings: Hl7Settings) -> None:
        self.site, self.settings = site, settings
        self.audit = ReceivingLog(site.books, "HL7", tenant=site.tenant)
        self.address_family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        self.room = threading.BoundedSemaphore(settings.connections)
        super().__init__((settings.host, settings.port), _Connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        tls = self.settings.tls
        return (connection if tls is None else tls.wrap_socket(connection, server_side=True)), address

    def verify_request(self, request: Any, client_address: Any) -> bool:
        if not self.settings.callers.may(client_address[0]):
            self.audit.refused()
            return False
        return self.room.acquire(blocking=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.info("connection ended")  # the trace would show what was being read


class _Connection(BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        pending = b""
        while True:
            message, pending = self._frame(pending)
            if message is None:
                return
            self.request.sendall(_START + self._answer(message) + _END)

    def finish(self) -> None:
        self.server.room.release()

    def _frame(self, pending: bytes) -> tuple[bytes | None, bytes]:
        """The next message and what came after it; None when the peer has gone, is too slow or sends something else."""
        settings = self.server.settings
        data = bytearray(pending)
        deadline = time.monotonic() + (settings.message_s if _START in data else settings.idle_s)
        begun = False
        while True:
            start = data.find(_START)
            if start < 0 and len(data) > _MOST_NOISE:
                return None, b""
            if start >= 0 and not begun:
                del data[:start]
                begun, deadline = True, time.monotonic() + settings.message_s
            end = data.find(_END) if begun else -1
            if end >= 0:
                return bytes(data[1:end]), bytes(data[end + len(_END) :])
            if len(data) > settings.most_bytes:
                self.request.sendall(_START + _refusal(None, "HL7: expected a shorter message, got too much") + _END)
                return None, b""
            self.request.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                part = self.request.recv(1 << 16)
            except OSError:  # too slow, gone, or no TLS
                return None, b""
            if not part:
                return None, b""
            data += part

    def _answer(self, data: bytes) -> bytes:
        message = None
        try:
            message = parse_hl7(data)
            receive_message(self.server.site, data)
            self.server.audit.received(self.client_address[0])
        except InputError as error:
            _log.warning("message refused kind=%s", "unread" if message is None else _kind(message))
            return _refusal(message, str(error))
        except CasekinError as error:
            _log.error("message error=%s", type(error).__name__)
            return acknowledge(message, "AE", reason="not kept; send it again", written=_now())
        except Exception as error:  # a peer learns that it failed, never why
            _log.error("message error=%s", type(error).__name__)
            return acknowledge(message, "AE", reason="not kept; send it again", written=_now())
        _log.info("message kept kind=%s", _kind(message))
        return acknowledge(message, "AA", written=_now())


def _refusal(message: Hl7Message | None, reason: str) -> bytes:
    return acknowledge(message, "AR", reason=reason, written=_now())


def _kind(message: Hl7Message) -> str:
    """Type and event, where they are what they should be: they go to the log."""
    kind, event = message.kind
    return f"{kind}^{event}" if kind in ("ORU", "ADT") and len(event) == 3 and event.isalnum() else "other"


def _now() -> str:
    return time.strftime("%Y%m%d%H%M%S")
