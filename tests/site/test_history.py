"""History keeps one's own searches; a link hands a recipe on for a while."""

from __future__ import annotations

from typing import Any

import pytest

from casekin.errors import InputError
from casekin.site.books import Books
from casekin.site.history import KEPT_DAYS, LINK_DAYS, History


def answer_to(text: str, **question: Any) -> dict[str, Any]:
    """What of an answer history looks at."""
    return {
        "recipe": {"recipe": 1, "kind": "radiograph", "image": None, "question": {"text": text, **question}},
        "query": {"matched_cases": []},
        "verdict": "answered",
        "hits": [{}, {}],
    }


def texts(history: History, subject: str) -> list[str]:
    """What somebody asked, the newest first."""
    return [step.recipe["question"]["text"] for step in history.newest(subject=subject)]


def test_searches_are_listed_newest_first_to_whoever_made_them(books: Books) -> None:
    history = History(books)
    for text in ("one", "two", "three"):
        history.add(answer_to(text), subject="ann")
    history.add(answer_to("other"), subject="bob")
    assert texts(history, "ann") == ["three", "two", "one"]
    assert texts(history, "bob") == ["other"]
    assert history.newest(subject="ann", limit=1)[0].as_record()["hits"] == 2


def test_undo_goes_one_step_back_and_asking_that_again_adds_no_step(books: Books) -> None:
    history = History(books)
    for text in ("one", "two", "three"):
        history.add(answer_to(text), subject="ann")
    for expected in ("two", "one"):
        step = history.undo(subject="ann")
        assert step is not None
        assert step.recipe["question"]["text"] == expected
        history.add(answer_to(expected), subject="ann")
    assert texts(history, "ann") == ["one"]
    assert history.undo(subject="ann") is None
    assert history.undo(subject="ann") is None


def test_only_the_newest_steps_are_kept_and_none_for_ever(books: Books, clock: Any) -> None:
    history = History(books, steps=3, clock=clock)
    history.add(answer_to("bob's"), subject="bob")
    for number in range(5):
        history.add(answer_to(str(number)), subject="ann")
    assert texts(history, "ann") == ["4", "3", "2"]
    assert texts(history, "bob") == ["bob's"]
    clock.now += KEPT_DAYS * 86_400 + 1
    assert texts(history, "ann") == []
    history.add(answer_to("late"), subject="ann")
    with books.reading() as db:
        assert db.execute("SELECT count(*) FROM history").fetchone() == (1,)


def test_somebody_may_clear_their_own_history(books: Books) -> None:
    history = History(books)
    history.add(answer_to("one"), subject="ann")
    history.add(answer_to("two"), subject="bob")
    assert history.clear(subject="ann") == 1
    assert (texts(history, "ann"), texts(history, "bob")) == ([], ["two"])


def test_a_link_opens_its_recipe_until_it_expires(books: Books, clock: Any) -> None:
    history = History(books, clock=clock)
    recipe = answer_to("one")["recipe"]
    link = history.share(recipe, subject="ann")
    opened = history.open(link.link_id)
    assert opened is not None
    assert opened.recipe == recipe
    assert opened.as_record() == link.as_record()
    assert history.open(link.link_id[:-1]) is None
    clock.now += LINK_DAYS * 86_400 + 1
    assert history.open(link.link_id) is None


def test_a_site_limits_how_long_a_link_opens(books: Books, clock: Any) -> None:
    history = History(books, link_days=2.0, clock=clock)
    recipe = answer_to("one")["recipe"]
    lives = [history.share(recipe, subject="ann", days=days).expires_at - clock.now for days in (None, 1.0, 9.0)]
    assert lives == [172_800.0, 86_400.0, 172_800.0]


def test_what_is_no_recipe_is_not_shared(books: Books) -> None:
    for recipe in ({"text": "one"}, {"question": {"text_weight": float("nan")}}):
        with pytest.raises(InputError, match="recipe: expected"):
            History(books).share(recipe, subject="ann")


def test_an_erasure_takes_what_was_asked_with_a_case_or_names_it_or_its_patient(books: Books) -> None:
    history = History(books)
    history.add({**answer_to("film of"), "query": {"matched_cases": ["GONE"]}}, subject="ann")
    history.add(answer_to("kept", like=["other"]), subject="ann")
    history.add(answer_to("likes", like=["other", "GONE"]), subject="ann")
    history.add(answer_to("patient", patient_key="PGONE"), subject="ann")
    history.share(answer_to("unlike", unlike=["GONE"])["recipe"], subject="ann")
    history.share({**answer_to("case")["recipe"], "image": {"case_id": "GONE", "image": 0}}, subject="ann")
    history.share(answer_to("film")["recipe"], subject="ann", asked_with=["GONE"])
    kept = history.share(answer_to("kept")["recipe"], subject="ann")
    assert history.forget(["GONE"]) == 5
    assert history.forget([], ["PGONE"]) == 1
    assert texts(history, "ann") == ["kept"]
    assert history.open(kept.link_id) is not None
    with books.reading() as db:
        assert "GONE" not in "\n".join(db.iterdump())
