"""A recipe holds the whole question, comes back from JSON as it was, and notices when anything else changed."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import CasekinError, InputError
from casekin.index import CaseIndex
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.recipe import check_image, check_recipe, read_recipe, write_recipe
from casekin.retrieval.understand import understand
from made_cases import made_fact
from made_reported import reported, stored


@pytest.fixture
def index(tmp_path: Path) -> CaseIndex:
    return stored(tmp_path / "index", [reported("one", [made_fact("nodule", "upper_lobe", "left")]), reported("two")])


def saved(index: CaseIndex, query: SearchQuery) -> dict[str, Any]:
    """The recipe of a question without an image, after a trip through JSON."""
    recipe = json.loads(json.dumps(write_recipe(index, understand(index, query, None), program="1")))
    assert isinstance(recipe, dict)
    return recipe


EVERY_OPTION: dict[str, Any] = {
    "text": "nodule",
    "phrase": "left nodule",
    "at": ("left lung", "heart"),
    "where": "age > 1",
    "with_": ("nodule at left lung",),
    "without": ("mass",),
    "limit": 7,
    "same_patient": "allow",
    "like": ("one",),
    "unlike": ("two",),
    "text_weight": 0.25,
    "facts_weight": 0.0,
    "relax": False,
    "counter": 2,
    "board": 20,
    "follow_up": 30,
}


def test_every_option_comes_back(index: CaseIndex) -> None:
    without_words = {"combine": "all_of", "limit": 3, "at": ("left lung",), "like": ("one",)}
    for options in ({"text": "nodule"}, EVERY_OPTION, without_words):
        query = SearchQuery(**options)
        assert read_recipe({**saved(index, query)}, image=None) == query
    assert {f.name for f in fields(SearchQuery)} == {
        *EVERY_OPTION, "combine", "image", "case", "case_image", "box", "mask", "patient", "patient_key",
    }  # fmt: skip


def test_a_stored_case_that_asks_is_kept_by_its_name_and_needs_no_file(index: CaseIndex) -> None:
    recipe = {**saved(index, SearchQuery(text="nodule")), "image": {"case_id": "one", "image": 2}}
    assert read_recipe(recipe, image=None) == SearchQuery(text="nodule", case="one", case_image=2)
    with pytest.raises(InputError, match="expected no image"):
        read_recipe(recipe, image=Path("film.dcm"))
    for broken in ({"case_id": 7, "image": 0}, {"case_id": "one"}, {"case_id": "one", "image": "0"}):
        with pytest.raises(InputError, match="save it again"):
            read_recipe({**recipe, "image": broken}, image=None)


def test_a_patient_is_kept_as_the_index_calls_them_and_still_left_out(index: CaseIndex) -> None:
    recipe = saved(index, SearchQuery(text="nodule", patient="SECRET-1"))
    assert "SECRET" not in json.dumps(recipe)
    asked = read_recipe(recipe, image=None)
    assert asked.patient is None
    again = write_recipe(index, understand(index, asked, None), program="1")
    assert again == recipe


def test_the_same_index_passes_and_another_version_or_program_is_named(index: CaseIndex, tmp_path: Path) -> None:
    recipe = saved(index, SearchQuery(text="nodule"))
    check_recipe(recipe, index, program="1")
    with pytest.raises(InputError, match=r"program 1 \(now 2\).*--anyway"):
        check_recipe(recipe, index, program="2")
    other = stored(tmp_path / "other", [reported("one"), reported("two")])
    with pytest.raises(InputError, match=r"made with index "):
        check_recipe(recipe, other, program="1")
    index.put([reported("three")])
    with pytest.raises(InputError, match=r"index_version "):
        check_recipe(recipe, index, program="1")


def test_another_image_and_a_missing_one_are_refused(index: CaseIndex) -> None:
    recipe = {**saved(index, SearchQuery(text="nodule")), "image": {"content_sha256": "c"}}
    check_image(recipe, "c")
    with pytest.raises(InputError, match="got another"):
        check_image(recipe, "d")
    with pytest.raises(InputError, match="got none"):
        read_recipe(recipe, image=None)
    with pytest.raises(InputError, match="got one"):
        read_recipe({**recipe, "image": None}, image=Path("film.png"))


@pytest.mark.parametrize(
    "question",
    [
        None,
        [],
        [1],
        {"text": 5},
        {"text": "x", "limit": "10"},
        {"text": "x", "limit": 2.5},
        {"text": "x", "limit": True},
        {"text": "x", "relax": 1},
        {"text": "x", "limit": 0},
        {"text": "x", "at": "left lung"},
        {"text": "x", "at": [1]},
        {"text": "x", "text_weight": float("nan")},
        {"text": "x", "text_weight": 2},
        {"text": "x", "box": [1, 2, 3]},
        {"text": "x", "box": [3, 3, 1, 1]},
        {"text": "x", "mask": {"png": "?"}},
        {"text": "x", "mask": {"png": "AAAA"}},
        {"text": "x", "mask": "AAAA"},
        {"text": "x", "combine": "sum"},
        {"text": "x", "unknown": 1},
    ],
    ids=str,
)
def test_a_damaged_recipe_is_refused_with_one_line(index: CaseIndex, question: object) -> None:
    recipe = saved(index, SearchQuery(text="nodule"))
    recipe["question"] = {**recipe["question"], **question} if isinstance(question, dict) else question
    with pytest.raises(CasekinError) as refused:
        read_recipe(recipe, image=None)
    assert "\n" not in str(refused.value)


def test_a_recipe_that_lost_an_option_is_refused_and_not_asked_without_it(index: CaseIndex) -> None:
    recipe = saved(index, SearchQuery(text="nodule", at=("left lung",)))
    for name in recipe["question"]:
        lacking = {key: value for key, value in recipe["question"].items() if key != name}
        with pytest.raises(InputError, match=rf"expected {name} "):
            read_recipe({**recipe, "question": lacking}, image=None)


@pytest.mark.parametrize("recipe", [None, [], "recipe", {}, {"recipe": 2}], ids=str)
def test_what_is_no_recipe_is_refused(recipe: object) -> None:
    with pytest.raises(InputError, match="recipe: expected the JSON"):
        read_recipe(recipe, image=None)
