"""A DICOMweb server that lies, never ends or leads elsewhere: what was asked for is written, and nothing else."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from casekin.errors import InputError
from casekin.journeys import pull
from casekin.journeys.pull import Pulled, pull_studies, web_store
from casekin.journeys.receiving.peers import Peer, PeerClient
from made_clocks import Clock
from made_http import http_server
from made_objects import film_object

STUDY, SERIES = "1.2.3", "1.2.3.1"
FILM = film_object(0)
LEVELS = {"studies": "0020000D", "series": "0020000E", "instances": "00080018"}
Answer = tuple[int, dict[str, str], Iterator[bytes]]


@dataclass
class Store:
    """A DICOMweb server of one film; `answers` go over the honest ones, by the last part of the path."""

    address: str = ""
    answers: dict[str, Callable[[int], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


def rows(level: str, *uids: str) -> Answer:
    return 200, {}, iter([json.dumps([{LEVELS[level]: {"vr": "UI", "Value": [uid]}} for uid in uids]).encode()])


def parts(*objects: bytes, end: bytes = b"\r\n--b--") -> Answer:
    pieces = [b"--b\r\nContent-Type: application/dicom\r\n\r\n" + one for one in objects]
    return 200, {"Content-Type": "multipart/related; boundary=b"}, iter([b"\r\n".join(pieces) + end])


def endless(start: bytes, piece: bytes) -> Answer:
    return *parts()[:2], itertools.chain([start], itertools.repeat(piece))


def honest(level: str, offset: int) -> Answer:
    if level == SERIES:
        return parts(FILM)
    uid = {"studies": STUDY, "series": SERIES, "instances": "1.2.3.1.0"}[level]
    return rows(level, *([] if offset else [uid]))


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            made.asked.append(address.path)
            level = address.path.rpartition("/")[2]
            offset = int(parse_qs(address.query).get("offset", ["0"])[0])
            status, headers, pieces = made.answers.get(level, lambda at: honest(level, at))(offset)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in pieces:
                    self.wfile.write(piece)
            except ConnectionError:
                return

        def log_message(self, *_: Any) -> None:
            return

    with http_server(Handler) as made.address:
        yield made


def pulled(store: Store, folder: Path) -> Pulled:
    return pull_studies(web_store(store.address), folder, sleep=lambda _: None)


def problem(store: Store, folder: Path) -> str:
    """What a pull says of its problem, whether it ends by it or goes on."""
    try:
        return pulled(store, folder).problems[0]
    except InputError as error:
        return str(error)


def test_an_honest_server_is_asked_for_its_studies_once(store: Store, tmp_path: Path) -> None:
    assert pulled(store, tmp_path) == Pulled(studies=1, fetched=1, unchanged=0, problems=())
    assert (tmp_path / STUDY / "1.2.3.1.0.dcm").read_bytes() == FILM
    store.asked.clear()
    assert pulled(store, tmp_path).unchanged == 1
    assert f"/studies/{STUDY}/series/{SERIES}" not in store.asked


@pytest.mark.parametrize(
    "other",
    [film_object(0, study="6.6.6"), film_object(0, SeriesInstanceUID="1.2.3.2"), film_object(7)],
    ids=["of another study", "of another series", "that was not listed"],
)
def test_an_object_that_was_not_asked_for_is_not_written(store: Store, tmp_path: Path, other: bytes) -> None:
    store.answers[SERIES] = lambda _: parts(other)
    found = pulled(store, tmp_path)
    assert found.fetched == 0 and "got another" in found.problems[0]
    assert not list(tmp_path.rglob("*.dcm"))


def test_what_is_there_is_not_written_over(store: Store, tmp_path: Path) -> None:
    (tmp_path / STUDY).mkdir()
    (tmp_path / STUDY / "1.2.3.1.0.dcm").write_bytes(b"kept")
    store.answers["instances"] = lambda at: rows("instances", *([] if at else ["1.2.3.1.0", "1.2.3.1.7"]))
    store.answers[SERIES] = lambda _: parts(FILM, film_object(7))
    assert pulled(store, tmp_path).fetched == 1
    assert (tmp_path / STUDY / "1.2.3.1.0.dcm").read_bytes() == b"kept"


def test_more_parts_than_instances_are_refused(store: Store, tmp_path: Path) -> None:
    store.answers[SERIES] = lambda _: parts(FILM, FILM)
    assert "at most 1 parts" in problem(store, tmp_path)


@pytest.mark.parametrize("level", ["studies", "series", "instances"])
def test_matches_without_end_end(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setattr(pull, "_MOST_FOUND", 250)
    store.answers[level] = lambda at: rows(level, *(f"1.{at + number}" for number in range(100)))
    assert "at most 250 matches" in problem(store, tmp_path)
    assert len([path for path in store.asked if path.endswith(level)]) == 3


@pytest.mark.parametrize("body", [b"[" + b"{}," * 6_000_000 + b"{}]", b"[" * 100_000, b'{"a": 1}', b"x"])
def test_a_list_that_is_too_long_or_none_is_refused(store: Store, tmp_path: Path, body: bytes) -> None:
    store.answers["studies"] = lambda _: (200, {}, iter([body]))
    with pytest.raises(InputError, match="DICOMweb: expected"):
        pulled(store, tmp_path)


@pytest.mark.parametrize("level", ["studies", SERIES])
@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://169.254.169.254/latest", "{store}/elsewhere"])
def test_nobody_is_led_elsewhere(store: Store, tmp_path: Path, where: str, level: str) -> None:
    store.answers[level] = lambda _: (302, {"Location": where.format(store=store.address)}, iter([]))
    assert "status 302" in problem(store, tmp_path)
    assert "/elsewhere" not in store.asked


@pytest.mark.parametrize("level", ["studies", SERIES])
def test_a_compressed_answer_is_not_unfolded(store: Store, tmp_path: Path, level: str) -> None:
    bomb = gzip.compress(b"[" + b" " * 20_000_000)
    store.answers[level] = lambda _: (200, {**parts()[1], "Content-Encoding": "gzip"}, iter([bomb]))
    assert "compressed" in problem(store, tmp_path)


@pytest.mark.parametrize("level", ["studies", SERIES])
def test_an_answer_shorter_than_it_says_is_tried_again_and_then_given_up(
    store: Store, tmp_path: Path, level: str
) -> None:
    body = [b"[]"] if level == "studies" else parts(FILM)[2]
    store.answers[level] = lambda _: (200, {**parts()[1], "Content-Length": "10000000"}, iter(body))
    assert "try again later" in problem(store, tmp_path)
    assert len([path for path in store.asked if path.endswith(level)]) == 4


@pytest.mark.parametrize(
    "answer",
    [
        lambda: parts(FILM, end=b""),
        lambda: endless(b"", b"\r\n" * 1000),
        lambda: endless(next(parts(FILM)[2]), b"x" * 1000),
        lambda: endless(b"--b\r\nA: ", b"x" * 1000),
        lambda: endless(b"--b\r\n", b"A: b\r\n" * 10),
        lambda: endless(b"--b\r\n\r\n", b"x" * 10_000),
    ],
    ids=["no end", "endless lines before", "endless bytes behind", "endless header", "endless headers", "endless part"],
)
def test_parts_without_end_end(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Answer]
) -> None:
    monkeypatch.setattr(pull, "_MOST_BYTES", 1_000_000)
    store.answers[SERIES] = lambda _: answer()
    assert "multipart" in problem(store, tmp_path)


def slow(clock: Clock, *, every_s: float, piece: bytes, count: int) -> PeerClient:
    """A client of a server that says a piece now and then."""

    def pieces() -> Iterator[bytes]:
        for _ in range(count):
            clock.now += every_s
            yield piece

    @contextmanager
    def stream(*_: Any, **__: Any) -> Iterator[Any]:
        yield SimpleNamespace(status_code=200, headers={}, iter_raw=pieces)

    peer = Peer(what="DICOMweb", address="http://127.0.0.1")
    return PeerClient(peer, SimpleNamespace(stream=stream), httpx2, lambda _: None, clock=clock)


def test_a_server_that_drips_is_given_up_and_a_slow_reader_is_not_its_fault() -> None:
    clock = Clock()
    with pytest.raises(InputError, match="too slowly"):
        slow(clock, every_s=30, piece=b"[", count=1000).json("http://127.0.0.1", "*/*")
    fair = slow(clock, every_s=5, piece=b" " * 100_000, count=100)
    with fair.answer("http://127.0.0.1", "*/*") as answer:
        for _ in answer.pieces:
            clock.now += 3600
