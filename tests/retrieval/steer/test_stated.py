"""What is stated at a spot: the strongest word counts, and a mask over the archive agrees with reading each case."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekin.findings import is_a
from casekin.index import CaseIndex
from casekin.retrieval.steer.stated import Spot, polarities, reads_normal, related, stating, told
from casekin.types import POLARITIES, Polarity
from made_cases import made_fact, place
from made_indexes import made_cases
from made_reported import read, reported, stored

LEFT = Spot(places=(place("lung", "left"),))


def test_present_is_stronger_than_uncertain_and_uncertain_than_absent() -> None:
    facts = [
        made_fact("nodule", "upper_lobe", "left", "absent"),
        made_fact("nodule", "lower_lobe", "left", "uncertain"),
        made_fact("mass", "upper_lobe", "left", "absent"),
        made_fact("mass", "lower_lobe", "left"),
        made_fact("consolidation", "lower_lobe", "right"),
        made_fact("no_finding", "thorax"),
    ]
    assert polarities(facts, LEFT) == {"nodule": "uncertain", "mass": "present"}
    assert polarities(facts, Spot(places=()))["consolidation"] == "present"
    assert "no_finding" not in polarities(facts, Spot(places=()))


def test_a_report_that_calls_the_lungs_normal_calls_each_lung_normal_and_nothing_else(tmp_path: Path) -> None:
    index = stored(tmp_path, [reported("clear", normal=[place("lung", "bilateral")])])
    (case,) = read(index, ["clear"])
    assert reads_normal(case, LEFT)
    assert not reads_normal(case, Spot(places=(place("lung", "left"), place("cardiac_silhouette"))))
    assert not reads_normal(case, Spot(places=()))


@pytest.mark.parametrize("polarity", POLARITIES)
@pytest.mark.parametrize("spot", [LEFT, Spot(places=())], ids=["left lung", "anywhere"])
def test_the_mask_over_an_archive_is_what_reading_every_case_gives(
    tmp_path: Path, polarity: Polarity, spot: Spot
) -> None:
    cases = list(made_cases())
    index = CaseIndex(tmp_path, create=True)
    index.put(cases)
    names = ("consolidation", "pneumothorax")
    mask = stating(index, names, spot, polarity=polarity)
    found = {index.catalog().case_id(number) for number in mask.nonzero()[0].tolist()}
    assert found == {
        case.case_id
        for case in cases
        if any(f.finding in names and f.polarity == polarity and spot.holds(f) for f in case.facts)
    }


def test_related_findings_are_kinds_and_what_the_finding_is_a_kind_of() -> None:
    found = related(["consolidation"])
    assert "consolidation" in found and "pleural_effusion" not in found
    assert all(is_a(name, "consolidation") or is_a("consolidation", name) for name in found)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5), (120, 120)])
def test_small_counts_are_not_told(count: int, shown: int | str) -> None:
    assert told(count) == shown
