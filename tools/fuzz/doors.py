"""Families of what comes through the doors: requests, DICOM associations, objects and messages that are kept, files."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import re
import socket
import threading
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, cast
from urllib.parse import unquote_to_bytes

import numpy as np
from PIL import Image

from fuzz import messages

_ROOT = Path(__file__).parents[2]
_PDU_S = 2.0
_REPORT = "Small left pleural effusion. No pneumothorax."


def request_seeds() -> Sequence[bytes]:
    """A request for every example in the API's description, and uploads: forms, ZIP, gzip, DICOM parts."""
    paths = json.loads((_ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    made = [
        _request(method.upper(), address, b"" if body is None else json.dumps(body.get("example", {})).encode())
        for address, methods in paths.items()
        for method, route in methods.items()
        for body in [route.get("requestBody", {}).get("content", {}).get("application/json")]
    ]
    film, parts = _picture(), messages.multipart_seeds()[0].replace(b"DATA", messages.object_seeds()[0])
    form = b'--b\r\nContent-Disposition: form-data; name="image"; filename="CANARY"\r\n\r\n' + film + b"\r\n--b--\r\n"
    related = 'multipart/related; type="application/dicom"; boundary=b'
    return [
        *made,
        _request("POST", "/v1/uploads", film, "image/png"),
        _request("POST", "/v1/uploads", zip_seeds()[0], "application/zip"),
        _request("POST", "/v1/uploads", form, "multipart/form-data; boundary=b"),
        _request("POST", "/v1/searches", gzip.compress(b'{"text": "effusion"}'), encoding="gzip"),
        _request("POST", "/dicom-web/studies", parts, related),
        *(_request("POST", "/v1/reports", message, "application/octet-stream") for message in messages.message_seeds()),
        _request("GET", "/v1/cases/c-1/images/0/frames/0?center=1&width=2&viewport=9,9&invert=1", b""),
        _request("GET", "/v1/cases/c-1/images/0/overlay?at=left%20lung", b""),
        _request("GET", "/dicom-web/studies?PatientID=1&limit=2&offset=0", b""),
    ]


def ask_service(data: bytes, folder: Path) -> None:
    """One request to the whole application over an archive of two cases."""
    from casekin.errors import InputError

    status, reply = asyncio.run(_answer(_service(folder), data))
    assert b"Traceback" not in reply
    if status >= 500 and b"unavailable" not in reply:
        raise RuntimeError(f"answered {status}")
    if status >= 400:
        raise InputError(reply.decode("utf-8", "replace"))


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


def associate(data: bytes, folder: Path) -> None:
    """Say all of it to a C-STORE receiver, which has to answer or to hang up."""
    from casekin.errors import InputError

    receiver, reply = _live_receiver(folder), bytearray()
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10 * _PDU_S) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                reply += part
        except ConnectionError:
            pass  # it hung up
    if reply[:1] != b"\x02":
        raise InputError(reply.decode("latin-1"))


def arrival_seeds() -> Sequence[bytes]:
    """Objects and messages, as they are received."""
    return [*messages.message_seeds(), *messages.object_seeds()]


def keep_arrival(data: bytes, folder: Path) -> None:
    """Take it as a message and as an object: what is kept of either joins cases later."""
    from casekin.errors import InputError
    from casekin.journeys.receive import receive_message, receive_object

    site, refusals = _site(folder), []
    for receive in (lambda: receive_message(site, data), lambda: receive_object(site, data, now=0.0)):
        try:
            receive()
        except InputError as error:
            refusals.append(str(error))
    if len(refusals) == 2:
        raise InputError("; ".join(refusals))


def config_seeds() -> Sequence[bytes]:
    """A site's file with every table."""
    from casekin.api.config import SiteConfig

    words = {"listen": 'host = "127.0.0.1"\nport = 8000\nhost_names = ["a.example"]\nbehind_proxy = ["10.0.0.0/8"]\n'}
    words["sign_in"] = 'issuer = "https://id.example"\nclient_id = "CANARY"\nredirect_uri = "https://a.example/x"\n'
    words["sign_in"] += 'client_secret_file = "secret"\nroles = {reader = ["r"], admin = ["a", "b"]}\n'
    words["receive"] = 'dicom_port = 104\ncallers = ["CT1@10.0.0.1"]\nhl7_port = 2575\nhl7_callers = ["10.0.0.0/8"]\n'
    words["limits"] = "max_upload_bytes = 100000\nburst = 10\n"
    tables = "".join(f"[{name}]\n{words[name]}" for name in words if name in SiteConfig.model_fields)
    tenant = '[tenants.default]\nindex = "x.index"\nmembers = ["m"]\n[tenants.default.web_stores]\nm = "https://m/x"\n'
    return [(tables + tenant).encode(), tenant.encode()]


def read_site_file(data: bytes, folder: Path) -> None:
    """`site.toml`."""
    from casekin.api.config import read_config

    path = folder / "site.toml"
    path.write_bytes(data)
    read_config(path)


def query_seeds() -> Sequence[bytes]:
    """A file of questions."""
    rows: list[dict[str, Any]] = [
        {"query_id": "q1", "text": "left pleural effusion", "limit": 3, "where": "sex = F or age >= 3"},
        {"case_id": "c-1", "at": ["left lung", "heart"], "phrase": "opacity", "same_patient": "exclude"},
        {"query_id": "q3", "image": "missing.png", "box": [1, 2, 30, 40], "with": "effusion at left lung"},
        {"query_id": "q4", "text": "x", "like": ["c-1"], "unlike": "c-2", "combine": "mean", "text_weight": 0.4},
    ]
    return ["\n".join(json.dumps(row) for row in rows).encode(), *(json.dumps(row).encode() for row in rows)]


def answer_file(data: bytes, folder: Path) -> None:
    """A file of questions without images, over the archive of two cases; rows that can't be answered are listed."""
    from casekin.errors import InputError
    from casekin.journeys.batch import answer_queries

    queries = folder / "queries.jsonl"
    queries.write_bytes(data)
    summary = answer_queries(_archive(folder), queries, folder / "run.trec", encoder=cast(Any, None))
    if not summary.queries:
        raise InputError("; ".join(problem.reason for problem in summary.problems))


def zip_seeds() -> Sequence[bytes]:
    """Studies packed and stored, with folders, names that climb, a comment and a ZIP inside."""
    made: list[bytes] = []
    for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", packing) as packed:
            packed.writestr("../../CANARY.dcm", messages.object_seeds()[0])
            packed.writestr("/a/b.png", _picture())
            packed.mkdir("folder")
            packed.writestr("folder/empty", b"")
            packed.writestr("inner.zip", made[0] if made else b"PK\x03\x04")
            packed.comment = b"CANARY"
        made.append(out.getvalue())
    return made


def unpack(data: bytes, folder: Path) -> None:
    """A study's ZIP; what is refused leaves nothing behind, and nothing lies beside its folder."""
    from casekin.errors import CasekinError
    from casekin.imaging.limits import ReadLimits
    from casekin.imaging.zip_file import unpack_zip

    path, into = folder / "study.zip", folder / "unpacked"
    path.write_bytes(data)
    into.mkdir(exist_ok=True)
    written: Sequence[Path] = ()
    try:
        written = unpack_zip(path, into, limits=ReadLimits(max_file_bytes=10_000_000))
    except CasekinError:
        assert not any(into.iterdir())
        raise
    finally:
        for file in written:
            file.unlink()
    assert sorted(one.name for one in folder.iterdir()) == ["study.zip", "unpacked"]


def _picture() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (24, 20), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


def _request(method: str, address: str, body: bytes, kind: str = "application/json", encoding: str = "") -> bytes:
    address = re.sub(r"\{[^}]*\}", "0", address.replace("{case_id}", "c-1"))
    lines = [f"{method} {address}", "host: localhost", f"content-type: {kind}", "x-name: CANARY"]
    lines += [f"content-encoding: {encoding}"] if encoding else []
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(app: Any, data: bytes) -> tuple[int, bytes]:
    """What the application answers: read as leniently as no server would."""
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.split(b"\r\n")
    method, _, address = line.partition(b" ")
    path, _, query = address.partition(b"?")
    headers = [(name.lower(), value.strip()) for name, _, value in (one.partition(b":") for one in rest)]
    scope = {
        "type": "http", "http_version": "1.1", "method": method.decode("latin-1").upper(), "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path, "query_string": query,
        "headers": headers, "client": ("127.0.0.1", 9), "server": ("localhost", 80), "root_path": "", "state": {},
    }  # fmt: skip
    sent: list[Any] = []
    pieces = [body[at : at + 4096] for at in range(0, len(body), 4096)] or [b""]
    gone = asyncio.Event()

    async def receive() -> Any:
        if not pieces:
            await gone.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    reply = b"".join(one.get("body", b"") for one in sent)
    return int(sent[0]["status"]), reply


@cache
def _archive(folder: Path) -> Any:
    """An index of two cases beside `folder`; they have reports and no images."""
    from casekin.index import CaseIndex, IndexedCase
    from casekin.reports import read_report

    index = CaseIndex(Path(mkdtemp(prefix="archive-", dir=folder.parent)) / "index", create=True)
    facts = tuple(read_report(_REPORT).facts)
    index.put(
        [
            IndexedCase(
                case_id=f"c-{number}", patient_id=f"p{number}", patient=f"p{number}", sex="F", age=50.0 + number,
                report=_REPORT, facts=facts, stamp="made", model_version="made",
            )
            for number in (1, 2)
        ]
    )  # fmt: skip
    return index


@cache
def _service(folder: Path) -> Any:
    from casekin.api import create_app

    return create_app(_archive(folder).folder, max_upload_bytes=1_000_000)


@cache
def _site(folder: Path) -> Any:
    from casekin.journeys.receive import open_site

    return open_site(_archive(folder).folder, burned_in="keep")


def _receiver(folder: Path) -> Any:
    from casekin.journeys.receive import open_site
    from casekin.listener import DicomReceiver, DicomSettings

    site = open_site(folder / "received", burned_in="keep")
    return DicomReceiver(site, DicomSettings(port=0, pdu_s=_PDU_S, idle_s=_PDU_S))


@cache
def _live_receiver(folder: Path) -> Any:
    """A receiver for the rest of this process. A thread of pynetdicom may end in an error: it was one association's."""
    threading.excepthook = lambda _: None
    return _receiver(folder)
