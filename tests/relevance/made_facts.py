"""Hypothesis strategies: facts, places and cases that meet often, in every polarity and on every side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from casekin.anatomy import mirror
from casekin.relevance import CaseFindings
from casekin.types import Fact, Place, Polarity, Severity, Side
from made_cases import made_fact, place

laws = settings(deadline=None, max_examples=50)

FINDINGS = (
    "consolidation",
    "airspace_opacity",
    "ground_glass_opacity",
    "nodule",
    "calcified_granuloma",
    "pleural_effusion",
    "hydropneumothorax",
    "cardiomegaly",
)
SEVERITIES: tuple[Severity | None, ...] = (None, "minimal", "mild", "moderate", "severe")
SIDED = ("lung", "lower_lobe", "upper_lobe", "lower_lung_zone", "pleural_space", "costophrenic_angle")
SIDES: tuple[Side | None, ...] = ("left", "right", "bilateral", None)
POLARITIES: tuple[Polarity, ...] = ("present", "absent", "uncertain")

places = st.builds(place, st.sampled_from(SIDED), st.sampled_from(SIDES)) | st.sampled_from(
    [place("mediastinum"), place("cardiac_silhouette"), place("right_atrium"), place("spine")]
)
facts = st.builds(
    lambda finding, where, polarity, severity: made_fact(
        finding, where.anatomy, where.side, polarity, severity=severity
    ),
    st.sampled_from(FINDINGS),
    places,
    st.sampled_from(POLARITIES),
    st.sampled_from(SEVERITIES),
)
stated = st.lists(facts, max_size=4)
asked = st.none() | places
cases = st.builds(lambda facts, normal: made(facts, normal=normal), stated, st.lists(places, max_size=2))
archives = st.lists(st.tuples(stated, st.lists(places, max_size=2), st.integers(0, 3)), max_size=8).map(
    lambda rows: [
        made(facts, normal=normal, case_id=f"c{number}", patient=f"p{patient}")
        for number, (facts, normal, patient) in enumerate(rows)
    ]
)


def made(
    facts: Sequence[Fact], *, normal: Sequence[Place] = (), case_id: str = "c", patient: str = "p"
) -> CaseFindings:
    """A case with as little beside its facts as possible."""
    return CaseFindings(case_id=case_id, patient=patient, facts=tuple(facts), normal_anatomies=tuple(normal))


def mirrored(facts: Sequence[Fact]) -> list[Fact]:
    """The same facts on the other side."""
    moved = [mirror(fact.place) for fact in facts]
    return [replace(fact, anatomy=to.anatomy, side=to.side) for fact, to in zip(facts, moved, strict=True)]
