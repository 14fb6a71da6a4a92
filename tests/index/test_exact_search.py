"""Search in the index is exact: it gives what scoring every image in plain numpy gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.index import CaseIndex, IndexedCase, Rule, Term
from casekin.index.search import nearest, segments
from casekin.retrieval.rank import RankedCase, rank_cases
from made_cases import made_case, made_image, unit_vector

REGIONS = ("global", "left_lung", "trachea")
SHOWN = {"global": 1.0, "left_lung": 0.7, "trachea": 0.4}
DIM = 8
Archive = list[IndexedCase]


def make_archive(rng: np.random.Generator, cases: int) -> Archive:
    """Cases of one to three images in which regions may be missing; three cases a patient."""
    archive = []
    for number in range(cases):
        images = []
        for _ in range(rng.integers(1, 4)):
            shown = [region for region in REGIONS if rng.random() < SHOWN[region]]
            images.append(made_image({region: unit_vector(rng, DIM) for region in shown}))
        age = float(rng.integers(0, 1000)) / 10
        archive.append(made_case(f"case-{number:04d}", patient=f"p{number // 3}", images=images, age=age))
    return archive


@pytest.fixture(scope="module")
def archive() -> Archive:
    return make_archive(np.random.default_rng(7), 400)


@pytest.fixture(scope="module")
def index(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with CaseIndex(tmp_path_factory.mktemp("index"), create=True) as handle:
        handle.put(archive)
        yield handle


def brute_force(
    archive: Archive, terms: Sequence[Term], *, limit: int, allowed: set[str] | None = None, by_patient: bool = True,
    rule: Callable[[list[float]], float] = sum,
) -> list[tuple[str, float]]:  # fmt: skip
    """Every allowed case's best image, the best case of each patient, by score and case id."""
    scores: dict[str, float] = {}
    patients = {case.case_id: case.patient if by_patient else case.case_id for case in archive}
    for case in archive:
        if allowed is not None and case.case_id not in allowed:
            continue
        for image in case.images:
            if not any(term.region in image.vectors for term in terms):
                continue
            groups: dict[int, float] = {}
            for term in terms:
                seen = image.vectors.get(term.region)
                own = 0.0 if seen is None else term.weight * float(np.dot(seen.astype(np.float64), term.vector))
                groups[term.group] = groups.get(term.group, 0.0) + own
            score = rule(list(groups.values()))
            scores[case.case_id] = max(scores.get(case.case_id, -np.inf), score)
    best: dict[str, str] = {}
    for case_id in sorted(scores, key=lambda name: (-round(scores[name], 6), name)):
        best.setdefault(patients[case_id], case_id)
    return [(case_id, scores[case_id]) for case_id in best.values()][:limit]


def ask(
    index: CaseIndex, terms: Sequence[Term], *, limit: int, allowed: NDArray[np.bool_] | None = None,
    by_patient: bool = True, rule: Rule = "sum",
) -> list[RankedCase]:  # fmt: skip
    catalog = index.catalog()
    groups = catalog.patient_of_case if by_patient else catalog.case_id_of_case
    return rank_cases(
        index, terms=terms, text_scores=None, free=None, allowed=allowed, group_of_case=groups, limit=limit, rule=rule
    )


def random_terms(rng: np.random.Generator, regions: Sequence[str]) -> list[Term]:
    weights = rng.dirichlet(np.ones(len(regions)))
    return [
        Term(region=region, vector=unit_vector(rng, DIM).astype(np.float32), weight=float(weight))
        for region, weight in zip(regions, weights, strict=True)
    ]


def assert_same(ranked: Sequence[RankedCase], expected: Sequence[tuple[str, float]]) -> None:
    assert [case.case_id for case in ranked] == [case_id for case_id, _ in expected]
    np.testing.assert_allclose([case.score for case in ranked], [score for _, score in expected], atol=5e-6)


