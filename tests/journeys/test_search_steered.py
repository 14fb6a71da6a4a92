"""A steered search: weights, conditions, wider places, summaries beside the hits, and the same list again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casekin.errors import FilterError, InputError
from casekin.index import CaseIndex
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.replay import recall_query
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.query import SearchQuery
from casekin.types import Box, Fact, Side
from made_cases import write_png
from made_reported import reported, stored


def ids(answer: SearchAnswer) -> list[str]:
    return [hit.case_id for hit in answer.hits]


def record(answer: SearchAnswer) -> dict[str, Any]:
    """The answer as JSON without its clock."""
    told = json.loads(json.dumps(answer.as_record(), allow_nan=False))
    del told["took_ms"]
    assert isinstance(told, dict)
    return told


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A picture that no archive of these tests holds."""
    return write_png(tmp_path / "new.png", 999)


# --- weights ---------------------------------------------------------------------------------------------------------


def test_the_text_s_share_goes_from_the_picture_alone_to_the_words_alone(
    open_index: CaseIndex, encoder: ImageEncoder, film: Path
) -> None:
    def parts(weight: float) -> list[dict[str, float]]:
        query = SearchQuery(image=film, text="right pleural effusion", text_weight=weight)
        return [dict(hit.parts) for hit in search_cases(open_index, query, encoder=encoder).hits]

    assert all(part["facts"] == part["text"] == 0 != part["global"] for part in parts(0.0))
    assert all(part["global"] == 0 for part in parts(1.0))
    assert any(part["facts"] > 0 < part["global"] for part in parts(0.5))


def test_reports_of_look_alikes_count_by_their_weight_for_a_picture_alone(
    open_index: CaseIndex, encoder: ImageEncoder, film: Path
) -> None:
    def facts(**options: Any) -> dict[str, float]:
        query = SearchQuery(image=film, at=("left lung",), **options)
        return {hit.case_id: hit.parts["facts"] for hit in search_cases(open_index, query, encoder=encoder).hits}

    none, half, full = facts(facts_weight=0.0), facts(facts_weight=0.5), facts(facts_weight=1.0)
    assert set(none.values()) == {0.0}
    assert any(full.values())
    assert half == pytest.approx({name: value / 2 for name, value in full.items()}, abs=1e-6)
    assert full["foxtrot"] == 0.0  # has no report
    assert set(facts(text="nodule", text_weight=0.0).values()) == {0.0}


def test_a_stored_question_s_own_report_has_no_say(stored_archive: Path, tmp_path: Path, encoder: ImageEncoder) -> None:
    with CaseIndex(tmp_path / "index", create=True) as made:
        assert made.info()["cases"] == 0
    ingest_cases([stored_archive], index=tmp_path / "index")
    query = SearchQuery(image=stored_archive / "images" / "delta.png", at=("left lung",), counter=2, board=5)
    with CaseIndex(tmp_path / "index") as index:
        before = search_cases(index, query, encoder=encoder)
        lie = Fact(finding="consolidation", anatomy="lung", side="bilateral", polarity="present", sentence="Lie.")
        index.put_report("delta", report="Lie.", facts=[lie], normal=[], sentences=["Lie."])
        after = search_cases(index, query, encoder=encoder)
    assert before.hits and before.hits == after.hits
    assert before.counter == after.counter


# --- conditions and wider places -------------------------------------------------------------------------------------


def test_required_and_excluded_findings_are_those_of_the_reports(open_index: CaseIndex) -> None:
    def found(**options: Any) -> set[str]:
        answer = search_cases(open_index, SearchQuery(text="consolidation effusion lungs", relax=False, **options))
        return {case_id for hit in answer.hits for case_id in (hit.case_id, *hit.also)}

    assert found(with_=("consolidation at left lung",)) == {"alfa", "bravo", "charlie"}
    assert found(without=("consolidation",)) == {"delta", "echo"}
    assert found(with_=("consolidation",), where="age > 50") == {"alfa"}
    assert found(with_=("consolidation",), without=("consolidation at left lower lobe",)) == set()
    with pytest.raises(FilterError, match="--with"):
        found(with_=("efusion",))


def nodule(case_id: str, anatomy: str, side: Side, patient: str | None = None) -> Any:
    fact = Fact(finding="nodule", anatomy=anatomy, side=side, polarity="present", sentence="Nodule.")
    return reported(case_id, [fact], patient=patient or case_id)


@pytest.fixture
def nodules(tmp_path: Path) -> CaseIndex:
    """Nodules in the left lower lobe (2), elsewhere in the left lung (2, one of a patient above), in the right (2)."""
    cases = [
        nodule("lower-1", "lower_lobe", "left"),
        nodule("lower-2", "lower_lobe", "left"),
        nodule("left-1", "upper_lobe", "left"),
        nodule("left-2", "upper_lobe", "left", patient="lower-1"),
        nodule("right-1", "lower_lobe", "right"),
        nodule("right-2", "upper_lobe", "right"),
    ]
    return stored(tmp_path / "nodules", cases)


def asked_for_nodules(index: CaseIndex, **options: Any) -> SearchAnswer:
    given = {"text": "report nodule", "at": ("left lower lobe",), "with_": ("nodule at left lower lobe",), **options}
    return search_cases(index, SearchQuery(**given))


