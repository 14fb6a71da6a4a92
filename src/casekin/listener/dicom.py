"""The C-STORE receiver: images, reports and rejection notes of known callers, on the disk before that is confirmed."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydicom.uid import UID

from casekin.errors import CasekinError, DependencyError, InputError, SiteError
from casekin.imaging.arrival import KEY_OBJECTS, Arrival, read_arrival
from casekin.imaging.transfer_syntaxes import READ_SYNTAXES
from casekin.journeys.receive import Site, receive_object
from casekin.journeys.receiving.audited import NOBODY, ReceivingLog
from casekin.listener.peers import Peers

try:
    from pynetdicom import AE, evt
except ImportError as error:
    raise DependencyError("C-STORE needs pynetdicom; pip install 'casekin[dicom]'") from error

_log = logging.getLogger(__name__)
# Its messages quote what peers send, and its trace of a refused connection is none of ours.
logging.getLogger("pynetdicom").setLevel(logging.CRITICAL + 1)

SUCCESS = 0x0000
OUT_OF_RESOURCES = 0xA700
CLASS_MISMATCH = 0xA900
CANNOT_UNDERSTAND = 0xC000
PROCESSING_FAILURE = 0x0110
STATUSES: Mapping[type[CasekinError], int] = {
    InputError: CANNOT_UNDERSTAND,
    SiteError: OUT_OF_RESOURCES,
    CasekinError: PROCESSING_FAILURE,
}
"""What an error is to whoever sends (PS3.4 B.2.3; PS3.7 C): the nearest parent that is listed."""
STORAGE_CLASSES = (
    *(f"1.2.840.10008.5.1.4.1.1.{suffix}"
    for suffix in (
        "1", "1.1", "1.1.1", "1.2", "1.2.1",  # CR; DX and mammography, for presentation and processing
        "2", "2.1", "2.2", "4", "4.1", "4.4", "128",  # CT, MR and their enhanced forms; PET
        "7", "7.1", "7.2", "7.3", "7.4",  # secondary capture
        "12.1", "12.1.1",  # X-ray angiography
        "88.11", "88.22", "88.33", "88.34",  # structured reports
    )),
    KEY_OBJECTS,
)  # fmt: skip
_PDU_BYTES = 16382
_LONGEST_NEGOTIATION = 1 << 20
"""Bytes of a PDU that is no data: a request with all contexts and identities has some thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DicomSettings:
    """`callers` name themselves by AE title. `idle_s`: a silent peer is let go; `pdu_s`: one whose PDU doesn't end.

    An object above `most_bytes`, or above `all_bytes` with all that are on their way, ends its association.
    """

    host: str = "127.0.0.1"
    port: int = 11112
    ae_title: str = "CASEKIN"
    callers: Peers = field(default_factory=Peers)
    tls: ssl.SSLContext | None = None
    associations: int = 8
    most_bytes: int = 512 * 1024 * 1024
    all_bytes: int = 1024 * 1024 * 1024
    idle_s: float = 60.0
    pdu_s: float = 30.0


