"""Which searches by codes are done exactly as well, and what that found: a line for each, kept with the index.

A line holds the index's generation and the share of the exact list that was listed; nothing of what was asked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FILE = "sampled_recall"
_LINE = re.compile(r"\d+ ([01]\.\d{4})")
_SAMPLED_EACH = 100
"""Of so many searches by codes one is compared with an exact search, which takes ten to a hundred times as long."""
_RECENT = 1000


def is_drawn(vectors: Iterable[NDArray[np.float32]]) -> bool:
    """Whether a question is one of those to be compared: by a hash, so that short-lived processes draw some too."""
    return zlib.crc32(b"".join(vector.tobytes() for vector in vectors)) % _SAMPLED_EACH == 0


def note_recall(folder: Path, *, generation: str, share: float) -> None:
    """Add a line, in one write, so that processes don't mix theirs. Where nothing may be written, nothing is kept."""
    with suppress(OSError), (folder / _FILE).open("ab", buffering=0) as file:
        file.write(f"{generation} {share:.4f}\n".encode())


def read_recall(folder: Path) -> dict[str, Any] | None:
    """How many searches were compared, their mean recall, and that of the latest 1,000; None before the first.

    What a power cut left of a line doesn't count.
    """
    try:
        lines = (folder / _FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    shares = [float(line[1]) for line in map(_LINE.fullmatch, lines) if line]
    if not shares:
        return None
    recent = shares[-_RECENT:]
    return {
        "searches": len(shares),
        "mean": sum(shares) / len(shares),
        "recent_mean": sum(recent) / len(recent),
    }
