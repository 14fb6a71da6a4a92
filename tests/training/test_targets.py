"""Targets of regions and sentences follow from what the reports state, and silence gives none."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from casekin.anatomy import mirror, overlaps
from casekin.relevance import CaseFindings, speaks_of
from casekin.reports import read_report
from casekin.training import LocationWeights, Region, build_location_targets, build_sentence_targets
from casekin.types import Place
from made_cases import place
from training.labelled import labelled_rows

LEFT, RIGHT, SPINE = place("lung", "left"), place("lung", "right"), place("spine")
REPORTS = {
    "effusion": ("anna", "Small left pleural effusion. The right lung is clear."),
    "same": ("bert", "Large left pleural effusion. The right lung is clear."),
    "more": ("carl", "Left pleural effusion and left lower lobe consolidation."),
    "other": ("dora", "Left apical pneumothorax. No pleural effusion."),
    "later": ("anna", "Left pleural effusion. The right lung is clear."),
    "silent": ("emil", "The spine is normal."),
}
NAMES = list(REPORTS)


def case_of(name: str, patient: str, report: str) -> CaseFindings:
    read = read_report(report)
    return CaseFindings(case_id=name, patient=patient, facts=read.facts, normal_anatomies=read.normal_anatomies)


CASES = [case_of(name, *told) for name, told in REPORTS.items()]
REGIONS = [Region(case=number, place=spot) for number, spot in product(range(len(CASES)), (LEFT, RIGHT, SPINE))]


def at(name: str, spot: Place) -> int:
    """The number of a case's region."""
    return REGIONS.index(Region(case=NAMES.index(name), place=spot))


@pytest.fixture(scope="module")
def targets() -> dict[str, np.ndarray]:
    built = build_location_targets(CASES, REGIONS)
    return {"positives": built.positives, "negatives": built.negative_weights, "anchors": built.anchor_weights}


def test_the_same_findings_at_the_same_place_of_another_patient_are_positives(targets: dict[str, np.ndarray]) -> None:
    anchor = at("effusion", LEFT)
    positives = {(NAMES[REGIONS[n].case], REGIONS[n].place) for n in np.flatnonzero(targets["positives"][anchor])}
    assert positives == {("same", LEFT), ("more", LEFT)}  # half of the findings are shared with "more"


@pytest.mark.parametrize(
    ("name", "spot", "weight"),
    [
        ("other", LEFT, 1.0),  # the same place with another finding
        ("same", RIGHT, 1.0),  # the mirror place of another patient
        ("effusion", RIGHT, 1.0),  # and of the image itself
        ("effusion", SPINE, 0.5),  # another place of the image
        ("same", SPINE, 0.0),  # nothing to do with one another
        ("later", LEFT, 0.0),  # the same patient
        ("later", RIGHT, 0.0),
        ("silent", LEFT, 0.0),  # says nothing of the place
        ("effusion", LEFT, 0.0),  # itself
    ],
)
def test_each_kind_of_negative_has_its_weight(
    targets: dict[str, np.ndarray], name: str, spot: Place, weight: float
) -> None:
    assert targets["negatives"][at("effusion", LEFT), at(name, spot)] == weight


def test_a_negative_weighs_the_part_that_is_not_shared() -> None:
    strict = build_location_targets(CASES, REGIONS, weights=LocationWeights(same_from=1.0, other_findings=0.8))
    assert strict.negative_weights[at("effusion", LEFT), at("more", LEFT)] == pytest.approx(0.8 * 0.5)
    assert not strict.positives[at("effusion", LEFT), at("more", LEFT)]


def test_two_normals_are_positives_and_count_less_as_anchors(targets: dict[str, np.ndarray]) -> None:
    assert targets["positives"][at("effusion", RIGHT), at("same", RIGHT)]
    assert targets["anchors"][[at("effusion", RIGHT), at("effusion", LEFT)]].tolist() == [0.25, 1.0]


def test_an_overlapping_place_of_the_same_image_is_no_negative() -> None:
    regions = [Region(case=0, place=LEFT), Region(case=0, place=place("lower_lung_zone", "left"))]
    assert not build_location_targets(CASES, regions).negative_weights.any()


def test_on_labelled_reports_targets_keep_their_laws() -> None:
    rows = labelled_rows("a", count=40)
    cases = [case_of(row["report_id"], f"p{n // 2}", row["report"]) for n, row in enumerate(rows)]
    spots = [place(name, side) for name in ("lung", "lower_lung_zone") for side in ("left", "right")]
    regions = [
        Region(case=number, place=spot) for number, spot in product(range(len(cases)), [*spots, place("mediastinum")])
    ]
    built = build_location_targets(cases, regions)
    assert np.array_equal(built.positives, built.positives.T)
    assert np.allclose(built.negative_weights, built.negative_weights.T)
    assert not (built.positives & (built.negative_weights > 0)).any()
    assert built.positives.any() and (built.negative_weights > 0).any()
    for a, b in zip(*np.nonzero(built.positives | (built.negative_weights > 0)), strict=True):
        one, other = regions[a], regions[b]
        if one.case == other.case:
            assert mirror(one.place) == other.place or not overlaps(one.place, other.place)
        else:
            assert cases[one.case].patient != cases[other.case].patient
            assert other.place in (one.place, mirror(one.place))
        if built.positives[a, b]:
            assert speaks_of(cases[one.case], one.place) and speaks_of(cases[other.case], other.place)


SENTENCES = [
    (0, read_report("Small left pleural effusion.").facts),
    (3, read_report("No pleural effusion.").facts),
]


@pytest.mark.parametrize(
    ("sentence", "name", "spot", "expected"),
    [
        (0, "effusion", LEFT, "positive"),
        (0, "same", LEFT, "positive"),
        (0, "more", LEFT, "positive"),
        (0, "other", LEFT, "negative"),
        (0, "effusion", RIGHT, "negative"),
        (0, "same", RIGHT, "negative"),
        (0, "silent", LEFT, "neither"),
        (0, "later", LEFT, "neither"),
        (1, "other", LEFT, "positive"),
        (1, "effusion", LEFT, "negative"),
        (1, "effusion", RIGHT, "neither"),  # a clear lung says nothing of its pleura
        (1, "silent", LEFT, "neither"),
        (1, "same", SPINE, "negative"),
    ],
)
def test_a_sentence_belongs_to_the_regions_whose_reports_say_the_same(
    sentence: int, name: str, spot: Place, expected: str
) -> None:
    built = build_sentence_targets(CASES, SENTENCES, REGIONS)
    positive, negative = (table[sentence, at(name, spot)] for table in (built.positives, built.negatives))
    assert (positive, negative) == (expected == "positive", expected == "negative")


def test_nothing_gives_empty_targets() -> None:
    assert build_location_targets([], []).positives.shape == (0, 0)
    assert build_sentence_targets(CASES, [], REGIONS).positives.shape == (0, len(REGIONS))
