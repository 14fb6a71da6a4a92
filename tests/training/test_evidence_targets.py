"""What a report says of findings at locations, as bags and absences."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS, on_radiograph
from casekin.errors import InputError
from casekin.training.evidence_targets import ReportTargets, build_report_targets, choose_findings
from casekin.types import Fact, Place
from made_cases import made_fact
from training.made_targets import training_case

FINDINGS = ("airspace_opacity", "consolidation", "pneumothorax")


def targets(*facts: Fact, elsewhere: float = 0.3, silent: float = 0.1) -> ReportTargets:
    return build_report_targets(facts, FINDINGS, elsewhere=elsewhere, silent=silent)


def row(anatomy: str, side: str | None = None) -> int:
    return [str(place) for place in LOCATIONS].index(f"{side}_{anatomy}" if side else anatomy)


def test_a_finding_makes_a_bag_of_its_place_and_of_the_locations_around_it() -> None:
    told = targets(made_fact("pneumothorax", "upper_lung_zone", "left"))
    bags = {tuple(np.flatnonzero(region)) for region in told.bag_regions}
    assert set(told.bag_findings.tolist()) == {2}
    assert bags == {(row("upper_lung_zone", "left"),), (row("lung", "left"),)}


def test_a_lobe_is_a_bag_with_the_shares_of_its_zones() -> None:
    told = targets(made_fact("pneumothorax", "lower_lobe", "right"))
    shares = on_radiograph(Place(anatomy="lower_lobe", side="right"))
    expected = np.array([shares.get(place, 0.0) for place in LOCATIONS])
    assert np.allclose(told.bag_regions[0], expected / expected.max())


def test_a_special_finding_shows_its_general_kind_and_a_general_absence_denies_the_special_one() -> None:
    told = targets(made_fact("consolidation", "lower_lung_zone", "left"))
    assert set(told.bag_findings.tolist()) == {0, 1}
    denied = targets(made_fact("airspace_opacity", "lung", "left", "absent"))
    assert denied.absent[row("lower_lung_zone", "left"), 1] == 1.0
    special = targets(made_fact("consolidation", "lung", "left", "absent"))
    assert special.absent[row("lower_lung_zone", "left"), 0] == pytest.approx(0.1)


def test_absences_weigh_by_what_the_report_says() -> None:
    told = targets(
        made_fact("pneumothorax", "upper_lung_zone", "left"), made_fact("consolidation", "lung", "right", "absent")
    )
    left, right = row("upper_lung_zone", "left"), row("upper_lung_zone", "right")
    assert told.absent[left, 2] == 0.0 and told.absent[row("lung", "left"), 2] == 0.0
    assert told.absent[right, 2] == pytest.approx(0.3)
    assert told.absent[right, 1] == 1.0 and told.absent[left, 1] == pytest.approx(0.1)


def test_a_stated_finding_wins_over_a_denial_of_the_same_place() -> None:
    told = targets(
        made_fact("pneumothorax", "lung", "bilateral", "absent"), made_fact("pneumothorax", "upper_lung_zone", "left")
    )
    assert told.absent[row("upper_lung_zone", "left"), 2] == 0.0
    assert told.absent[row("lower_lung_zone", "right"), 2] == 1.0


def test_doubt_counts_half_and_what_a_film_does_not_show_counts_nothing() -> None:
    assert set(targets(made_fact("pneumothorax", "lung", "left", "uncertain")).bag_weights.tolist()) == {0.5}
    assert len(targets(made_fact("pneumothorax", "brain")).bag_weights) == 0


def test_findings_are_chosen_by_patients_that_have_them() -> None:
    effusion, nodule = made_fact("pleural_effusion", "pleural_space", "left"), made_fact("nodule", "lung", "left")
    denied = made_fact("pneumothorax", "pleural_space", "left", "absent")
    cases = [training_case(f"c{n}", patient=f"p{n % 3}", facts=(effusion, denied)) for n in range(6)]
    cases += [training_case("n", patient="p9", facts=(nodule,))]
    assert choose_findings(cases, least=3) == ("pleural_effusion",)
    assert choose_findings(cases, least=1) == ("nodule", "pleural_effusion")
    with pytest.raises(InputError, match="findings that 4 patients of train have"):
        choose_findings(cases, least=4)
