"""The chain under the audit log: what a record's digest covers, and what proves that nothing was changed.

Each record's digest is SHA-256 over the digest of the one before and the record itself, so anyone who knows one digest
can prove all that came before it. Both ends of the chain (the last record, and what stood before the first that is
kept) carry a seal: HMAC-SHA256 under a secret of the state folder, which whoever can only write the database hasn't.

A record names cases by marks. A mark commits to a case id through a nonce of its own, which lies beside the id: with
both, the mark is proven; when both are erased, nobody can tell from the mark whose it was, and the chain still holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

FIELDS = ("seq", "time", "tenant", "subject", "event", "route", "status", "request", "detail", "marks")
"""What a record's digest covers, in this order."""
ERASURE = "erasure"
"""The event whose record marks every case that was erased: the only reason for a mark without a name."""
FIRST = bytes(32)
"""What stands for the digest before the very first record."""
_MOST_TOLD = 20
_canonical = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last record of a log, to be kept elsewhere: it proves all before it, and that none was cut off after it."""

    seq: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest.hex()}"


_EMPTY = Head(seq=0, digest=FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProof:
    """What proving a log found: how many records it holds, its head, and what isn't as it was written."""

    records: int
    head: Head
    problems: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.problems


def digest_of(before: bytes, record: Sequence[object]) -> bytes:
    """The digest `(32 bytes)` of a record, the values of `FIELDS`, that follows one with the digest `before`."""
    return hashlib.sha256(before + _canonical(list(record)).encode()).digest()


def seal_of(key: bytes, end: str, seq: int, digest: bytes) -> bytes:
    """What only a holder of the key can write beside an end of the chain, `head` or `start`."""
    return hmac.digest(key, f"{end} {seq} {digest.hex()}".encode(), "sha256")


def mark_of(nonce: bytes, case_id: str) -> str:
    """By what records name a case."""
    return hmac.digest(nonce, case_id.encode(errors="surrogatepass"), "sha256").hex()[:32]


def prove(db: sqlite3.Connection, key: bytes, kept: Iterable[Head] = ()) -> AuditProof:
    """Read the whole log and compare it with its seals, its names and heads that were kept elsewhere.

    The first problems found are told; none tells what a record says.
    """
    db.text_factory = lambda text: text.decode(errors="surrogateescape")  # damaged text is told, not raised
    problems: list[str] = []
    ends = {name: (seq, digest, seal) for name, seq, digest, seal in db.execute("SELECT * FROM audit_ends")}
    is_used = bool(ends) or _holds_anything(db)
    start, last = (_sealed(key, end, ends.get(end)) for end in ("start", "head"))
    if is_used:
        for end, found in (("start", start), ("head", last)):
            problems += [f"the {end} of the log is not what was written"] if found is None else []
    start, last = start or _EMPTY, last or _EMPTY
    chain = _Chain(start, {head.seq: head for head in kept})
    problems += _first(chain.follow(db.execute(f"SELECT {', '.join(FIELDS)}, digest FROM audit ORDER BY seq")))
    if chain.at != last:
        problems.append(f"the log ends at record {chain.at.seq}, which isn't its head, {last.seq}")
    problems += [f"record {seq}, whose digest was kept elsewhere, is gone or another" for seq in sorted(chain.kept)]
    problems += _first(_misnamed(db, chain.used, chain.erased))
    return AuditProof(records=chain.count, head=chain.at, problems=tuple(problems[:_MOST_TOLD]))


class _Chain:
    """Where a reading of the chain stands; `kept` loses every head that it has met."""

    def __init__(self, start: Head, kept: dict[int, Head]) -> None:
        self.at = start
        self.kept = kept
        self.count = 0
        self.used: set[str] = set()
        self.erased: set[str] = set()
        self._meet()
        for seq in [seq for seq in kept if seq < start.seq]:
            del kept[seq]  # expired: nothing here can prove or disprove it

    def follow(self, rows: Iterable[Sequence[object]]) -> Iterator[str]:
        """What is wrong with the records, which follow `at`; the chain goes on from what stands there."""
        for *record, digest in rows:
            seq, marks = record[0], record[-1]
            self.count += 1
            try:
                expected = digest_of(self.at.digest, record)
                named = _marks_in(str(marks))
            except (TypeError, ValueError):
                expected, named = b"", frozenset()
            if seq != self.at.seq + 1:
                yield f"records {self.at.seq + 1} to {_number(seq) - 1} are missing"
            elif digest != expected:
                yield f"record {seq} is not what was written, or doesn't follow the one before"
            self.at = Head(seq=_number(seq), digest=digest if isinstance(digest, bytes) else b"")
            self.used |= named
            if record[4] == ERASURE:
                self.erased |= named
            self._meet()

    def _meet(self) -> None:
        if self.kept.get(self.at.seq) == self.at:
            del self.kept[self.at.seq]


@lru_cache(maxsize=4096)
def _marks_in(written: str) -> frozenset[str]:
    return frozenset(json.loads(written))


def _misnamed(db: sqlite3.Connection, used: set[str], erased: set[str]) -> Iterator[str]:
    """What is wrong with the names behind the marks."""
    named = set()
    for mark, nonce, case_id in db.execute("SELECT mark, nonce, case_id FROM audit_names ORDER BY mark"):
        named.add(mark)
        if not (isinstance(nonce, bytes) and isinstance(case_id, str) and mark_of(nonce, case_id) == mark):
            yield "a name of a case is not what was written"
    if named - used:
        yield f"{len(named - used)} names of cases that no record names were added"
    if used - named - erased:
        yield f"{len(used - named - erased)} names of cases are missing without an erasure"
    if named & erased:
        yield f"{len(named & erased)} names of erased cases are back"


def _holds_anything(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM audit) OR EXISTS (SELECT 1 FROM audit_names)").fetchone()[0])


def _sealed(key: bytes, end: str, row: tuple[int, bytes, bytes] | None) -> Head | None:
    """What an end says; None where its seal doesn't."""
    if row is None or not (isinstance(row[0], int) and isinstance(row[1], bytes) and isinstance(row[2], bytes)):
        return None
    is_whole = hmac.compare_digest(seal_of(key, end, row[0], row[1]), row[2])
    return Head(seq=row[0], digest=row[1]) if is_whole else None


def _number(seq: object) -> int:
    return seq if isinstance(seq, int) else 0


def _first(found: Iterator[str]) -> list[str]:
    """The first few; the rest is read all the same, for what the reading gathers."""
    told: list[str] = []
    for line in found:
        if len(told) < _MOST_TOLD:
            told.append(line)
    return told
