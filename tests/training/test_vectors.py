"""Vectors of regions, images and reports: what is stated where, and what products of vectors come to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS
from casekin.findings import is_a
from casekin.models.region import LOOK_SHARE
from casekin.relevance.cases import stands_at
from casekin.reports import read_report
from casekin.training.vectors import ImageVectors, describe_report, stated_at, whole
from training.made_dual import made_preset
from training.made_targets import training_case

FINDINGS = ("airspace_opacity", "consolidation", "pleural_effusion")
REPORT = "Consolidation in the left lower lobe. Possible right pleural effusion. No pneumothorax."


def test_a_finding_is_stated_where_it_stands_and_so_are_its_kinds() -> None:
    facts = read_report(REPORT).facts
    got = stated_at(facts, FINDINGS)
    for row, place in enumerate(LOCATIONS):
        for column, name in enumerate(FINDINGS):
            assert got[row, column] == any(is_a(f.finding, name) and stands_at(f, place) for f in facts)
    assert got.any(axis=0).tolist() == [True, True, True] and not got.all()


def test_products_of_whole_vectors_are_findings_shared_by_place_on_average() -> None:
    generator = np.random.default_rng(0)
    one, other = generator.random((2, len(LOCATIONS), 3)).astype(np.float32)
    looks = np.eye(4, dtype=np.float32)
    product = whole(one, looks[0]) @ whole(other, looks[0])
    shared = (one * other).sum(axis=1).mean()
    assert product == pytest.approx(float(shared) + LOOK_SHARE, abs=1e-5)
    assert whole(one, looks[0]) @ whole(other, looks[1]) == pytest.approx(float(shared), abs=1e-5)


def test_a_report_is_as_near_to_itself_as_what_it_states() -> None:
    case = replace(training_case("c", patient="p"), report=REPORT, facts=read_report(REPORT).facts)
    vector = describe_report(case, np.zeros(4, dtype=np.float32), FINDINGS)
    assert vector @ vector == pytest.approx(stated_at(case.facts, FINDINGS).sum() / len(LOCATIONS), abs=1e-5)


def test_without_evidence_a_vector_is_the_look_alone() -> None:
    look = np.ones((2, 4), dtype=np.float32)
    assert np.array_equal(whole(np.zeros((2, len(LOCATIONS), 0), dtype=np.float32), look), look)


def test_a_preset_asked_by_name_compares_where_names_look() -> None:
    located, named = np.zeros((1, 29, 2), dtype=np.float32), np.ones((1, 29, 2), dtype=np.float32)
    vectors = ImageVectors(located=located, named=named, images=np.zeros((1, 2), dtype=np.float32))
    assert vectors.regions(made_preset("radir")) is named and vectors.regions(made_preset("aligned")) is located
