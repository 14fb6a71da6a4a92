"""The contract of an index, held by both engines: in a folder, and on a real Milvus server without and with codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex, IndexedCase, Rule, Term, combine_parts, open_index
from casekin.index.cluster import parse_address
from casekin.index.cluster.server import Server
from casekin.index.search.filters import parse_where
from casekin.types import Place
from made_cases import made_case, made_fact, made_image, unit_vector
from made_indexes import made_cases

Open = Callable[..., CaseIndex]


@pytest.fixture(params=["folder", "milvus"])
def engine(request: pytest.FixtureRequest) -> str:
    """Where the index lies; `coded` is on a server where every region counts as large."""
    return str(request.param)


coded_too = pytest.mark.parametrize("engine", ["folder", "milvus", "coded"])


@pytest.fixture
def opened(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Opens handles on one new index; all are closed at the end."""
    where: Path | str = tmp_path / "index"
    if engine != "folder":
        where = f"milvus://{request.getfixturevalue('milvus')}/contract"
        empty(where)
    if engine == "coded":
        monkeypatch.setattr("casekin.index.cluster.derived.CODED_ROWS", 1)
        monkeypatch.setattr("casekin.index.cluster.codes._DEPTHS", (36, 40, 44))
    handles: list[CaseIndex] = []

    def opener(*, create: bool = False) -> CaseIndex:
        handles.append(open_index(where, create=create))
        return handles[-1]

    yield opener
    for handle in handles:
        handle.close()


def empty(address: str) -> None:
    """Leave of an index on a server only its collections: making those takes seconds."""
    server = Server(parse_address(address))
    for name in server.collections():
        server.delete(name, 'pk != ""')
    if server.client.has_collection(server.records):
        server.client.alter_collection_properties(server.records, {"casekin.head": ""})
    server.close()


@pytest.fixture
def filled(opened: Open) -> CaseIndex:
    """An index of 30 made cases."""
    index = opened(create=True)
    index.put(list(made_cases()))
    index.write_derived()
    return index


def naive_scores(terms: list[Term], rule: Rule) -> dict[tuple[str, str], float]:
    """Score of every image of the made cases, by case and content, from the vectors they were made with."""
    scores = {}
    for case in made_cases():
        for image in case.images:
            parts = [term.weight * float(image.vectors[term.region].astype(np.float64) @ term.vector) for term in terms]
            scores[case.case_id, image.content_sha256] = float(combine_parts(np.array([parts]), terms, rule)[0])
    return scores


def best_cases(index: CaseIndex, terms: list[Term], rule: Rule, allowed: np.ndarray | None) -> dict[str, float]:
    """The best score of each case by the index, from the candidates that settle the ten best."""
    catalog, best = index.catalog(), dict[str, float]()
    for wave in index.nearest(terms, rule=rule, allowed_cases=allowed):
        scores = combine_parts(index.similarities(terms, wave.image_ids), terms, rule)
        for image_id, score in zip(wave.image_ids, scores, strict=True):
            case_id = catalog.case_id(int(catalog.case_of_image[image_id]))
            best[case_id] = max(best.get(case_id, -np.inf), float(score))
        if len(best) >= 10 and sorted(best.values())[-10] >= wave.bound:
            break
    return best


def asked(seed: int, *regions: str) -> list[Term]:
    rng = np.random.default_rng(seed)
    return [
        Term(region=name, vector=unit_vector(rng).astype(np.float32), weight=1.0 + k, group=k)
        for k, name in enumerate(regions)
    ]


def test_a_stored_case_is_read_back_as_it_was_put(filled: CaseIndex) -> None:
    for case in made_cases():
        stored = filled.cases([case.case_id])[case.case_id]
        for name in ("patient", "modality", "view", "sex", "age", "report", "facts", "normal_anatomies", "extra"):
            assert getattr(stored, name) == getattr(case, name), name
        images = list(filled.images(filled.image_ids_of(case.case_id)))
        for image, put in zip(images, case.images, strict=True):
            assert (image.preview, image.tokens) == (put.preview, put.tokens)
            assert image.boxes == put.boxes
            vectors = filled.vectors_of(image.image_id)
            assert sorted(vectors) == sorted(put.vectors)
            assert all(np.array_equal(vectors[name], put.vectors[name].astype(np.float32)) for name in vectors)


