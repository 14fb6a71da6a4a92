"""Families of conversations: DICOM associations with a receiver, and what remote servers answer to a pull."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
import traceback
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from fuzz import messages
from fuzz.mutations import GENERAL, Mutation, Random

_PDU_S = 2.0
_WAIT_S, _BRIEF_WAIT_S = 1.0, 0.03
"""For answers, where the sender has let go of the association (A-RELEASE-RQ) and where it hasn't."""
_PDU_HEAD, _DATA_HEAD = 6, 12
_STORE_STATUS = re.compile(
    rb"\x00\x00\x00\x01\x02\x00\x00\x00\x01\x80.*?\x00\x00\x00\x09\x02\x00\x00\x00(..)", re.DOTALL
)
"""A C-STORE-RSP's Command Field and its Status (PS3.7, 9.3.1.2)."""
_NEXT_ANSWER = b"\n=====\n"


def association_seeds() -> Sequence[bytes]:
    """All that a sender sends: asks for an association, echoes, stores a report, lets go."""
    from pydicom import dcmread
    from pynetdicom import AE, evt

    sent: list[bytes] = []
    with _receiver(Path(mkdtemp(prefix="fuzz-seed-"))) as receiver:
        for data in messages.object_seeds():
            stored = dcmread(io.BytesIO(data))
            entity = AE(ae_title="CANARY")
            entity.add_requested_context("1.2.840.10008.1.1")
            entity.add_requested_context(stored.SOPClassUID, "1.2.840.10008.1.2.1")
            words: list[bytes] = []
            taken = [(evt.EVT_DATA_SENT, lambda event, words=words: words.append(event.data))]
            association = entity.associate("127.0.0.1", receiver.port, ae_title="CASEKIN", evt_handlers=taken)
            association.send_c_echo()
            association.send_c_store(stored)
            association.release()
            sent.append(b"".join(words))
    return sent


def association_mutations() -> Sequence[Mutation]:
    """Most within a fragment of data, whose lengths stay true; some in what frames it; a few in the negotiation."""
    negotiation = (_in_request(GENERAL[0]), _in_request(GENERAL[4]))
    return (*map(_in_fragment, GENERAL), *map(_in_fragment, GENERAL), *map(_after_request, GENERAL), *negotiation)


def associate(data: bytes, folder: Path) -> str:
    """Ask for an association and, once it is granted, say the rest; what became of it."""
    from casekin.errors import InputError

    receiver, reply = _live_receiver(folder), bytearray()
    end = _end_of_request(data)
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10 * _PDU_S) as connection:
        try:
            connection.sendall(data[:end])
            if len(data) > end:
                reply += connection.recv(1 << 16)
                connection.sendall(data[end:])
            connection.settimeout(_WAIT_S if data[-10:-8] == b"\x05\x00" else _BRIEF_WAIT_S)
            while part := _heard(connection):
                reply += part
            connection.settimeout(10 * _PDU_S)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                reply += part
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            # it hung up
    if _STRAYS:
        raise _STRAYS.pop()
    if reply[:1] != b"\x02":
        raise InputError(reply.decode("latin-1"))
    stored = [int.from_bytes(status, "little") for status in _STORE_STATUS.findall(bytes(reply))]
    return f"store 0x{stored[-1]:04X}" if stored else "associated"


def answer_seeds() -> Sequence[bytes]:
    """Answers of a DICOMweb server and of a FHIR server, one after the other, in the order they are asked for."""
    names = {"study": "0020000D", "series": "0020000E", "instance": "00080018"}

    def rows(level: str, uid: str) -> bytes:
        return _answer(json.dumps([{names[level]: {"vr": "UI", "Value": [uid]}}]).encode())

    body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + messages.object_seeds()[0] + b"\r\n--b--\r\n"
    found = [rows("study", "1.2.3"), _answer(b"[]"), rows("series", "1.2.3.4"), _answer(b"[]")]
    found += [rows("instance", "1.2.9"), _answer(b"[]"), _answer(body, 'multipart/related; boundary="b"')]
    bundle = json.loads(messages.message_seeds()[3])
    linked = {
        **bundle,
        "link": [{"relation": "next", "url": "https://a.example/x/DiagnosticReport?page=2"}],
        "total": 2,
    }
    order = {"resourceType": "DiagnosticReport", "id": "o", "subject": {"reference": "Patient/p"}, "conclusion": "x"}
    order |= {
        "basedOn": [{"reference": "ServiceRequest/q"}],
        "presentedForm": [{"contentType": "text/x", "url": "Binary/b"}],
    }
    patient = {"resourceType": "Patient", "id": "p", "name": [{"text": "CANARY"}]}
    told = [
        linked,
        order,
        patient,
        {"resourceType": "ServiceRequest"},
        bundle,
        {"resourceType": "Binary", "data": "V29y"},
    ]
    reports = [_answer(json.dumps(one).encode(), "application/fhir+json") for one in told]
    return [_NEXT_ANSWER.join(found), _NEXT_ANSWER.join(reports), _NEXT_ANSWER.join(found[:1] + found[2:])]