class DicomReceiver:
    """Answers C-ECHO and C-STORE until `close`; associations have threads of their own. Use as a context manager.

    Raises `InputError` where the port can't be had or the AE title is malformed.
    """

    def __init__(self, site: Site, settings: DicomSettings) -> None:
        self._site, self._settings = site, settings
        self._audit = ReceivingLog(site.books, "C-STORE", tenant=site.tenant)
        self._held = _Held(settings)
        try:
            entity = AE(ae_title=settings.ae_title)
            entity.require_called_aet = True
            entity.maximum_associations = settings.associations
            entity.maximum_pdu_size = _PDU_BYTES
            entity.acse_timeout = entity.dimse_timeout = settings.pdu_s
            entity.network_timeout = settings.idle_s
            entity.add_supported_context("1.2.840.10008.1.1")
            for uid in STORAGE_CLASSES:
                entity.add_supported_context(UID(uid), list(READ_SYNTAXES))
            started: Any = entity.start_server(
                (settings.host, settings.port), block=False, ssl_context=settings.tls, evt_handlers=self._handlers()
            )
        except (OSError, ValueError) as error:
            raise InputError(
                f"listen: expected a free DICOM port and an AE title of 16 characters, got {type(error).__name__}; "
                "choose others"
            ) from None
        self._server = started
        self.port: int = started.socket.getsockname()[1]

    def __enter__(self) -> DicomReceiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more associations, and end those that are open."""
        self._server.ae.shutdown()

    def _handlers(self) -> list[Any]:
        return [
            (evt.EVT_CONN_OPEN, self._opened),
            (evt.EVT_CONN_CLOSE, self._held.closed),
            (evt.EVT_REQUESTED, self._requested),
            (evt.EVT_REJECTED, lambda _: self._audit.refused()),
            (evt.EVT_C_ECHO, self._echo),
            (evt.EVT_C_STORE, self._store),
        ]

    def _opened(self, event: Any) -> None:
        is_allowed = self._settings.callers.may(event.address[0])
        self._held.opened(event.assoc, is_allowed)
        if not is_allowed:
            self._audit.refused()

    def _requested(self, event: Any) -> None:
        """Refuse a caller whose title isn't allowed from where it calls (PS3.8 9.3.4: calling AE title)."""
        title = str(event.assoc.requestor.primitive.calling_ae_title).strip()
        if not self._settings.callers.may(event.assoc.requestor.address, title):
            _log.warning("association refused=caller")
            self._audit.refused()
            event.assoc.acse.send_reject(0x01, 0x01, 0x03)
            event.assoc.kill()

    def _echo(self, event: Any) -> int:
        self._held.done(event.assoc)
        return SUCCESS

    def _store(self, event: Any) -> int:
        try:
            data = event.encoded_dataset()
            if not _is_as_declared(event.request, read_arrival(data)):
                return CLASS_MISMATCH
            found = receive_object(self._site, data, now=time.time())
            self._audit.received_study(_title_of(event), self._site.names.uid(found.study_instance_uid))
            status = SUCCESS
        except CasekinError as error:
            status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
        except Exception as error:  # a peer learns that it failed, never why
            _log.error("store error=%s", type(error).__name__)
            status = PROCESSING_FAILURE
        finally:
            self._held.done(event.assoc)
        _log.info("store status=0x%04X", status)
        return status


def _title_of(event: Any) -> str:
    """What a caller calls itself, which is one of the titles that may where such are set."""
    title = str(event.assoc.requestor.ae_title).strip()
    return title if title.isascii() and title.isprintable() and title else NOBODY


def _is_as_declared(request: Any, found: Arrival) -> bool:
    declared = (str(request.AffectedSOPClassUID), str(request.AffectedSOPInstanceUID))
    return declared == (found.sop_class_uid, found.sop_instance_uid)


class _Held:
    """What associations have sent of objects that aren't whole; a socket counts it and ends what grows too large."""

    def __init__(self, settings: DicomSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._bytes: dict[Any, int] = {}

    def opened(self, association: Any, is_allowed: bool) -> None:
        """Bound what a new connection may send, or end it: from elsewhere, or one too many that ask for nothing."""
        settings = self._settings
        connection = association.dul.socket
        with self._lock:
            # pynetdicom's thread may end in an error on what makes no sense, and then doesn't say that it has closed.
            self._bytes = {one: held for one, held in self._bytes.items() if one.dul.is_alive()}
            is_allowed &= len(self._bytes) < 4 * settings.associations
            self._bytes[association] = 0

        def receive(count: int) -> bytearray:
            longest = settings.most_bytes if association.is_established else _LONGEST_NEGOTIATION
            if not is_allowed or count > min(longest, _LONGEST_NEGOTIATION) or not self._room(association, count):
                _log.warning("connection ended=%s", "size" if is_allowed else "caller")
                raise OSError
            return _receive(connection, count, settings.pdu_s)

        connection.recv = receive
        association.run = partial(_run, association, association.run)

    def closed(self, event: Any) -> None:
        with self._lock:
            self._bytes.pop(event.assoc, None)

    def done(self, association: Any) -> None:
        """Its object is whole and kept, or refused."""
        with self._lock:
            self._bytes[association] = 0

    def _room(self, association: Any, count: int) -> bool:
        with self._lock:
            held = self._bytes.get(association, 0) + count
            total = sum(self._bytes.values()) + count
            if held > self._settings.most_bytes or total > self._settings.all_bytes:
                return False
            self._bytes[association] = held
            return True


def _run(association: Any, run: Callable[[], None]) -> None:
    """An association's thread. Where pynetdicom trips over what makes no sense, it would leave the peer connected."""
    try:
        run()
    except Exception as error:
        _log.warning("connection ended=%s", type(error).__name__)
        association.abort()


def _receive(connection: Any, count: int, within_s: float) -> bytearray:
    """As many bytes of a peer, all within a time: one that drips is let go. Raises `OSError`."""
    data = bytearray()
    deadline = time.monotonic() + within_s
    while len(data) < count:
        connection.socket.settimeout(max(0.001, deadline - time.monotonic()))
        part = connection.socket.recv(min(count - len(data), 1 << 16))
        if not part:
            break
        data += part
        if time.monotonic() > deadline:
            raise TimeoutError
    connection.socket.settimeout(None)
    return data
