"""The C-STORE receiver, asked by pynetdicom and by dcmtk: what is confirmed is on the disk, strangers are let go."""

from __future__ import annotations

import io
import logging
import shutil
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.uid import CTImageStorage, DigitalXRayImageStorageForPresentation, RTPlanStorage
from pynetdicom import AE, evt

from casekin.errors import InputError, SiteError
from casekin.journeys import receive
from casekin.journeys.receive import Site, store_received
from casekin.listener import DicomReceiver, DicomSettings, Peers, server_tls
from casekin.site.audit import AuditLog
from casekin.site.received import Received
from made_certificates import write_certificate
from made_objects import film_object, rejection_object

FILM = DigitalXRayImageStorageForPresentation
PATIENCE_S = 60.0
"""How long something is waited for that comes at once on an idle machine."""


def receiver(site: Site, **settings: Any) -> DicomReceiver:
    return DicomReceiver(site, DicomSettings(port=0, **{"pdu_s": PATIENCE_S, **settings}))


@contextmanager
def associated(port: int, *classes: str, title: str = "CT1", called: str = "CASEKIN", **more: Any) -> Iterator[Any]:
    entity = AE(ae_title=title)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = PATIENCE_S
    for uid in ("1.2.840.10008.1.1", *classes):
        entity.add_requested_context(uid, "1.2.840.10008.1.2.1")
    association = entity.associate("127.0.0.1", port, ae_title=called, **more)
    try:
        yield association
    finally:
        if association.is_established:
            association.release()


def send(association: Any, data: bytes) -> int | None:
    reply = association.send_c_store(pydicom.dcmread(io.BytesIO(data)))
    return getattr(reply, "Status", None)


def wait_until_closed(connection: socket.socket) -> None:
    """Read until the other side has let go; it may do so before it has read everything."""
    with suppress(ConnectionError):
        while connection.recv(4096):
            pass


def wait_until_heard(port: int) -> None:
    """Call until an echo is answered: an earlier association's place is free a moment after its end."""
    end = time.monotonic() + PATIENCE_S
    while True:
        with associated(port, FILM) as association:
            reply = association.send_c_echo() if association.is_established else None
            if getattr(reply, "Status", None) == 0:
                return
        assert time.monotonic() < end, "nobody is let in any more"


def test_a_film_that_was_confirmed_is_on_the_disk_as_it_was_sent(site: Site) -> None:
    with receiver(site) as listening, associated(listening.port, FILM) as association:
        assert association.send_c_echo().Status == 0
        assert send(association, film_object(1)) == 0
        assert send(association, film_object(1)) == 0  # again
    received = Received(site.books)
    (found,) = received.waiting("image")
    kept = pydicom.dcmread(received.path_of(found))
    assert kept.pixel_array.tobytes() == pydicom.dcmread(io.BytesIO(film_object(1))).pixel_array.tobytes()
    assert received.counts() == {"waiting": 1}
    assert found.study == site.names.uid("1.2.3")


def test_dcmtk_stores_and_its_file_is_kept(site: Site, tmp_path: Path) -> None:
    if shutil.which("storescu") is None:
        pytest.skip("needs storescu: install dcmtk")
    (tmp_path / "film.dcm").write_bytes(film_object(2))
    with receiver(site) as listening:
        subprocess.run(
            ["storescu", "-aec", "CASEKIN", "127.0.0.1", str(listening.port), str(tmp_path / "film.dcm")],
            check=True, timeout=PATIENCE_S,
        )  # fmt: skip
    assert Received(site.books).counts() == {"waiting": 1}


@pytest.mark.parametrize(("process", "proposed"), [("+eb", "-xy"), ("+ee", "-xx"), ("+e1", "-xs")])
def test_jpeg_of_any_precision_comes_from_dcmtk_and_becomes_a_case(
    site: Site, tmp_path: Path, process: str, proposed: str
) -> None:
    if shutil.which("storescu") is None:
        pytest.skip("needs storescu: install dcmtk")
    (tmp_path / "film.dcm").write_bytes(film_object(2))
    subprocess.run(["dcmcjpeg", process, str(tmp_path / "film.dcm"), str(tmp_path / "packed.dcm")], check=True)
    with receiver(site) as listening:
        subprocess.run(
            ["storescu", proposed, "-aec", "CASEKIN", "127.0.0.1", str(listening.port), str(tmp_path / "packed.dcm")],
            check=True, timeout=PATIENCE_S,
        )  # fmt: skip
    summary = store_received(site, now=time.time() + 100)
    assert (summary.added, summary.failed) == (1, 0)


