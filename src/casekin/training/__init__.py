"""Training of encoders: losses, what they are trained on, and the proof that no held-out case was among it.

What is named here runs without torch; `losses`, `gather` and what `casekin train` runs need it, the `train` extra.
"""

from casekin.training.hard_negatives import HardNegative, make_hard_negatives
from casekin.training.ledger import IdLedger, merge_ledgers, read_ledger, verify_ledger
from casekin.training.mirror import Sample, mirror_sample
from casekin.training.mirror_text import mirror_place, mirror_text
from casekin.training.samplers import (
    Progress,
    abnormal_weights,
    balanced_batches,
    batches_from,
    patient_batches,
    rank_share,
    weighted_batches,
)
from casekin.training.targets import (
    LocationTargets,
    LocationWeights,
    Region,
    SentenceTargets,
    build_location_targets,
    build_sentence_targets,
)

__all__ = [
    "HardNegative",
    "IdLedger",
    "LocationTargets",
    "LocationWeights",
    "Progress",
    "Region",
    "Sample",
    "SentenceTargets",
    "abnormal_weights",
    "balanced_batches",
    "batches_from",
    "build_location_targets",
    "build_sentence_targets",
    "make_hard_negatives",
    "merge_ledgers",
    "mirror_place",
    "mirror_sample",
    "mirror_text",
    "patient_batches",
    "rank_share",
    "read_ledger",
    "verify_ledger",
    "weighted_batches",
]