def pull_answers(data: bytes, folder: Path) -> str:
    """Pull studies and reports from servers that give these answers; how much came. All lies in the folder."""
    import httpx2

    from casekin.errors import InputError
    from casekin.journeys.pull import pull_studies
    from casekin.journeys.pull_reports import pull_reports
    from casekin.journeys.receiving.peers import Peer

    came, refusals = 0, []
    for pull, what in ((pull_studies, "DICOMweb"), (pull_reports, "FHIR")):
        into = folder / "pulled"
        transport = httpx2.MockTransport(_Answers(data))
        client = partial(httpx2.Client, transport=transport)
        try:
            with patch.object(httpx2, "Client", client):
                came += pull(Peer(what=what, address="https://a.example/x"), into, sleep=lambda _: None).fetched
        except InputError as error:
            refusals.append(str(error))
        finally:
            rmtree(into, ignore_errors=True)
        if sorted(one.name for one in folder.iterdir()) not in ([], ["pulled"]):
            raise RuntimeError("something lies beside the folder")
    if len(refusals) == 2:
        raise InputError("; ".join(refusals))
    return f"fetched {min(came, 3)}"


def _heard(connection: socket.socket) -> bytes:
    """What comes next; nothing where the other side waits for more."""
    try:
        return connection.recv(1 << 16)
    except TimeoutError:
        return b""


class _Answers:
    """A server that gives answers in their order, and nothing after them."""

    def __init__(self, data: bytes) -> None:
        self._left = data.split(_NEXT_ANSWER)

    def __call__(self, _: Any) -> Any:
        import httpx2

        if not self._left:
            return httpx2.Response(404)
        head, _, body = self._left.pop(0).partition(b"\n")
        status, _, kind = head.partition(b" ")
        number = int(status) if status.isdigit() and len(status) == 3 and status >= b"200" else 200
        pieces = [body[at : at + 700] for at in range(0, len(body), 700)]
        return httpx2.Response(number, headers=[(b"content-type", kind)], content=iter(pieces))


def _answer(body: bytes, kind: str = "application/dicom+json") -> bytes:
    return f"200 {kind}\n".encode() + body


def _end_of_request(data: bytes) -> int:
    """Where the first PDU ends (PS3.8, 9.3.1)."""
    return min(len(data), _PDU_HEAD + int.from_bytes(data[2:_PDU_HEAD], "big"))


def _in_request(mutation: Mutation) -> Mutation:
    def changed(data: bytes, random: Random) -> bytes:
        end = _end_of_request(data)
        return mutation(data[:end], random) + data[end:]

    return changed


def _after_request(mutation: Mutation) -> Mutation:
    def changed(data: bytes, random: Random) -> bytes:
        end = _end_of_request(data)
        return data[:end] + mutation(data[end:], random)

    return changed


def _in_fragment(mutation: Mutation) -> Mutation:
    """Changes what one P-DATA-TF carries (PS3.8, 9.3.5) and tells its length as it is then."""

    def changed(data: bytes, random: Random) -> bytes:
        found, at = [], 0
        while at + _DATA_HEAD <= len(data):
            end = at + _PDU_HEAD + int.from_bytes(data[at + 2 : at + _PDU_HEAD], "big")
            if data[at] == 0x04 and at + _DATA_HEAD <= end <= len(data):
                found.append((at, end))
            at = end
        if not found:
            return mutation(data, random)
        at, end = found[int(random.integers(len(found)))]
        new = mutation(data[at + _DATA_HEAD : end], random)
        item = (len(new) + 2).to_bytes(4, "big") + data[at + 10 : at + _DATA_HEAD] + new
        return data[:at] + b"\x04\x00" + len(item).to_bytes(4, "big") + item + data[end:]

    return changed


def _receiver(folder: Path) -> Any:
    from casekin.journeys.receive import open_site
    from casekin.listener import DicomReceiver, DicomSettings

    site = open_site(folder / "received", burned_in="keep")
    return DicomReceiver(site, DicomSettings(port=0, pdu_s=_PDU_S, idle_s=_PDU_S, associations=64))


_STRAYS: list[BaseException] = []
"""Errors of casekin that ended a thread."""


@cache
def _live_receiver(folder: Path) -> Any:
    """A receiver for the rest of this process. A thread of pynetdicom may end in an error: it was one association's."""

    def note(given: Any) -> None:
        last = traceback.extract_tb(given.exc_traceback)[-1]
        if "casekin" in Path(last.filename).parts:
            _STRAYS.append(given.exc_value)

    threading.excepthook = note
    return _receiver(folder)
