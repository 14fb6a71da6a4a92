"""The audit log: what it keeps, and that nothing in it can be changed unnoticed."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from casekin.errors import InputError, SiteError
from casekin.site.audit import AuditEvent, AuditFilter, AuditLog, AuditRecord
from casekin.site.audit_chain import ERASURE, FIELDS, Head
from casekin.site.books import FILE_NAME, Books

NOON = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
TAMPERINGS = 1000 if os.environ.get("CASEKIN_TEST_THOROUGH") else 120


class Clock:
    """A minute later each time it is asked."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime.datetime:
        self.now += datetime.timedelta(minutes=1)
        return self.now


def view(case_id: str, subject: str = "ada", event: str = "view") -> AuditEvent:
    return AuditEvent(event=event, subject=subject, route="/v1/cases/{case_id}", status=200, objects=(case_id,))


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(Books(tmp_path / "site"), now=Clock())


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a log that has lived: two records expired, two cases erased, forty records left."""
    folder = tmp_path_factory.mktemp("used")
    log = AuditLog(Books(folder), now=Clock())
    for number in range(30):
        log.append(view(f"case-{number % 9}", subject=f"person-{number % 4}"))
    log.expire(NOON + datetime.timedelta(minutes=2, seconds=30), keep=len)
    log.forget(["case-2", "case-4"])
    for number in range(10):
        log.append(AuditEvent(event="search", subject="ada", objects=(f"case-{number}", "case-1"), status=200))
    assert log.prove().is_sound
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def test_a_record_says_who_did_what_to_which_case_and_when(log: AuditLog) -> None:
    head = log.append(
        AuditEvent(
            event="draft",
            subject="ada",
            tenant="north",
            route="/v1/drafts",
            status=200,
            objects=("b", "a", "b"),
            request="r1",
            detail="",
        )
    )
    (record,) = log.records()
    assert (record.seq, record.time, record.subject, record.event) == (1, "2026-05-04T12:01:00.000Z", "ada", "draft")
    assert (record.tenant, record.route, record.status, record.request) == ("north", "/v1/drafts", 200, "r1")
    assert record.objects == ("b", "a")
    assert str(head) == f"1:{record.digest}" and log.head() == head


def test_the_digest_can_be_made_again_from_the_published_record_alone(log: AuditLog) -> None:
    log.append(view("case-1"))
    log.append(view("case-2"))
    digest = bytes(32)
    for record in log.records():
        told = record.as_record() | {"marks": json.dumps(record.marks)}
        text = json.dumps([told[name] for name in FIELDS], separators=(",", ":"))
        digest = hashlib.sha256(digest + text.encode()).digest()
        assert digest.hex() == record.digest


def test_records_are_chosen_by_time_subject_event_and_case(log: AuditLog) -> None:
    for number in range(6):
        log.append(view(f"case-{number % 3}", subject=f"person-{number % 2}", event="draft" if number == 5 else "view"))

    def chosen(**wanted: str) -> list[int]:
        return [record.seq for record in log.records(AuditFilter(**wanted))]

    assert chosen(case_id="case-0") == [1, 4]
    assert chosen(subject="person-1") == [2, 4, 6]
    assert chosen(event="draft") == [6]
    assert chosen(since="2026-05-04T12:02", until="2026-05-04T12:05") == [2, 3, 4]
    assert chosen(case_id="case-1", subject="person-0") == [5]
    assert chosen(case_id="case-9") == []
    assert [record.seq for record in log.records(AuditFilter(subject="person-0"), last=2)] == [3, 5]


def test_many_writers_make_one_chain(tmp_path: Path) -> None:
    def write(number: int) -> None:
        AuditLog(Books(tmp_path)).append(view(f"case-{number % 3}"))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(24)))
    proof = AuditLog(Books(tmp_path)).prove()
    assert (proof.records, proof.head.seq, proof.problems) == (24, 24, ())


def test_an_unused_log_is_sound_and_has_an_empty_head(log: AuditLog) -> None:
    assert log.prove().is_sound and log.prove().records == 0
    assert log.head().seq == 0 and log.append_all([]).seq == 0 and log.records() == []


def test_an_erased_case_is_in_no_record_and_the_chain_still_holds(log: AuditLog, tmp_path: Path) -> None:
    for number in range(4):
        log.append(view(f"canary-{number % 2}"))
    digests = [record.digest for record in log.records()]
    assert (
        log.forget(["canary-1", "unknown"], event=AuditEvent(event="forget", subject="root", objects=("canary-1",)))
        == 1
    )
    assert log.prove().is_sound
    records = log.records()
    assert [record.digest for record in records[:4]] == digests
    assert [record.objects for record in records] == [("canary-0",), (), ("canary-0",), (), ()]
    assert (records[-1].event, records[-1].subject, records[-1].marks) == (ERASURE, "root", records[1].marks)
    log.append(view("canary-1"))  # ingested again: nothing ties it to what was erased
    assert log.records()[-1].marks != records[1].marks
    assert [record.seq for record in log.records(AuditFilter(case_id="canary-1"))] == [6]
    log.forget(["canary-1"])
    assert log.prove().is_sound
    with closing(sqlite3.connect(tmp_path / "site" / FILE_NAME)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(b"canary-1" not in path.read_bytes() for path in (tmp_path / "site").iterdir())


def test_expired_records_go_from_the_start_and_the_rest_stays_proven(log: AuditLog) -> None:
    heads = [log.append(view(f"case-{number}")) for number in range(6)]
    gone: list[AuditRecord] = []
    assert log.expire(NOON + datetime.timedelta(minutes=3), keep=gone.extend, subject="root") == 2
    assert [record.objects for record in gone] == [("case-0",), ("case-1",)]
    assert [record.seq for record in log.records()] == [3, 4, 5, 6, 7]
    told = log.records()[-1]
    assert (told.event, told.subject) == ("expiry", "root") and heads[1].digest.hex() in told.detail
    assert log.prove([heads[0], heads[1], heads[4]]).is_sound
    assert log.records(AuditFilter(case_id="case-1")) == []
    assert log.expire(NOON, keep=gone.extend) == 0
    with pytest.raises(InputError, match="has passed"):
        log.expire(NOON + datetime.timedelta(days=1), keep=gone.extend)


def test_records_that_cannot_be_kept_do_not_expire(log: AuditLog) -> None:
    log.append(view("case-1"))

    def fail(_: Sequence[AuditRecord]) -> None:
        raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        log.expire(NOON + datetime.timedelta(minutes=2), keep=fail)
    assert [record.seq for record in log.records()] == [1]


def test_every_record_can_expire(log: AuditLog) -> None:
    log.append(view("case-1"))
    log.append(view("case-2"))
    assert log.expire(NOON + datetime.timedelta(minutes=3), keep=len) == 2
    assert log.prove().is_sound and [record.event for record in log.records()] == ["expiry"]


def test_a_record_that_cannot_be_written_is_an_error(log: AuditLog, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "site" / FILE_NAME)) as db:
        db.execute("DROP TABLE audit_names")
    with pytest.raises(SiteError):
        log.append(view("case-1"))


# --- tampering: by somebody who can write the database, and knows how the chain is made -----------------------------

Tampering = Callable[[sqlite3.Connection, random.Random], None]
_TEXTS = ("time", "tenant", "subject", "event", "route", "request", "detail", "marks")


def _seqs(db: sqlite3.Connection) -> list[int]:
    return [seq for (seq,) in db.execute("SELECT seq FROM audit ORDER BY seq")]


def edit(db: sqlite3.Connection, luck: random.Random) -> None:
    seq = luck.choice(_seqs(db))
    column = luck.choice((*_TEXTS, "status", "digest"))
    (old,) = db.execute(f"SELECT {column} FROM audit WHERE seq = ?", (seq,)).fetchone()
    if isinstance(old, int):
        new: object = old + luck.randint(1, 300)
    elif isinstance(old, bytes):
        place = luck.randrange(len(old))
        new = old[:place] + bytes([old[place] ^ 1 << luck.randrange(8)]) + old[place + 1 :]
    else:
        place = luck.randrange(len(old) + 1)
        new = luck.choice(
            (old[:place] + luck.choice("xé\x00\ud7ff") + old[place:], b"\xff\xfe", old.encode(), 7, old * 2 + "x")
        )
    db.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (new, seq))


def drop(db: sqlite3.Connection, luck: random.Random) -> None:
    seqs = _seqs(db)
    first = luck.randrange(len(seqs))
    gone = seqs[first : first + luck.randint(1, 5)]
    db.execute("DELETE FROM audit WHERE seq BETWEEN ? AND ?", (gone[0], gone[-1]))
    if luck.random() < 0.5:  # close the gap
        for seq in seqs[first + len(gone) :]:
            db.execute("UPDATE audit SET seq = ? WHERE seq = ?", (seq - len(gone), seq))


def reorder(db: sqlite3.Connection, luck: random.Random) -> None:
    first, second = sorted(luck.sample(_seqs(db), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        db.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))


def insert(db: sqlite3.Connection, luck: random.Random) -> None:
    seqs = _seqs(db)
    place = luck.choice((*seqs[1:], seqs[-1] + 1))
    for seq in reversed(seqs):
        if seq >= place:
            db.execute("UPDATE audit SET seq = ? WHERE seq = ?", (seq + 1, seq))
    columns = ", ".join((*FIELDS[1:], "digest"))
    copied = luck.choice([seq for seq in _seqs(db) if seq != place])
    db.execute(f"INSERT INTO audit (seq, {columns}) SELECT ?, {columns} FROM audit WHERE seq = ?", (place, copied))


def cut_the_end_off(db: sqlite3.Connection, luck: random.Random) -> None:
    last = luck.choice(_seqs(db)[:-1])
    db.execute("DELETE FROM audit WHERE seq > ?", (last,))
    if luck.random() < 0.7:  # and move the head, whose seal can't be made
        db.execute(
            "UPDATE audit_ends SET (seq, digest) = (SELECT seq, digest FROM audit WHERE seq = ?) WHERE end = 'head'",
            (last,),
        )


def cut_the_start_off(db: sqlite3.Connection, luck: random.Random) -> None:
    last = luck.choice(_seqs(db)[:-1])
    if luck.random() < 0.7:
        db.execute(
            "UPDATE audit_ends SET (seq, digest) = (SELECT seq, digest FROM audit WHERE seq = ?) WHERE end = 'start'",
            (last,),
        )
    db.execute("DELETE FROM audit WHERE seq <= ?", (last,))


def chain_anew(db: sqlite3.Connection, luck: random.Random) -> None:
    """An edit, after which all digests and the head's are made again as they should be; the seal can't be."""
    edit_one(db, luck)
    rechain(db)


def edit_one(db: sqlite3.Connection, luck: random.Random) -> None:
    db.execute("UPDATE audit SET subject = subject || 'x' WHERE seq = ?", (luck.choice(_seqs(db)),))


def rechain(db: sqlite3.Connection) -> Head:
    """Every digest after the start as the records now stand."""
    (digest,) = db.execute("SELECT digest FROM audit_ends WHERE end = 'start'").fetchone()
    for row in db.execute(f"SELECT {', '.join(FIELDS)} FROM audit ORDER BY seq").fetchall():
        digest = hashlib.sha256(digest + json.dumps(list(row), separators=(",", ":")).encode()).digest()
        db.execute("UPDATE audit SET digest = ? WHERE seq = ?", (digest, row[0]))
    db.execute("UPDATE audit_ends SET digest = ? WHERE end = 'head'", (digest,))
    return Head(seq=_seqs(db)[-1], digest=digest)


def touch_an_end(db: sqlite3.Connection, luck: random.Random) -> None:
    end = luck.choice(("start", "head"))
    change = luck.choice(("seq = seq + 1", "seal = zeroblob(32)", "digest = zeroblob(32)", "seq = 'x'", "seal = 'x'"))
    if luck.random() < 0.2:
        db.execute("DELETE FROM audit_ends WHERE end = ?", (end,))
    else:
        db.execute(f"UPDATE audit_ends SET {change} WHERE end = ?", (end,))


def touch_a_name(db: sqlite3.Connection, luck: random.Random) -> None:
    first, second = luck.sample([mark for (mark,) in db.execute("SELECT mark FROM audit_names ORDER BY mark")], 2)
    kind = luck.randrange(5)
    if kind == 0:
        db.execute("UPDATE audit_names SET case_id = case_id || 'x' WHERE mark = ?", (first,))
    elif kind == 1:
        db.execute("DELETE FROM audit_names WHERE mark = ?", (first,))
    elif kind == 2:
        ids = [
            db.execute("SELECT case_id FROM audit_names WHERE mark = ?", (m,)).fetchone()[0] for m in (first, second)
        ]
        db.execute("UPDATE audit_names SET case_id = 'held' WHERE mark = ?", (first,))
        db.execute("UPDATE audit_names SET case_id = ? WHERE mark = ?", (ids[0], second))
        db.execute("UPDATE audit_names SET case_id = ? WHERE mark = ?", (ids[1], first))
    elif kind == 3:
        db.execute("UPDATE audit_names SET nonce = ? WHERE mark = ?", (luck.randbytes(16), first))
    else:  # an erased case's name comes back, or one that never was
        erased = json.loads(db.execute("SELECT marks FROM audit WHERE event = 'erasure'").fetchone()[0])
        mark = luck.choice((*erased, "0" * 32))
        db.execute("INSERT INTO audit_names VALUES (?, ?, 'revived')", (mark, luck.randbytes(16)))


KINDS: Sequence[Tampering] = (
    edit, drop, reorder, insert, cut_the_end_off, cut_the_start_off, chain_anew, touch_an_end, touch_a_name,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_every_random_tampering_is_found(used: Path, tmp_path: Path, kind: Tampering) -> None:
    unfound = []
    books = Books(shutil.copytree(used, tmp_path / "copy"))
    log = AuditLog(books)
    whole = (used / FILE_NAME).read_bytes()
    for seed in range(-(-TAMPERINGS // len(KINDS))):
        for left in books.folder.glob(f"{FILE_NAME}-*"):
            left.unlink()
        (books.folder / FILE_NAME).write_bytes(whole)
        assert seed or log.prove().is_sound
        with closing(sqlite3.connect(books.folder / FILE_NAME)) as db, db:
            kind(db, random.Random(seed))
        if log.prove().is_sound:
            unfound.append(seed)
    assert unfound == []


def test_what_a_holder_of_the_secret_rewrites_or_rolls_back_is_found_by_a_head_kept_elsewhere(
    used: Path, tmp_path: Path
) -> None:
    books = Books(shutil.copytree(used, tmp_path / "copy"))
    log = AuditLog(books)
    earlier, kept = log.head(), log.append(view("case-1"))
    with books.writing() as db:
        edit_one(db, random.Random(1))
        log._set_end(db, "head", rechain(db))
    assert log.prove().is_sound
    assert log.prove([kept]).problems == (f"record {kept.seq}, whose digest was kept elsewhere, is gone or another",)
    (books.folder / FILE_NAME).write_bytes((used / FILE_NAME).read_bytes())
    assert log.prove([earlier]).is_sound and not log.prove([kept]).is_sound
