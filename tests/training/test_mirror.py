"""A mirrored sample tells of the mirrored image what the sample tells of the image, or there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.reports import read_report
from casekin.training import Sample, mirror_place, mirror_sample, mirror_text
from casekin.types import Box
from made_cases import place
from training.labelled import labelled_rows

SWAPS = [
    ("Left-sided effusion, RIGHT base, Lt hilum.", "Right-sided effusion, LEFT base, Rt hilum."),
    ("LLL and RUL consolidation.", "RLL and LUL consolidation."),
    ("Effusions, R>L. (L) base, r apex.", "Effusions, L>R. (R) base, l apex."),
    ("LIJ line. Node at station 4R.", "RIJ line. Node at station 4L."),
    ("Leftward shift of the trachea, levoscoliosis.", "Rightward shift of the trachea, dextroscoliosis."),
    ("Consolidation of the lingula.", "Consolidation of the right middle lobe."),
    ("Right main bronchus and right upper quadrant.", "Left main bronchus and left upper quadrant."),
]
KEPT = [
    "The tube was left in place.",
    "Drain left in situ, to be left at this level.",
    "R/O pneumonia. Oxygen at 2 L/min. L4 fracture, T12-L1, L-spine hardware.",
    "Right atrial lead, left ventricular enlargement, right coronary stent, LAD calcification.",
    "Right now no change. The line makes a right-angled turn, in the right clinical setting.",
    "Left-to-right shunt. B/L effusions.",
]
REFUSED = [
    "RML atelectasis.",
    "Middle lobe consolidation.",
    "Thickening of the minor fissure.",
    "Lingular scar.",
    "Dextrocardia with situs inversus.",
    "Right middle and lower lobe pneumonia.",
]


@pytest.mark.parametrize(("text", "mirrored"), [*SWAPS, *((mirrored, text) for text, mirrored in SWAPS)])
def test_words_of_sides_swap_in_every_form(text: str, mirrored: str) -> None:
    swapped = mirror_text(text)
    assert swapped is not None and swapped.text == mirrored


@pytest.mark.parametrize("text", KEPT)
def test_words_that_only_look_like_sides_stay(text: str) -> None:
    swapped = mirror_text(text)
    assert swapped is not None and swapped.text == text


@pytest.mark.parametrize("text", REFUSED)
def test_what_has_no_truthful_mirror_is_refused(text: str) -> None:
    assert mirror_text(text) is None


def test_a_place_of_one_side_alone_has_no_mirror_and_the_middle_lobe_has_the_lingula() -> None:
    assert mirror_place(place("azygos_lobe", "right")) is None
    assert mirror_place(place("middle_lobe", "right")) == place("lingula", "left")
    assert mirror_place(place("trachea")) == place("trachea")


def made_sample(report: str, *, columns: int = 6) -> Sample:
    """A sample whose every part tells left from right."""
    read = read_report(report)
    image = np.arange(4 * columns, dtype=np.float32).reshape(4, columns)
    return Sample(
        image=image,
        report=report,
        facts=read.facts,
        normal_anatomies=read.normal_anatomies,
        boxes={place("lung", "left"): Box(x0=4, y0=0, x1=6, y1=3), place("trachea"): Box(x0=2.5, y0=0, x1=3, y1=1)},
        masks={place("lung", "right"): image < 3},
    )


def same(a: Sample, b: Sample) -> bool:
    """Whether two samples hold the same, arrays compared by value."""
    words = (a.report, a.facts, a.normal_anatomies, a.boxes) == (b.report, b.facts, b.normal_anatomies, b.boxes)
    masks = a.masks.keys() == b.masks.keys() and all(np.array_equal(a.masks[key], b.masks[key]) for key in a.masks)
    return words and masks and np.array_equal(a.image, b.image)


def test_image_boxes_masks_places_and_words_go_together() -> None:
    mirrored = mirror_sample(made_sample("Small left pleural effusion. The right lung is clear."))
    assert mirrored is not None
    assert mirrored.image[0].tolist() == [5, 4, 3, 2, 1, 0]
    assert mirrored.boxes[place("lung", "right")] == Box(x0=0, y0=0, x1=2, y1=3)
    assert mirrored.boxes[place("trachea")] == Box(x0=3, y0=0, x1=3.5, y1=1)
    assert mirrored.masks[place("lung", "left")][0].tolist() == [False, False, False, True, True, True]
    assert mirrored.report == "Small right pleural effusion. The left lung is clear."
    fact = mirrored.facts[0]
    assert (str(fact.place), fact.sentence) == ("right_pleural_space", "Small right pleural effusion.")
    assert fact.span is not None and mirrored.report[slice(*fact.span)] == "pleural effusion"
    assert mirrored.normal_anatomies == (place("lung", "left"),)


def test_a_sample_with_a_mask_of_a_one_sided_place_is_refused() -> None:
    masks = {place("minor_fissure", "right"): np.ones((2, 2), dtype=bool)}
    assert mirror_sample(Sample(image=np.zeros((2, 2)), masks=masks)) is None


STATEMENTS = [
    *(text for pair in SWAPS for text in pair),
    *KEPT,
    "No pneumothorax on the left.",
    "Right greater than left basal atelectasis.",
    "LEFT LUNG IS CLEAR.",
    "The heart is enlarged.",
]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=4), st.integers(1, 9))
def test_mirroring_twice_gives_the_sample_itself(statements: list[str], columns: int) -> None:
    sample = made_sample(" ".join(statements), columns=columns)
    mirrored = mirror_sample(sample)
    if mirrored is not None:
        back = mirror_sample(mirrored)
        assert back is not None and same(back, sample)
        assert np.array_equal(mirrored.image, np.fliplr(sample.image))


def test_most_labelled_reports_mirror_and_their_mirrored_labels_are_found_as_often() -> None:
    rows = labelled_rows("c", count=40)
    mirrored = [(row["facts"], row["report"], mirror_text(row["report"])) for row in rows]
    kept = [(labels, report, swapped.text) for labels, report, swapped in mirrored if swapped is not None]
    assert len(kept) >= 0.85 * len(rows)
    for labels, report, text in kept:
        stated = [(fact["finding"], place(fact["anatomy"], fact["side"]), fact["polarity"]) for fact in labels]
        told, told_mirrored = ({(f.finding, f.place, f.polarity) for f in read_report(t).facts} for t in (report, text))
        found = [label in told for label in stated]
        assert found == [(finding, mirror_place(spot), word) in told_mirrored for finding, spot, word in stated]
