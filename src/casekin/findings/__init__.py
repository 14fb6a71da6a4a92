"""Findings as words: about 150 chest concepts with hierarchy, homes, synonyms and codes.

Data: `findings.json` (see README.md beside it).
"""

from casekin.findings.similarity import concept_similarity, similarity_matrix
from casekin.findings.tree import (
    FINDINGS,
    Finding,
    Sign,
    ancestors,
    finding,
    finding_names,
    is_a,
    parse_finding,
    siblings,
)

__all__ = [
    "FINDINGS",
    "Finding",
    "Sign",
    "ancestors",
    "concept_similarity",
    "finding",
    "finding_names",
    "is_a",
    "parse_finding",
    "siblings",
    "similarity_matrix",
]
