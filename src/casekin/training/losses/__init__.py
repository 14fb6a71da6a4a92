"""Losses of the encoders: small pure functions of logits and targets, the same over one process or many.

A loss sees whole batches: gather features of all processes first (`casekin.training.gather`). Logits are float32 or
wider whatever the features are; a relevance of NaN means that the pair is unjudged, and such a pair is in no term.
"""

from casekin.training.losses.alignment import location_contrast, word_patch_scores
from casekin.training.losses.contrast import (
    info_nce,
    multi_positive_info_nce,
    relevance_weighted_info_nce,
    scaled_cosines,
    sigmoid_contrast,
    soft_cross_entropy,
    soft_sigmoid_contrast,
)
from casekin.training.losses.ranking import graded_triplets, smooth_ap

__all__ = [
    "graded_triplets",
    "info_nce",
    "location_contrast",
    "multi_positive_info_nce",
    "relevance_weighted_info_nce",
    "scaled_cosines",
    "sigmoid_contrast",
    "smooth_ap",
    "soft_cross_entropy",
    "soft_sigmoid_contrast",
    "word_patch_scores",
]