def test_callers_are_known_by_title_and_address_and_must_call_us_by_ours(site: Site) -> None:
    with receiver(site, callers=Peers.of(["CT1@127.0.0.0/8", "CT2@10.0.0.1"])) as listening:
        for title, called, is_let_in in (
            ("CT1", "CASEKIN", True), ("CT2", "CASEKIN", False), ("CT9", "CASEKIN", False), ("CT1", "OTHER", False),
        ):  # fmt: skip
            with associated(listening.port, FILM, title=title, called=called) as association:
                assert association.is_established is is_let_in, (title, called)
                assert association.is_rejected is not is_let_in


def test_plans_of_radiotherapy_are_not_even_negotiated(site: Site) -> None:
    with receiver(site) as listening, associated(listening.port, FILM, RTPlanStorage) as association:
        assert {context.abstract_syntax for context in association.rejected_contexts} == {RTPlanStorage}


def test_what_went_wrong_is_a_status_of_the_standard(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from casekin.listener import dicom

    with receiver(site) as listening, associated(listening.port, FILM, CTImageStorage) as association:
        for error, status in ((InputError, 0xC000), (SiteError, 0xA700), (ZeroDivisionError, 0x0110)):

            def fail(*_: Any, error: Any = error, **__: Any) -> None:
                raise error("SECRET")

            monkeypatch.setattr(dicom, "receive_object", fail)
            assert send(association, film_object(1)) == status
        monkeypatch.setattr(dicom, "receive_object", receive.receive_object)
        nameless = pydicom.dcmread(io.BytesIO(film_object(1)))
        nameless.StudyInstanceUID = ""
        assert association.send_c_store(nameless).Status == 0xC000
    assert Received(site.books).counts() == {}


def test_an_object_that_grows_too_large_ends_its_association_and_nothing_is_kept(site: Site) -> None:
    with receiver(site, most_bytes=5_000) as listening:
        with associated(listening.port, FILM) as association:
            assert send(association, film_object(1)) is None
        with associated(listening.port, FILM) as association:
            assert association.send_c_echo().Status == 0
    assert Received(site.books).counts() == {}


def test_a_full_disk_is_said_before_anything_is_confirmed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.site.received.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with receiver(site) as listening, associated(listening.port, FILM) as association:
        assert send(association, film_object(1)) == 0xA700


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/1.1\r\n\r\n", struct.pack(">BBL", 1, 0, 0xFFFFFFF0), struct.pack(">BBL", 4, 0, 1 << 31), b"\x01\x00"],
)
def test_what_speaks_another_language_or_promises_gigabytes_is_let_go(site: Site, sent: bytes) -> None:
    with receiver(site, pdu_s=0.3, idle_s=0.5) as listening:
        with socket.create_connection(("127.0.0.1", listening.port), timeout=PATIENCE_S) as connection:
            connection.sendall(sent)
            wait_until_closed(connection)
        wait_until_heard(listening.port)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_conversations_that_make_no_sense_take_no_places(site: Site) -> None:
    said: list[bytes] = []
    hear = [(evt.EVT_DATA_SENT, lambda event: said.append(event.data))]
    with receiver(site, associations=2) as listening:
        with associated(listening.port, FILM, evt_handlers=hear) as association:
            association.send_c_echo()
        for _ in range(30):
            with socket.create_connection(("127.0.0.1", listening.port), timeout=PATIENCE_S) as connection:
                with suppress(ConnectionError):
                    connection.sendall(b"".join(said))  # waits for no answer, not even to be let in
                    connection.shutdown(socket.SHUT_WR)
                wait_until_closed(connection)
        wait_until_heard(listening.port)


