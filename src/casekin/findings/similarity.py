"""How alike two findings are, from the hierarchy alone: one number in [0, 1] for every pair of concepts."""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from casekin.findings.tree import FINDINGS, by_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEVEL = 0.8
"""What one is-a step keeps: 'airspace opacity' answers 'consolidation' well, 'lung opacity' less so."""
_BY_PLACE = 0.5
"""What is left of a turn at a concept without parents: its kinds share a place (the pleura), not a nature."""


def concept_similarity(a: str, b: str) -> float:
    """How alike findings `a` and `b` (ids) are: 1 for the same one only, 0 where nothing joins them; symmetric.

    The best way from one to the other over a concept that both are: every is-a step keeps 0.8, and turning at a
    concept keeps its intrinsic information content (Seco et al., ECAI 2004), 1 - log(1 + descendants) / log(concepts),
    so that kinds of a narrow concept are more alike than kinds of a broad one. FindingError when an id is unknown.

    >>> concept_similarity("consolidation", "airspace_opacity") > concept_similarity("consolidation", "nodule") > 0
    True
    """
    rows, (_, matrix) = _rows(), similarity_matrix()
    return float(matrix[rows[by_id(a).id], rows[by_id(b).id]])


@lru_cache(maxsize=1)
def similarity_matrix() -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Every finding id, and the read-only matrix `(findings, findings)` of `concept_similarity` in that order."""
    import numpy as np  # here: names and hierarchy are read without it

    rows, up = _rows(), np.zeros((len(FINDINGS), len(FINDINGS)))
    for name, row in rows.items():
        for above, steps in _steps_up(name).items():
            up[row, rows[above]] = _LEVEL**steps
    below = np.count_nonzero(up, axis=0)
    matrix = np.maximum(up, up.T)
    for name, row in rows.items():
        turn = max(0.0, 1 - log(below[row]) / log(len(rows))) * (1 if FINDINGS[name].parents else _BY_PLACE)
        np.maximum(matrix, turn * np.outer(up[:, row], up[:, row]), out=matrix)
    np.fill_diagonal(matrix, 1.0)
    answer = matrix.astype(np.float32)
    answer.flags.writeable = False
    return tuple(rows), answer


@lru_cache(maxsize=1)
def _rows() -> dict[str, int]:
    return {name: row for row, name in enumerate(FINDINGS)}


def _steps_up(name: str) -> dict[str, int]:
    """The concept itself and everything above it, with the fewest is-a steps to each."""
    steps, level = {name: 0}, [name]
    while level:
        level = [above for each in level for above in FINDINGS[each].parents if above not in steps]
        steps.update(dict.fromkeys(level, max(steps.values()) + 1))
    return steps