def test_blobs_larger_than_a_field_come_back_whole(opened: Open) -> None:
    index = opened(create=True)
    rng = np.random.default_rng(3)
    image = replace(made_image({"global": unit_vector(rng)}), preview=rng.bytes(200_000), tokens=rng.bytes(150_001))
    index.put([made_case("a", images=[image], report="word " * 60_000)])
    index = opened()
    (stored,) = index.images(index.image_ids_of("a"))
    assert (stored.preview, stored.tokens) == (image.preview, image.tokens)
    assert index.cases(["a"])["a"].report == "word " * 60_000


@coded_too
@pytest.mark.parametrize("rule", ["sum", "all", "any"])
def test_every_rule_ranks_as_a_comparison_with_all_vectors(filled: CaseIndex, rule: Rule) -> None:
    for terms in (asked(1, "global"), asked(2, "left_lung"), asked(3, "left_lung", "right_lung", "mediastinum")):
        expected = dict[str, float]()
        for (case_id, _), score in naive_scores(terms, rule).items():
            expected[case_id] = max(expected.get(case_id, -np.inf), score)
        found = best_cases(filled, terms, rule, None)
        top = sorted(expected, key=lambda case_id: -expected[case_id])[:10]
        assert sorted(found, key=lambda case_id: -found[case_id])[:10] == top
        assert [found[case_id] for case_id in top] == pytest.approx([expected[case_id] for case_id in top], abs=1e-5)


def test_an_image_without_one_of_two_asked_places_counts_nothing_there(opened: Open) -> None:
    index = opened(create=True)
    rng = np.random.default_rng(4)
    both, one = ({name: unit_vector(rng) for name in names} for names in (("global", "left_lung"), ("global",)))
    index.put([made_case("both", images=[made_image(both)]), made_case("one", images=[made_image(one, content="1")])])
    terms = asked(7, "global", "left_lung")
    products = [[float(made[t.region].astype(np.float64) @ t.vector) if t.region in made else 0.0 for t in terms]
                for made in (both, one)]  # fmt: skip
    expected = {name: row[0] + 2 * row[1] for name, row in zip(("both", "one"), products, strict=True)}
    assert best_cases(index, terms, "sum", None) == pytest.approx(expected, abs=1e-5)


@coded_too
def test_filters_and_excluded_patients_leave_out_exactly_those(filled: CaseIndex) -> None:
    mask = filled.select(parse_where("pneumothorax at left lung present and age > 35"))
    assert mask is not None
    mask = mask & ~filled.mask_of(patients=["p4"])
    allowed = {filled.catalog().case_id(int(number)) for number in np.flatnonzero(mask)}
    expected = {
        case.case_id
        for case in made_cases()
        if case.age is not None and case.age > 35 and case.patient != "p4"
        if any((f.finding, f.side, f.polarity) == ("pneumothorax", "left", "present") for f in case.facts)
    }
    assert allowed == expected
    assert set(best_cases(filled, asked(4, "left_lung"), "sum", mask)) == expected


def test_words_of_reports_are_found(filled: CaseIndex) -> None:
    filled.put_report("c03", report="A rare word.", facts=(), normal=(), sentences=("A zygomatic oddity.",))
    scores = filled.match_sentences([(("zygomatic",), 1.0)])
    assert [filled.catalog().case_id(int(number)) for number in np.flatnonzero(scores)] == ["c03"]


@coded_too
def test_replaced_and_removed_cases_leave_every_list(filled: CaseIndex) -> None:
    terms = asked(5, "global")
    changed = next(iter(made_cases(1, seed=9)))
    filled.put([changed], remove=["c01"])
    found = best_cases(filled, terms, "sum", None)
    assert "c01" not in found and filled.cases(["c01"]) == {}
    expected = max(float(image.vectors["global"].astype(np.float64) @ terms[0].vector) for image in changed.images)
    assert found["c00"] == pytest.approx(expected, abs=1e-5)
    assert filled.upkeep.check().is_sound