def test_where_hits_run_dry_wider_places_follow_below_and_say_so(nodules: CaseIndex) -> None:
    answer = asked_for_nodules(nodules)
    assert [(hit.rank, hit.case_id, hit.step, hit.relaxed_from) for hit in answer.hits] == [
        (1, "lower-1", 0, None),
        (2, "lower-2", 0, None),
        (3, "left-1", 1, "left_lower_lobe"),
        (4, "right-1", 2, "left_lower_lobe"),
        (5, "right-2", 2, "left_lower_lobe"),
    ]
    assert [step.as_record() for step in answer.ladder] == [
        {"step": 0, "at": ["left_lower_lobe"], "with": ["nodule at left_lower_lobe"], "hits": 2},
        {"step": 1, "at": ["left_lung"], "with": ["nodule at left_lung"], "hits": 1},
        {"step": 2, "at": ["lung"], "with": ["nodule at lung"], "hits": 2},
    ]


def test_the_ladder_stops_at_the_limit_and_doesn_t_start_where_enough_pass(nodules: CaseIndex) -> None:
    assert [hit.step for hit in asked_for_nodules(nodules, limit=3).hits] == [0, 0, 1]
    enough = asked_for_nodules(nodules, limit=2)
    assert ([hit.step for hit in enough.hits], len(enough.ladder)) == ([0, 0], 1)
    strict = asked_for_nodules(nodules, relax=False)
    assert (ids(strict), len(strict.ladder)) == (["lower-1", "lower-2"], 1)


def test_where_no_case_compares_those_of_the_first_wider_place_that_do_follow(nodules: CaseIndex) -> None:
    asked: dict[str, Any] = {"text": "report mass", "at": ("left lower lobe",), "with_": (), "limit": 1}
    answer = asked_for_nodules(nodules, **asked)
    assert (answer.verdict, [hit.step for hit in answer.hits]) == ("no_comparable_case", [0])
    mass = Fact(finding="mass", anatomy="upper_lobe", side="left", polarity="present", sentence="Mass.")
    nodules.put([reported("mass", [mass])])
    answer = asked_for_nodules(nodules, **asked)
    assert answer.verdict == "no_comparable_case"  # of what was asked
    assert [(hit.rank, hit.case_id, hit.step) for hit in answer.hits] == [(1, "lower-1", 0), (2, "mass", 1)]
    assert [step.as_record()["at"] for step in answer.ladder] == [["left_lower_lobe"], ["left_lung"]]
    assert ids(asked_for_nodules(nodules, **asked, relax=False)) == ["lower-1"]


def test_a_question_without_a_required_place_never_relaxes(nodules: CaseIndex) -> None:
    for options in ({"with_": ()}, {"with_": ("nodule",)}, {"with_": ("mass",)}):
        assert len(asked_for_nodules(nodules, **options).ladder) == 1


# --- beside the hits -------------------------------------------------------------------------------------------------


def test_summaries_look_at_as_many_hits_as_asked_while_fewer_are_shown(nodules: CaseIndex) -> None:
    short = asked_for_nodules(nodules, limit=1, with_=(), board=50, follow_up=3)
    long = asked_for_nodules(nodules, limit=50, with_=())
    assert ids(short) == ids(long)[:1]
    assert short.board is not None and short.follow_up is not None
    assert (short.board.hits, short.follow_up.hits) == (len(long.hits), 3)
    assert (long.board, long.follow_up, long.counter) == (None, None, None)


# --- the same list again ---------------------------------------------------------------------------------------------

MASK = np.zeros((64, 64), dtype=bool)
MASK[20:46, 36:58] = True


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"at": ("left lower lobe", "heart"), "combine": "all_of"},
        {"box": Box(x0=36.5, y0=20, x1=58, y1=46), "board": 3},
        {"mask": MASK, "counter": 1},
        {"text": "effusion", "text_weight": 0.3, "without": ("nodule",), "patient": "SECRET-PATIENT-1"},
        {"phrase": "left basal effusion", "like": ("bravo",), "unlike": ("echo",)},
    ],
    ids=lambda options: "+".join(options) or "picture",
)
def test_a_recipe_gives_the_same_bytes_again(
    open_index: CaseIndex, encoder: ImageEncoder, film: Path, options: dict[str, Any]
) -> None:
    first = record(search_cases(open_index, SearchQuery(image=film, **options), encoder=encoder))
    query = recall_query(open_index, first["recipe"], image=film)
    again = record(search_cases(open_index, query, encoder=encoder))
    assert json.dumps(again) == json.dumps(first)
    assert "SECRET" not in json.dumps(first)


def test_a_recipe_asks_its_own_picture_or_another_anyway(
    open_index: CaseIndex, encoder: ImageEncoder, film: Path, tmp_path: Path
) -> None:
    recipe = record(search_cases(open_index, SearchQuery(image=film, limit=2), encoder=encoder))["recipe"]
    with Image.open(film) as picture:
        picture.save(tmp_path / "copy.png", optimize=True)
    assert recall_query(open_index, recipe, image=tmp_path / "copy.png").limit == 2
    other = write_png(tmp_path / "other.png", 5)
    with pytest.raises(InputError, match="got another"):
        recall_query(open_index, recipe, image=other)
    assert recall_query(open_index, recipe, image=other, anyway=True).image == other
