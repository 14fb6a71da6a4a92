"""Findings as words: about 300 chest concepts with hierarchy, homes, synonyms, codes and other people's labels.

Data: `findings.json` and `label_maps.json` (see README.md beside them).
"""

from casekin.findings.label_maps import from_label, label_sets, labels, to_labels
from casekin.findings.logic import implied_absences, is_excluded_by
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
    "from_label",
    "implied_absences",
    "is_a",
    "is_excluded_by",
    "label_sets",
    "labels",
    "parse_finding",
    "siblings",
    "similarity_matrix",
    "to_labels",
]
