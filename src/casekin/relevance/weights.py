"""The one table of weights that similarity is made of, versioned: order matters more than value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarityWeights:
    """What is left of a match of two findings, each in [0, 1], and how much a finding counts.

    Concepts come from `casekin.findings.concept_similarity`, which has its own version in the ontology. `version`
    changes with any number here.
    """

    version: str = "2"
    # Places: each step from a part to the whole, two that share image space (lobe and zone), the same anatomy with a
    # side unstated, another place or the other side (the least of all).
    part: float = 0.85
    shared_space: float = 0.7
    side_unstated: float = 0.6
    elsewhere: float = 0.2
    # One of two is uncertain; each step of severity; both tell a change and not the same one.
    one_uncertain: float = 0.7
    severity_step: float = 0.1
    other_change: float = 0.9
    # How much an uncertain finding counts beside a present one, in either case.
    uncertain_counts: float = 0.5
    # Below this a pair (a sibling finding, another place) adds to the value but isn't shown as a match.
    match_floor: float = 0.45


WEIGHTS = SimilarityWeights()
