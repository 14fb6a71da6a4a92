"""Stable pseudonyms: the same person gets the same name, and nobody without the secret can go back."""

from __future__ import annotations

import hashlib
import hmac
import re

_WHITE_SPACE = re.compile(r"\s+")
_LEAST_DAYS, _MOST_DAYS = 366, 3652
"""How far a patient's dates move back: more than a year, so that no date is nearly right, and at most ten."""


class Pseudonymizer:
    """HMAC-SHA256 pseudonyms under a site's secret (at least 16 bytes; keep it out of the index's folder).

    Identifiers are compared as archives write them: surrounding and repeated white space, NULs and letter case make no
    difference (`" ab 12 "` is `"AB 12"`); nothing else is folded, so `0012` and `12` stay two patients.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError(f"secret: expected at least 16 bytes, got {len(secret)}; make one with os.urandom(32)")
        self._secret = bytes(secret)

    def patient(self, patient_id: str) -> str:
        """`p-` and 16 hexadecimal digits."""
        return "p-" + self._digest("patient", patient_id).hex()[:16]

    def accession(self, accession_number: str) -> str:
        """`a-` and 16 hexadecimal digits."""
        return "a-" + self._digest("accession", accession_number).hex()[:16]

    def uid(self, uid: str) -> str:
        """A valid DICOM UID under `2.25.` (PS3.5 B.2: the decimal form of a 128-bit UUID), at most 44 characters."""
        number = bytearray(self._digest("uid", uid)[:16])
        number[6] = (number[6] & 0x0F) | 0x80  # RFC 9562 version 8, a custom UUID
        number[8] = (number[8] & 0x3F) | 0x80
        return f"2.25.{int.from_bytes(number, 'big')}"

    def days_back(self, patient_id: str) -> int:
        """By how many days all dates of this patient are moved into the past; the day of the week changes too."""
        number = int.from_bytes(self._digest("days", patient_id)[:8], "big")
        return _LEAST_DAYS + number % (_MOST_DAYS - _LEAST_DAYS + 1)

    def __repr__(self) -> str:
        return "Pseudonymizer(secret=…)"

    def _digest(self, kind: str, value: str) -> bytes:
        normal = _WHITE_SPACE.sub(" ", value.replace("\x00", " ")).strip().upper()
        return hmac.new(self._secret, f"{kind}\x1f{normal}".encode(), hashlib.sha256).digest()
