"""How a good input becomes a bad one. All randomness comes from the generator that is passed in."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence

import numpy as np

Random = np.random.Generator
Mutation = Callable[[bytes, Random], bytes]
_EDGES = (
    *(0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF),
    *(0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF),
)
"""Values at which lengths and counts overflow or mean "undefined"."""
_WORDS = (
    b"\x00", b"\xff\xff\xff\xff", b"../", b"..\\", b"%2e%2e%2f", b"\r\n", b"\n", b"|", b"^", b"~", b"\\", b"\\E\\",
    b'"', b"'", b"{", b"[", b"]", b"}", b":", b",", b"null", b"1e999", b"-0", b"NaN", b"\xc0\xaf", b"\xed\xa0\x80",
    "\u202e".encode(), b"<!ENTITY x SYSTEM 'file:///etc/hosts'>", b"&x;", b"((((((((", b"not ", b" and ",
)  # fmt: skip

_VALUE = re.compile(rb'"[^"\r\n]*"|[\w.+-]+')
_VALUES = (b"null", b"true", b"0", b"-1", b"1e9", b"1.5", b'""', b'"x y"', b"[]", b"{}", b"[1, 2, 3, 4]")


def flip_bits(data: bytes, random: Random) -> bytes:
    """One to sixteen bits turned over."""
    if not data:
        return data
    mutant = bytearray(data)
    for at in random.integers(0, len(data), random.integers(1, 17)):
        mutant[at] ^= 1 << int(random.integers(8))
    return bytes(mutant)


def cut(data: bytes, random: Random) -> bytes:
    """The beginning alone."""
    return data[: int(random.integers(0, len(data) + 1))]


def leave_out(data: bytes, random: Random) -> bytes:
    """A stretch gone."""
    first, last = _stretch(data, random)
    return data[:first] + data[last:]


def repeat(data: bytes, random: Random) -> bytes:
    """A stretch again, up to 200 times: nesting and lists grow."""
    first, last = _stretch(data, random, longest=64)
    return data[:last] + data[first:last] * int(random.integers(1, 200)) + data[last:]


def overwrite(data: bytes, random: Random) -> bytes:
    """A number of 1, 2, 4 or 8 bytes replaced by one at an edge, in either byte order."""
    size = int(random.choice((1, 2, 4, 8)))
    if len(data) < size:
        return data
    value = int(random.choice(_EDGES)) & (256**size - 1)
    at = int(random.integers(0, len(data) - size + 1))
    return data[:at] + value.to_bytes(size, "little" if random.integers(2) else "big") + data[at + size :]


def insert(data: bytes, random: Random) -> bytes:
    """Random bytes, or a word that means something somewhere."""
    at = int(random.integers(0, len(data) + 1))
    new = random.bytes(int(random.integers(1, 32))) if random.integers(2) else _WORDS[int(random.integers(len(_WORDS)))]
    return data[:at] + new + data[at:]


def exchange(data: bytes, random: Random) -> bytes:
    """A word, a number or a quoted string replaced by another of the same text or by a value of another type.

    What frames it stays, so that JSON, TOML and HL7 are still read as such and the value is looked at.
    """
    words = [found.span() for found in _VALUE.finditer(data)]
    if not words:
        return data
    (first, last), (start, end) = (words[int(at)] for at in random.integers(len(words), size=2))
    new = data[start:end] if random.integers(2) else _VALUES[int(random.integers(len(_VALUES)))]
    return data[:first] + new + data[last:]


def forge(marks: Sequence[tuple[bytes, int]]) -> Mutation:
    """Overwrites the number that follows one of `marks`, `(bytes, size of the number)`: a header that lies."""

    def forged(data: bytes, random: Random) -> bytes:
        mark, size = marks[int(random.integers(len(marks)))]
        at = data.find(mark)
        if at < 0:
            return overwrite(data, random)
        at += len(mark)
        value = int(random.choice(_EDGES)) & (256**size - 1)
        return data[:at] + value.to_bytes(size, "little") + data[at + size :]

    return forged


def mend_png(data: bytes, random: Random) -> bytes:
    """A picture whose chunks have their checksums again, so that what was changed is read."""
    out, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + length]
        out += data[at : at + 4] + body + zlib.crc32(body).to_bytes(4, "big")
        at += 12 + length
    return bytes(out + data[at:])


GENERAL: tuple[Mutation, ...] = (flip_bits, cut, leave_out, repeat, overwrite, overwrite, insert)


def mutate(seeds: Sequence[bytes], mutations: Sequence[Mutation], random: Random) -> bytes:
    """One seed with one to four mutations, now and then joined with another seed."""
    data = seeds[int(random.integers(len(seeds)))]
    if random.random() < 0.1:
        other = seeds[int(random.integers(len(seeds)))]
        data = data[: int(random.integers(len(data) + 1))] + other[int(random.integers(len(other) + 1)) :]
    for _ in range(int(random.integers(1, 5))):
        data = mutations[int(random.integers(len(mutations)))](data, random)
    return data


def _stretch(data: bytes, random: Random, *, longest: int = 4096) -> tuple[int, int]:
    first = int(random.integers(0, len(data) + 1))
    return first, min(len(data), first + int(random.integers(0, longest)))
