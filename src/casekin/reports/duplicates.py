"""Near-duplicate reports: groups around a first report whose wording the others share almost wholly.

A report's sketch is its 128 smallest hashes of three words in a row: for most reports all of them, so that the share
two have in common (Jaccard) is exact; for longer ones it is estimated (bottom-k sketches, Cohen and Kaplan, PODC 2007).
Candidates come from min-hashes in bands (Broder, 1997; Leskovec et al., Mining of Massive Datasets, ch. 3), so that
a report is compared with a few others, however large the archive.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.8
"""Share of three-word sequences in common, from which two reports count as near-duplicates."""
_SIZE = 128
SKETCH_BYTES = 4 * _SIZE
_EMPTY = np.uint32(0xFFFFFFFF)
_WORDS_IN_A_ROW = 3
# A pair of Jaccard 0.8 shares at least one of 12 bands of 4 with probability 0.998, one of 0.4 with 0.27.
_BANDS, _ROWS = 12, 4
_PER_BUCKET, _COMPARED = 16, 6
"""Leaders kept under a band's value, and candidates compared: what keeps the cost of a report flat."""
_BLOCK = 1024
_WORD = re.compile(r"[a-z0-9]+")
Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateGroup:
    """Reports by number: each of `members` shares `similarities` of its wording with `leader`, the first of them."""

    leader: int
    members: tuple[int, ...]
    similarities: tuple[float, ...]


def sketch(text: str) -> bytes:
    """The sketch of a text, `SKETCH_BYTES` long: case, punctuation and layout don't count; all padding for no words."""
    words = _WORD.findall(text.lower())
    rows = [" ".join(words[i : i + _WORDS_IN_A_ROW]) for i in range(max(1, len(words) - _WORDS_IN_A_ROW + 1))]
    hashes = np.unique(np.array([zlib.crc32(row.encode()) for row in rows if row], dtype=np.uint32))[:_SIZE]
    padded = np.full(_SIZE, _EMPTY, dtype="<u4")
    padded[: len(hashes)] = hashes
    return padded.tobytes()


def find_duplicates(sketches: bytes) -> list[DuplicateGroup]:
    """Groups of near-duplicates among sketches, one after the other, by their leader's number.

    In order: a report joins the most similar earlier leader if that is near enough, else it leads a group of its own.
    """
    hashes = np.frombuffer(sketches, dtype="<u4").reshape(-1, _SIZE)
    leaders: dict[tuple[int, int], list[int]] = {}
    known: dict[bytes, tuple[int, float]] = {}
    groups: dict[int, list[tuple[int, float]]] = {}
    for start in range(0, len(hashes), _BLOCK):
        block = hashes[start : start + _BLOCK]
        for number, bands in enumerate(_band_values(block).tolist(), start=start):
            key = hashes[number].tobytes()
            if hashes[number, 0] == _EMPTY:
                continue
            leader, share = known.get(key) or _nearest(hashes, number, bands, leaders)
            if share >= THRESHOLD:
                known[key] = leader, share
                groups.setdefault(leader, []).append((number, share))
                continue
            known[key] = number, 1.0
            for band, value in enumerate(bands):
                bucket = leaders.setdefault((band, value), [])
                if len(bucket) < _PER_BUCKET:
                    bucket.append(number)
    return [
        DuplicateGroup(
            leader=leader, members=tuple(n for n, _ in members), similarities=tuple(round(s, 4) for _, s in members)
        )
        for leader, members in sorted(groups.items())
    ]


def similarity(a: Hashes, b: Hashes) -> float:
    """Jaccard of two sketches over the smallest hashes of both: exact while these are all there are."""
    values, counts = np.unique(np.concatenate((a[a != _EMPTY], b[b != _EMPTY])), return_counts=True)
    counts = counts[:_SIZE]
    return float((counts == 2).sum() / len(counts)) if len(values) else 0.0


def _nearest(
    sketches: Hashes, number: int, bands: list[int], leaders: dict[tuple[int, int], list[int]]
) -> tuple[int, float]:
    """The most similar leader among those that share the most bands, the earliest of equals; -1 where there is none."""
    shared = Counter(other for band, value in enumerate(bands) for other in leaders.get((band, value), ()))
    likeliest = sorted(shared, key=lambda other: (-shared[other], other))[:_COMPARED]
    found = [(similarity(sketches[other], sketches[number]), -other) for other in likeliest]
    best, leader = max(found, default=(0.0, 1))
    return -leader, best


def _band_values(sketches: Hashes) -> NDArray[np.uint64]:
    """`(reports, bands)`: one number for the min-hashes of each band."""
    filled = np.where(sketches == _EMPTY, sketches[:, :1], sketches)
    smallest = np.empty((len(sketches), len(_FACTORS)), dtype=np.uint32)
    for column, (odd, other) in enumerate(_FACTORS):
        mixed = filled * odd
        mixed ^= mixed >> np.uint32(15)
        mixed *= other
        mixed ^= mixed >> np.uint32(13)
        smallest[:, column] = mixed.min(axis=1)
    values = np.zeros((len(sketches), _BANDS), dtype=np.uint64)
    for row in range(_ROWS):
        values = values * np.uint64(0x100000001B3) ^ smallest[:, row::_ROWS].astype(np.uint64)
    return values


def _odd_factors() -> list[tuple[np.uint32, np.uint32]]:
    """Multipliers, a pair a min-hash; constants, by their seed."""
    drawn = np.random.default_rng(0).integers(1 << 31, size=(_BANDS * _ROWS, 2)).astype(np.uint32) * np.uint32(2)
    return [(pair[0], pair[1]) for pair in drawn + np.uint32(1)]


_FACTORS = _odd_factors()
