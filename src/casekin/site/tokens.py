"""API tokens: shown once when they are made; the site keeps a keyed hash, from which none can be made again."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

from casekin.site.books import Books
from casekin.site.keys import read_key
from casekin.site.times import Clock, instant, instant_or_none

TOKEN_FORM = re.compile(r"ckn_([0-9a-f]{12})_([0-9a-f]{48})")
"""What a token looks like: a prefix for scanners of leaked secrets, its id, and 192 random bits."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
    token_id TEXT PRIMARY KEY, subject TEXT NOT NULL, role TEXT NOT NULL, digest BLOB NOT NULL,
    created_at REAL NOT NULL, expires_at REAL, revoked_at REAL) WITHOUT ROWID
"""
_COLUMNS = "token_id, subject, role, created_at, expires_at, revoked_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token: whose it is and how long it holds; None: for ever, not revoked."""

    token_id: str
    subject: str
    role: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None

    def is_live(self, now: float) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def as_record(self) -> dict[str, Any]:
        """The JSON form, without what opens."""
        return {
            "token_id": self.token_id,
            "subject": self.subject,
            "role": self.role,
            "created_at": instant(self.created_at),
            "expires_at": instant_or_none(self.expires_at),
            "revoked_at": instant_or_none(self.revoked_at),
        }


class Tokens:
    """The tokens of a site; any thread or process may use them, and sees at once what another revoked.

    Every method raises `SiteError` where the books can't be used.
    """

    def __init__(self, books: Books, *, clock: Clock = time.time) -> None:
        self._books = books
        self._clock = clock
        self._key = read_key(books.folder, "tokens")
        books.ensure(_SCHEMA)

    def create(self, *, subject: str, role: str, valid_s: float | None = None) -> tuple[Token, str]:
        """A new token and its text, which is kept nowhere. `valid_s` None: until it is revoked."""
        token_id, secret = secrets.token_hex(6), secrets.token_hex(24)
        now = self._clock()
        token = Token(
            token_id=token_id,
            subject=subject,
            role=role,
            created_at=now,
            expires_at=None if valid_s is None else now + valid_s,
            revoked_at=None,
        )
        with self._books.writing() as db:
            db.execute(
                f"INSERT INTO tokens ({_COLUMNS}, digest) VALUES (?, ?, ?, ?, ?, NULL, ?)",
                (token_id, subject, role, now, token.expires_at, self._digest(token_id, secret)),
            )
        return token, f"ckn_{token_id}_{secret}"

    def find(self, text: str) -> Token | None:
        """The live token of a text; None where it is malformed, unknown, expired or revoked."""
        form = TOKEN_FORM.fullmatch(text)
        if form is None:
            return None
        with self._books.reading() as db:
            row = db.execute(f"SELECT {_COLUMNS}, digest FROM tokens WHERE token_id = ?", (form[1],)).fetchone()
        if row is None or not hmac.compare_digest(row[-1], self._digest(form[1], form[2])):
            return None
        return self._live(row[:-1])

    def find_by_id(self, token_id: str) -> Token | None:
        """The live token of an id, for who has shown its text before."""
        with self._books.reading() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM tokens WHERE token_id = ?", (token_id,)).fetchone()
        return None if row is None else self._live(row)

    def all(self) -> tuple[Token, ...]:
        """Every token that was ever made, the oldest first."""
        with self._books.reading() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM tokens ORDER BY created_at, token_id").fetchall()
        return tuple(map(_token, rows))

    def revoke(self, token_id: str) -> bool:
        """End a token now; whether there was one to end. It stays listed."""
        with self._books.writing() as db:
            query = "UPDATE tokens SET revoked_at = ? WHERE token_id = ? AND revoked_at IS NULL"
            return db.execute(query, (self._clock(), token_id)).rowcount == 1

    def _live(self, row: tuple[Any, ...]) -> Token | None:
        token = _token(row)
        return token if token.is_live(self._clock()) else None

    def _digest(self, token_id: str, secret: str) -> bytes:
        return hmac.digest(self._key, f"{token_id} {secret}".encode(), "sha256")


def _token(row: tuple[Any, ...]) -> Token:
    token_id, subject, role, created_at, expires_at, revoked_at = row
    return Token(
        token_id=token_id,
        subject=subject,
        role=role,
        created_at=created_at,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
