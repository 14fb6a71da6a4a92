"""How sure a share is that was seen in so many cases."""

from __future__ import annotations

import math

_Z95 = 1.959963984540054


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `count` independent cases (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    if count <= 0:
        return 0.0, 1.0
    middle = (share + _Z95**2 / (2 * count)) / (1 + _Z95**2 / count)
    half = _Z95 / (1 + _Z95**2 / count) * math.sqrt(share * (1 - share) / count + _Z95**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