def test_images_that_arrive_later_join_their_case(opened: Open) -> None:
    index = opened(create=True)
    rng = np.random.default_rng(0)
    first, second = (made_image({"global": unit_vector(rng)}, content=name) for name in "ab")
    index.put([made_case("s", images=[first], stamp="1")])
    index.put([made_case("s", images=[first, second], stamp="2", adds_images=True)])
    assert len(index.image_ids_of("s")) == 2
    assert index.has_source("1", "m1") and index.has_source("2", "m1")
    assert not index.has_source("2", "m2") and not index.has_source("3", "m1")
    assert index.find_cases(content_sha256="b") == ["s"]


def test_a_joined_report_replaces_what_was_read_from_the_earlier_one(filled: CaseIndex) -> None:
    fact = made_fact("fracture", "rib", "left")
    place = Place(anatomy="spine")
    filled.put_report("c02", report="New.", facts=(fact,), normal=(place,), sentences=("New.",))
    stored = filled.cases(["c02"])["c02"]
    assert (stored.report, stored.facts, stored.normal_anatomies) == ("New.", (fact,), (place,))
    assert len(filled.statements("fracture").case_numbers) == 1


def test_a_snapshot_sees_one_state_while_another_writes(opened: Open, filled: CaseIndex) -> None:
    other = opened()
    terms = asked(6, "left_lung")
    with other.snapshot():
        before = (other.version(), best_cases(other, terms, "sum", None))
        filled.put(list(made_cases(2, seed=4)), remove=["c07"])
        assert (other.version(), best_cases(other, terms, "sum", None)) == before
        assert "c07" in other.cases(["c07"])
    assert other.version() == filled.version() != before[0]
    assert "c07" not in best_cases(other, terms, "sum", None)


def test_what_is_looked_up_and_written_together_is_one_step(filled: CaseIndex) -> None:
    before = filled.version()
    with pytest.raises(RuntimeError, match="on the way"), filled.writing():
        filled.put([made_case("new")])
        assert "new" in filled.cases(["new"])
        raise RuntimeError("on the way")
    assert filled.cases(["new"]) == {} and filled.version() == before
    assert filled.upkeep.check().is_sound


def test_counts_are_those_of_what_was_put(opened: Open, filled: CaseIndex) -> None:
    cases = list(made_cases())
    info = opened().info()
    assert info["cases"] == len(cases) and info["integrity"] == "ok"
    assert info["images"] == sum(len(case.images) for case in cases)
    assert info["patients"] == len({case.patient for case in cases})
    assert info["facts"] == sum(len(case.facts) for case in cases)
    assert info["model_version"] == "m1"
    json.dumps(info)


def test_models_stand_side_by_side_and_one_answers(opened: Open, filled: CaseIndex) -> None:
    rng = np.random.default_rng(8)
    images = [
        replace(image, vectors={"global": unit_vector(rng, 12)}, tokens=b"other")
        for case in made_cases()
        for image in case.images
    ]
    assert filled.put_embeddings(images[:-1], model_version="m2") == len(images) - 1
    with pytest.raises(IndexStoreError, match="1 are without"):
        filled.activate_model("m2")
    assert filled.put_embeddings(images, model_version="m2") == 1
    old = filled.vectors_of(1)
    filled.activate_model("m2")
    other = opened()
    assert list(other.vectors_of(1)) == ["global"] and len(other.vectors_of(1)["global"]) == 12
    assert next(iter(other.images([1]))).tokens == b"other"
    ids, vectors = other.vectors_at("global")
    assert len(ids) == len(images) and np.array_equal(vectors[0], images[0].vectors["global"])
    other.activate_model("m1")
    assert sorted(filled.vectors_of(1)) == sorted(old)
    filled.remove_model("m2")
    assert [model.version for model in other.models()] == ["m1"]
    assert other.upkeep.check().is_sound


def test_a_model_that_is_not_active_brings_no_new_images(filled: CaseIndex) -> None:
    case: IndexedCase = next(iter(made_cases(1, seed=7)))
    with pytest.raises(IndexStoreError, match="active radiograph model m1"):
        filled.put([replace(case, case_id="x", model_version="m9")])
    assert filled.cases(["x"]) == {}