def test_a_peer_that_proposes_nothing_it_names_is_let_go(site: Site) -> None:
    said: list[bytes] = []
    hear = [(evt.EVT_DATA_SENT, lambda event: said.append(event.data))]
    syntax = b"1.2.840.10008.1.1"
    with receiver(site) as listening:
        with associated(listening.port, evt_handlers=hear):
            pass
        # An application context's item where the abstract syntax's should be (PS3.8, table 9-13).
        nameless = said[0].replace(b"\x30\x00\x00\x11" + syntax, b"\x10\x00\x00\x11" + syntax)
        assert nameless != said[0]
        with socket.create_connection(("127.0.0.1", listening.port), timeout=PATIENCE_S / 2) as connection:
            connection.sendall(nameless)
            assert connection.recv(1) == b"\x07"  # A-ABORT


def test_a_caller_that_says_nothing_is_let_go(site: Site) -> None:
    with (
        receiver(site, pdu_s=0.3, idle_s=0.3) as listening,
        socket.create_connection(("127.0.0.1", listening.port)) as one,
    ):
        one.settimeout(PATIENCE_S)
        assert one.recv(1) == b""


def test_over_tls_only_those_with_our_certificate_get_through(site: Site, tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    with receiver(site, tls=server_tls(certificate, key)) as listening:
        trusting = ssl.create_default_context(cafile=certificate)
        with associated(listening.port, FILM, tls_args=(trusting, "localhost")) as association:
            assert send(association, film_object(1)) == 0
        with associated(listening.port, FILM) as association:
            assert not association.is_established
    with pytest.raises(InputError, match="PEM"):
        server_tls(key, certificate)


def test_a_rejection_note_is_taken_like_a_film(site: Site) -> None:
    with receiver(site) as listening, associated(listening.port, "1.2.840.10008.5.1.4.1.1.88.59") as association:
        assert send(association, rejection_object("1.2.3.1.1")) == 0
    assert [found.kind for found in Received(site.books).waiting("rejection")] == ["rejection"]


def test_nothing_of_the_patient_is_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with receiver(site) as listening, associated(listening.port, FILM) as association:
        send(association, film_object(1, patient="4711-0815"))
        send(association, film_object(1, StudyInstanceUID="4711-0815"))
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("casekin")]
    assert len(ours) >= 2 and not any(word in line for line in ours for word in ("4711", "Quixley", "1.2.3"))


def test_a_port_in_use_is_said(site: Site) -> None:
    with receiver(site) as listening, pytest.raises(InputError, match="port"):
        DicomReceiver(site, DicomSettings(port=listening.port))


def test_many_at_once_are_all_kept(site: Site) -> None:
    import threading

    def store(number: int) -> None:
        with associated(listening.port, FILM, title=f"CT{number}") as association:
            for seed in range(3):
                statuses.append(send(association, film_object(10 * number + seed, study=f"1.2.{number}")))

    statuses: list[int | None] = []
    with receiver(site) as listening:
        threads = [threading.Thread(target=store, args=(number,)) for number in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [0] * 12
    assert Received(site.books).counts() == {"waiting": 12}
    assert len(Received(site.books).quiet_studies(before=time.time() + 1)) == 4


def test_what_came_and_who_was_refused_stands_in_the_audit_log(site: Site) -> None:
    with receiver(site, callers=Peers.of(["CT1"])) as listening:
        with associated(listening.port, FILM) as association:
            for number in (1, 2):
                assert send(association, film_object(number)) == 0
            assert send(association, film_object(3, study="1.2.4")) == 0
        for title, called in (("CT9", "CASEKIN"), ("CT1", "OTHER")):
            with associated(listening.port, FILM, title=title, called=called) as association:
                assert association.is_rejected
    told = [(one.tenant, one.subject, one.event, one.route, one.objects) for one in AuditLog(site.books).records()]
    assert told == [
        ("default", "CT1", "receive", "C-STORE", (site.names.uid("1.2.3"),)),
        ("default", "CT1", "receive", "C-STORE", (site.names.uid("1.2.4"),)),
        ("default", "-", "denied", "C-STORE", ()),
        ("default", "-", "denied", "C-STORE", ()),
    ]


def test_an_object_without_a_record_is_not_confirmed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise SiteError("site: the disk is full")

    monkeypatch.setattr(AuditLog, "append", full)
    with receiver(site) as listening, associated(listening.port, FILM) as association:
        assert send(association, film_object(1)) == 0xA700
