"""Votes become judgements of pairs, without whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from casekin.errors import InputError
from casekin.site.books import Books
from casekin.site.feedback import Feedback


def recipe_of(text: str, **question: Any) -> dict[str, Any]:
    """A recipe as far as votes look at it."""
    return {
        "recipe": 1,
        "index_version": "2.7",
        "kind": "radiograph",
        "image": None,
        "question": {"text": text, **question},
    }


def test_most_votes_make_the_grade_and_even_ones_none(books: Books) -> None:
    feedback, recipe = Feedback(books), recipe_of("nodule")
    votes = {"good": [True, True, False], "bad": [False], "open": [True, False]}
    for case_id, given in votes.items():
        for number, helpful in enumerate(given):
            feedback.vote(recipe, case_id, is_helpful=helpful, subject=f"reader-{number}")
    judged = list(feedback.judgements())
    assert [(one["case_id"], one["grade"], one["helpful"], one["not_helpful"]) for one in judged] == [
        ("bad", 0, 0, 1), ("good", 1, 2, 1), ("open", None, 1, 1)
    ]  # fmt: skip
    assert {one["query_id"] for one in judged} == {judged[0]["query_id"]}
    assert judged[0]["recipe"] == recipe
    assert "reader-" not in str(judged)


def test_a_second_vote_replaces_the_first_and_none_takes_it_back(books: Books) -> None:
    feedback, recipe = Feedback(books), recipe_of("nodule")
    feedback.vote(recipe, "c", is_helpful=True, subject="ann")
    feedback.vote(recipe, "c", is_helpful=False, subject="ann")
    feedback.vote(recipe, "d", is_helpful=True, subject="ann")
    feedback.vote(recipe, "d", is_helpful=None, subject="ann")
    assert feedback.votes(recipe, subject="ann") == {"c": False}
    assert feedback.votes(recipe, subject="bob") == {}


def test_the_same_question_of_another_index_state_or_length_of_list_is_the_same(books: Books) -> None:
    feedback = Feedback(books)
    first = feedback.vote(recipe_of("nodule", limit=10), "c", is_helpful=True, subject="ann")
    again = {**recipe_of("nodule", limit=50), "index_version": "2.8"}
    assert feedback.vote(again, "c", is_helpful=True, subject="bob") == first
    assert feedback.vote(recipe_of("mass", limit=10), "c", is_helpful=True, subject="bob") != first
    with pytest.raises(InputError, match="recipe: expected"):
        feedback.vote({}, "c", is_helpful=True, subject="ann")


def test_an_erasure_takes_votes_on_a_case_and_on_questions_asked_with_it(books: Books) -> None:
    feedback = Feedback(books)
    for case_id in ("GONE", "kept"):
        feedback.vote(recipe_of("nodule"), case_id, is_helpful=True, subject="ann")
    feedback.vote(recipe_of("x", like=["GONE"]), "kept", is_helpful=True, subject="ann")
    feedback.vote(recipe_of("film"), "kept", is_helpful=True, subject="ann", asked_with=["GONE"])
    feedback.vote(recipe_of("p", patient_key="PGONE"), "kept", is_helpful=True, subject="ann")
    assert feedback.forget(["GONE"], ["PGONE"]) == 4
    assert [one["case_id"] for one in feedback.judgements()] == ["kept"]
    with books.reading() as db:
        assert "GONE" not in "\n".join(db.iterdump())