@coded_too
def test_forgotten_patients_are_in_no_answer(opened: Open, filled: CaseIndex) -> None:
    filled.upkeep.forget(["c00"], patients=["p3"])
    other = opened()
    assert other.cases(["c00", "c06", "c07"]) == {}
    assert other.find_cases(content_sha256="7-0") == []
    assert not {"c00", "c06", "c07"} & set(best_cases(other, asked(5, "global"), "sum", None))
    assert other.info()["cases"] == 27 and other.upkeep.check().is_sound


@coded_too
def test_images_that_were_taken_back_are_in_no_answer_and_their_case_goes_with_the_last(
    opened: Open, filled: CaseIndex
) -> None:
    terms = asked(5, "global")
    assert filled.remove_images("c01", ["1-0", "unknown"]) == 1
    assert filled.remove_images("c02", ["2-0"]) == 1 and filled.remove_images("c02", ["2-0"]) == 0
    filled.write_derived()
    other = opened()
    (left,) = other.images(other.image_ids_of("c01"))
    assert (left.content_sha256, other.cases(["c02"])) == ("1-1", {})
    assert other.find_cases(content_sha256="1-0") == [] and not other.has_source("", "m1")
    scores = {(case_id, name): score for (case_id, name), score in naive_scores(terms, "sum").items() if name != "1-0"}
    found = best_cases(other, terms, "sum", None)
    assert "c02" not in found
    assert all(
        score == pytest.approx(max(scores[key] for key in scores if key[0] == case_id), abs=1e-5)
        for case_id, score in found.items()
    )
    assert other.info()["cases"] == 29 and other.upkeep.check().is_sound
    filled.put([replace(case, adds_images=True) for case in made_cases(2) if case.case_id == "c01"])
    assert len(opened().image_ids_of("c01")) == 2 and opened().upkeep.check().is_sound


def test_merged_patients_are_one_for_every_handle(opened: Open, filled: CaseIndex) -> None:
    other = opened()
    before = (other.version(), other.vectors_of(1))
    assert filled.merge_patients(survivor="p0", merged="p3") == ["c06", "c07"]
    assert filled.merge_patients(survivor="p0", merged="p3") == []
    for handle in (filled, other, opened()):
        cases = handle.cases(["c00", "c01", "c06", "c07", "c08"])
        assert [case.patient for case in cases.values()] == ["p0"] * 4 + ["p4"]
        assert handle.patients_of(patient_id="p0") == {"p0"} == handle.patients_of(patient_id="p3")
        assert handle.catalog().patient_of_case.tolist().count("p0") == 4
        assert handle.info()["patients"] == 14 and handle.upkeep.check().is_sound
    assert other.version() != before[0]
    assert all(np.array_equal(other.vectors_of(1)[name], vector) for name, vector in before[1].items())


def test_drawn_regions_find_tokens_and_boxes(filled: CaseIndex) -> None:
    grids = sorted(filled.grids([3, 1], ["left_lung"]), key=lambda grid: grid.image_id)
    assert [grid.image_id for grid in grids] == [1, 3]
    assert all(grid.tokens == b"tokens" and list(grid.boxes) == ["left_lung"] for grid in grids)
    shown, vectors = filled.vectors_in("left_lung", np.array([2, 999]), dim=8)
    assert shown.tolist() == [True, False] and np.array_equal(vectors[0], filled.vectors_of(2)["left_lung"])
    assert int(filled.is_of_kind("radiograph").sum()) == filled.info()["images"]


def test_the_key_of_pseudonyms_stays(opened: Open, filled: CaseIndex) -> None:
    assert len(filled.site_key()) == 32 and opened().site_key() == filled.site_key()


def test_what_was_calibrated_is_seen_by_every_handle_and_outlives_an_erasure(opened: Open, filled: CaseIndex) -> None:
    other = opened()
    filled.put_calibration("radiograph", "verdict", {"level": 0.9, "packed": "x" * 30_000})
    filled.upkeep.forget(["c01"])
    kept = other.calibration("radiograph", "verdict")
    assert kept is not None and (kept["level"], len(kept["packed"])) == (0.9, 30_000)


def test_what_is_not_there_is_not_opened(opened: Open) -> None:
    with pytest.raises(IndexStoreError, match="casekin ingest"):
        opened()