@pytest.mark.parametrize("first_depth", [2, 256])
@pytest.mark.parametrize("regions", [("global",), ("trachea",), ("global", "left_lung"), REGIONS])
def test_ranking_equals_scoring_every_image(
    index: CaseIndex, archive: Archive, monkeypatch: pytest.MonkeyPatch, regions: Sequence[str], first_depth: int
) -> None:
    monkeypatch.setattr(nearest, "_FIRST_DEPTH", first_depth)
    rng = np.random.default_rng(11)
    for _ in range(6):
        terms = random_terms(rng, regions)
        assert_same(ask(index, terms, limit=10), brute_force(archive, terms, limit=10))


@pytest.mark.parametrize(("rule", "by_hand"), [("all", min), ("any", max)])
@pytest.mark.parametrize("first_depth", [2, 256])
def test_places_of_which_the_worst_or_the_best_counts_are_ranked_as_by_hand(
    index: CaseIndex,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    rule: Rule,
    by_hand: Callable[[list[float]], float],
    first_depth: int,
) -> None:
    monkeypatch.setattr(nearest, "_FIRST_DEPTH", first_depth)
    rng = np.random.default_rng(13)
    for _ in range(6):
        terms = [replace(term, group=number // 2) for number, term in enumerate(random_terms(rng, REGIONS))]
        assert_same(ask(index, terms, limit=10, rule=rule), brute_force(archive, terms, limit=10, rule=by_hand))


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 0.9, 1.0])
def test_ranking_under_a_filter_equals_scoring_the_cases_that_pass(
    index: CaseIndex, archive: Archive, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(nearest, "_FIRST_DEPTH", 4)
    rng = np.random.default_rng(int(share * 1000))
    catalog = index.catalog()
    mask = rng.random(len(catalog.patient_of_case)) < share
    mask[rng.integers(1, len(mask))] = True
    passing = {str(catalog.case_id_of_case[number]) for number in np.flatnonzero(mask[1:]) + 1}
    terms = random_terms(rng, REGIONS)
    assert_same(ask(index, terms, limit=15, allowed=mask), brute_force(archive, terms, limit=15, allowed=passing))


@pytest.mark.parametrize(("rule", "by_hand"), [("sum", sum), ("all", min), ("any", max)])
@pytest.mark.parametrize("share", [0.003, 0.2, 1.0])
@pytest.mark.parametrize("matrix_bytes", [0, 2**20])
def test_several_places_are_ranked_alike_by_lists_that_meet_and_by_adding_up(
    index: CaseIndex,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    rule: Rule,
    by_hand: Callable[[list[float]], float],
    share: float,
    matrix_bytes: int,
) -> None:
    monkeypatch.setattr(segments, "MATRIX_BYTES", matrix_bytes)
    monkeypatch.setattr(nearest, "_FIRST_DEPTH", 8)
    rng = np.random.default_rng(int(share * 1000))
    mask = rng.random(index.catalog().size) < share
    passing = {str(name) for name in index.catalog().case_id_of_case[mask] if name}
    terms = [replace(term, group=number) for number, term in enumerate(random_terms(rng, REGIONS))]
    expected = brute_force(archive, terms, limit=15, allowed=passing, rule=by_hand)
    assert_same(ask(index, terms, limit=15, allowed=mask, rule=rule), expected)


def test_several_places_are_added_up_over_images_that_came_and_went(tmp_path: Path) -> None:
    rng = np.random.default_rng(31)
    archive = make_archive(rng, 60)
    with CaseIndex(tmp_path, create=True) as handle:
        handle.put(archive)
        terms = random_terms(rng, REGIONS)
        assert_same(ask(handle, terms, limit=10), brute_force(archive, terms, limit=10))
        replaced = [replace(case, images=other.images) for case, other in zip(archive[:5], archive[20:], strict=False)]
        handle.put(replaced, remove=[case.case_id for case in archive[50:]])
        left = [*replaced, *archive[5:50]]
        assert_same(ask(handle, terms, limit=10), brute_force(left, terms, limit=10))


def test_a_limit_beyond_the_archive_lists_every_case_once(index: CaseIndex, archive: Archive) -> None:
    terms = random_terms(np.random.default_rng(3), REGIONS)
    ranked = ask(index, terms, limit=1000, by_patient=False)
    assert_same(ranked, brute_force(archive, terms, limit=1000, by_patient=False))
    assert len(ranked) == len(archive)


def test_a_patient_is_listed_once_and_names_the_other_cases_best_first(index: CaseIndex, archive: Archive) -> None:
    terms = random_terms(np.random.default_rng(5), ("global",))
    everything = [case_id for case_id, _ in brute_force(archive, terms, limit=10_000, by_patient=False)]
    patient_of = {case.case_id: case.patient for case in archive}
    for case in ask(index, terms, limit=5):
        own = [other for other in everything if patient_of[other] == patient_of[case.case_id]]
        # `also` may hold only some of a patient's cases: those among the candidates. What it holds is in order.
        assert own[0] == case.case_id
        assert [other for other in own if other in case.also] == list(case.also)


def test_equal_scores_are_listed_by_case_id_whatever_the_order_of_writing(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    same = unit_vector(rng, DIM)
    names = [f"case-{number}" for number in rng.permutation(30)]
    with CaseIndex(tmp_path, create=True) as handle:
        handle.put([made_case(name, patient=name, images=[made_image({"global": same})]) for name in names])
        ranked = ask(handle, [Term(region="global", vector=same.astype(np.float32), weight=1.0)], limit=7)
    assert [case.case_id for case in ranked] == sorted(names)[:7]


def test_ties_at_the_edge_of_the_first_candidates_are_listed_by_case_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "_FIRST_DEPTH", 3)
    same = unit_vector(np.random.default_rng(0), DIM)
    names = [f"case-{number:02d}" for number in range(40)]
    with CaseIndex(tmp_path, create=True) as handle:
        written = [made_case(name, patient=name, images=[made_image({"global": same})]) for name in reversed(names)]
        handle.put(written)
        ranked = ask(handle, [Term(region="global", vector=same.astype(np.float32), weight=1.0)], limit=3)
    assert [case.case_id for case in ranked] == names[:3]


def test_candidates_left_out_never_score_above_the_bound(
    index: CaseIndex, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "_FIRST_DEPTH", 2)
    terms = random_terms(np.random.default_rng(21), REGIONS)
    everyone = np.flatnonzero(index.catalog().case_of_image > 0)
    exact = dict(zip(everyone, index.similarities(terms, everyone).sum(axis=1), strict=True))
    waves = list(index.nearest(terms, allowed_cases=None))
    assert len(waves) > 1
    for wave in waves:
        left_out = np.setdiff1d(everyone, wave.image_ids)
        assert all(exact[image_id] <= wave.bound for image_id in left_out)
    assert waves[-1].bound == -np.inf


@pytest.mark.parametrize("regions", [("global",), REGIONS])
def test_a_first_list_is_long_enough_for_what_is_wanted(index: CaseIndex, regions: Sequence[str]) -> None:
    terms = random_terms(np.random.default_rng(4), regions)
    for wanted in (10, 200):
        first = next(index.nearest(terms, allowed_cases=None, wanted=wanted))
        assert wanted <= len(first.image_ids) < len(index.catalog().case_of_image) - 1


def test_an_index_without_a_region_finds_nothing_there(tmp_path: Path) -> None:
    vector = unit_vector(np.random.default_rng(0), DIM)
    with CaseIndex(tmp_path, create=True) as handle:
        terms = [Term(region="global", vector=vector.astype(np.float32), weight=1.0)]
        assert ask(handle, terms, limit=5) == []
        handle.put([made_case("a", images=[made_image({"global": vector})])])
        assert ask(handle, [Term(region="spine", vector=vector.astype(np.float32), weight=1.0)], limit=5) == []


def test_the_score_of_an_image_does_not_depend_on_what_is_scored_beside_it(index: CaseIndex) -> None:
    terms = random_terms(np.random.default_rng(2), REGIONS)
    everyone = np.flatnonzero(index.catalog().case_of_image > 0)
    together = index.similarities(terms, everyone)
    alone = np.concatenate([index.similarities(terms, everyone[i : i + 1]) for i in range(len(everyone))])
    assert together.tobytes() == alone.tobytes()
