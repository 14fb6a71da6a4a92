"""HL7 over MLLP: framing in any pieces, acknowledgements as the `hl7` library reads them, peers that misbehave."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hl7
import pytest
from hl7.client import MLLPClient

from casekin.errors import SiteError
from casekin.journeys.receive import Site
from casekin.listener import Hl7Receiver, Hl7Settings, Peers, server_tls
from casekin.site.audit import AuditLog
from casekin.site.report_ledger import ReportLedger
from made_certificates import write_certificate
from made_messages import merge, msh, result, segment


@pytest.fixture
def listening(site: Site) -> Iterator[Hl7Receiver]:
    with Hl7Receiver(site, Hl7Settings(port=0, message_s=0.5, idle_s=1.0, most_bytes=50_000, connections=3)) as made:
        yield made


def exchange(port: int, *pieces: bytes) -> bytes:
    """What is answered to these bytes, sent piece by piece, until the peer hangs up or has answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(4096):
            answer += part
        return answer


def code_of(answer: bytes) -> str:
    return str(hl7.parse(answer.strip(b"\x0b\x1c\r").decode())["MSA.1"])


def framed(data: bytes) -> bytes:
    return b"\x0b" + data + b"\x1c\r"


def test_a_message_is_kept_and_accepted(site: Site, listening: Hl7Receiver) -> None:
    with MLLPClient("127.0.0.1", listening.port) as client:
        for _ in range(2):  # one connection, and the same message twice
            assert code_of(client.send_message(result("Left effusion.").decode())) == "AA"
        assert code_of(client.send_message(merge("NEW", "OLD").decode())) == "AA"
    ledger = ReportLedger(site.books)
    assert [report.text for report in ledger.waiting()] == ["Left effusion."]
    assert ledger.merges() == [(site.names.patient("OLD"), site.names.patient("NEW"))]


def test_frames_come_in_any_pieces_and_several_at_once(site: Site, listening: Hl7Receiver) -> None:
    data = framed(result("One.", accession="A1", control="C1")) + b"\r\n" + framed(result("Two.", accession="A2"))
    answer = exchange(listening.port, *(data[at : at + 7] for at in range(0, len(data), 7)))
    assert answer.count(b"MSA|AA") == 2
    assert [report.text for report in ReportLedger(site.books).waiting()] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("sent", "code"),
    [(b"nonsense", "AR"), (msh("ORM^O01").encode(), "AR"), (msh().encode(), "AR"), (msh("ADT^A08").encode(), "AA"),
     (msh("ADT^A40").encode() + b"\rMRG|OLD", "AR")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_for_good(listening: Hl7Receiver, sent: bytes, code: str) -> None:
    assert code_of(exchange(listening.port, framed(sent))) == code


def test_patients_that_were_merged_are_not_parted_and_others_are_two_already(
    site: Site, listening: Hl7Receiver
) -> None:
    def parted(one: str, other: str) -> str:
        lines = [msh("ADT^A37"), segment("PID", f3=one), segment("PID", f3=other)]
        return code_of(exchange(listening.port, framed("\r".join(lines).encode())))

    assert parted("NEW", "OLD") == "AA"
    assert code_of(exchange(listening.port, framed(merge("NEW", "OLD")))) == "AA"
    assert (parted("NEW", "OLD"), parted("OLD^^^SITE", "P2~NEW"), parted("NEW", "P2")) == ("AR", "AR", "AA")
    assert ReportLedger(site.books).merges() == [(site.names.patient("OLD"), site.names.patient("NEW"))]


def test_what_could_not_be_kept_is_worth_another_try(listening: Hl7Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise SiteError("SECRET")

    monkeypatch.setattr("casekin.listener.hl7.receive_message", fail)
    answer = exchange(listening.port, framed(result("One.")))
    assert code_of(answer) == "AE" and b"SECRET" not in answer


def test_a_message_without_an_end_too_long_or_in_another_language_ends_the_connection(listening: Hl7Receiver) -> None:
    assert exchange(listening.port, b"\x0bMSH|^~\\&|") == b""
    assert exchange(listening.port, b"GET / HTTP/1.1\r\n" * 500) == b""
    assert b"MSA|AR" in exchange(listening.port, b"\x0b" + b"x" * 50_001)
    with socket.create_connection(("127.0.0.1", listening.port), timeout=60) as silent:
        silent.sendall(b"\x0bMSH")
        assert silent.recv(1) == b""  # too slow


def test_strangers_and_one_too_many_are_turned_away(site: Site, listening: Hl7Receiver) -> None:
    with Hl7Receiver(site, Hl7Settings(port=0, callers=Peers.of(["@10.0.0.0/8"]))) as other:
        assert exchange(other.port) == b""
    held = [socket.create_connection(("127.0.0.1", listening.port)) for _ in range(3)]
    with socket.create_connection(("127.0.0.1", listening.port), timeout=60) as fourth:
        assert fourth.recv(1) == b""
    for connection in held:
        connection.close()


def answered_without_tls(port: int) -> bytes:
    try:
        return exchange(port, framed(result("One.")))
    except OSError:
        return b""


def test_messages_come_over_tls(site: Site, tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    with Hl7Receiver(site, Hl7Settings(port=0, tls=server_tls(certificate, key), message_s=1.0)) as listening:
        trusting = ssl.create_default_context(cafile=certificate)
        plain = socket.create_connection(("127.0.0.1", listening.port), timeout=60)
        with trusting.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(framed(result("One.")))
            assert code_of(connection.recv(4096)) == "AA"
        assert b"MSA" not in answered_without_tls(listening.port)


def test_nothing_of_the_message_is_in_the_log(listening: Hl7Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    exchange(listening.port, framed(result("SECRET words", patient="4711-0815", name="Quixley^D")))
    exchange(listening.port, framed(msh("SECRET^X").encode()))
    text = " ".join(record.getMessage() for record in caplog.records)
    assert "kind=ORU^R01" in text and not any(word in text for word in ("SECRET", "4711", "Quixley"))


def test_messages_and_refused_callers_stand_in_the_audit_log(site: Site, listening: Hl7Receiver) -> None:
    assert code_of(exchange(listening.port, framed(result("Left effusion.")))) == "AA"
    assert code_of(exchange(listening.port, framed(b"MSH|^~\\&|nonsense"))) == "AR"
    with (
        Hl7Receiver(site, Hl7Settings(port=0, callers=Peers.of(["@10.0.0.1"]))) as strict,
        socket.create_connection(("127.0.0.1", strict.port), timeout=60) as connection,
    ):
        assert connection.recv(10) == b""
    told = [(one.subject, one.event, one.route) for one in AuditLog(site.books).records()]
    assert told == [("127.0.0.1", "receive", "HL7"), ("-", "denied", "HL7")]
