"""Support from a made archive: shares against a naive count, samples that stand for the rest, intervals by the book."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from casekin.anatomy import on_radiograph, parse_place
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL
from casekin.retrieval.compose import neighbors as neighbors_module
from casekin.retrieval.compose.claims import CaseReader
from casekin.retrieval.compose.curve import Evidence, SupportCurve
from casekin.retrieval.compose.draft import Claim
from casekin.retrieval.compose.fit import fit_support
from casekin.retrieval.compose.neighbors import Neighbors, find_neighbors
from casekin.retrieval.compose.support import Presence, judge_claims, read_claims
from made_drafts import FINDINGS, write_made_archive

LEFT = Claim(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present")
ODDS_OF_SHARE = SupportCurve(seen=(0.0, 1.0, 0.0, 0.0), unseen=(1.0, 0.0, 0.0), questions=0)
"""Makes a claim's support its share."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with write_made_archive(tmp_path_factory.mktemp("drafts") / "index") as index:
        yield index


def near(index: CaseIndex, case_id: str) -> Neighbors:
    vectors = index.vectors_of(index.image_ids_of(case_id)[0])
    return find_neighbors(
        index,
        reader=CaseReader(index),
        vectors={parse_place(name): vector for name, vector in vectors.items() if name != GLOBAL},
        kind="radiograph",
        allowed=~index.mask_of(case_ids=[case_id]),
    )


def test_every_allowed_case_of_a_small_archive_is_looked_at_and_stands_for_itself(index: CaseIndex) -> None:
    found = near(index, "l00")
    ids = [read.case.case_id for read in found.cases]
    assert ids == sorted({f"{kind}{number:02d}" for kind in "lrn" for number in range(12)} - {"l00"})
    assert set(found.stands_for) == {1.0}


def test_a_share_is_the_weighted_share_of_those_that_state_it(index: CaseIndex) -> None:
    found = near(index, "l00")
    asked = index.vectors_of(index.image_ids_of("l00")[0])
    shares = on_radiograph(LEFT.place)
    weights = {}
    for read in found.cases:
        own = index.vectors_of(index.image_ids_of(read.case.case_id)[0])
        far = sum(
            share * float(np.square(own[str(at)].astype(float) - asked[str(at)].astype(float)).sum())
            for at, share in shares.items()
        )
        weights[read.case.case_id] = np.exp(-far / 0.1)
    top = max(weights.values())
    stating = sum(value for name, value in weights.items() if name.startswith("l")) / top
    habit = (11 + 0.5) / (35 + 1)
    expected = (stating + habit) / (sum(weights.values()) / top + 1.0)
    (stated,) = (each for each in read_claims(found, presence=Presence(), shown=on_radiograph) if each.claim == LEFT)
    assert stated.evidence.share == pytest.approx(expected, rel=1e-6)
    assert stated.evidence.habit == pytest.approx(habit)
    assert {found.cases[row].case.case_id[0] for row in stated.rows} == {"l"}


def test_a_sample_of_ordinary_cases_stands_for_the_archive(index: CaseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbors_module, "_NEAR", 0)
    monkeypatch.setattr(neighbors_module, "_ORDINARY", 7)
    found = near(index, "l00")
    assert len(found.cases) == 7
    assert set(found.stands_for) == {5.0}
    assert {read.case.case_id[0] for read in found.cases} == {"l", "r", "n"}


def test_a_denial_is_as_likely_as_none_of_what_it_denies(index: CaseIndex) -> None:
    judged = judge_claims(read_claims(near(index, "n00"), presence=Presence(), shown=on_radiograph), ODDS_OF_SHARE)
    p = {each.claim: each.support.p for each in judged}
    none = Claim(finding="pleural_effusion", anatomy="pleural_space", side=None, polarity="absent")
    right = Claim(finding="pleural_effusion", anatomy="pleural_space", side="right", polarity="present")
    assert p[none] == pytest.approx((1 - p[LEFT]) * (1 - p[right]), abs=1e-3)


def test_presence_is_read_beside_the_archives_mean(index: CaseIndex) -> None:
    found = near(index, "l00")
    at = {place: np.array([0.9, 0.02]) for place in found.places}
    stated = read_claims(found, presence=Presence(findings=FINDINGS, at=at), shown=on_radiograph)
    (left,) = (each for each in stated if each.claim == LEFT)
    assert left.evidence.presence is not None
    here, usual = left.evidence.presence
    assert here == pytest.approx(0.9)
    assert usual == pytest.approx((11 * 0.9 + 24 * 0.02) / 35, abs=0.03)


def test_the_interval_is_wilsons() -> None:
    from casekin.retrieval.compose.support import _support

    assert _support(0.5, 10).interval == pytest.approx((0.2366, 0.7634), abs=1e-4)  # Newcombe 1998, method 3


def test_a_curve_fitted_on_the_archive_tells_its_sides_apart(index: CaseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.retrieval.compose.fit.LEAST_QUESTIONS", 10)
    curve = fit_support(index, "radiograph", findings=FINDINGS)
    assert curve is not None
    assert curve.read(Evidence(presence=(0.9, 0.3), share=0.9, habit=0.3)) > 0.7
    assert curve.read(Evidence(presence=(0.02, 0.3), share=0.02, habit=0.3)) < 0.2


def test_an_archive_of_too_few_questions_isnt_fitted(index: CaseIndex) -> None:
    assert fit_support(index, "radiograph", findings=FINDINGS) is None
    assert fit_support(index, "ct", findings=FINDINGS) is None
