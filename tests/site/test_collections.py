"""Collections: whose they are, their order, and the quiz."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.errors import InputError, PlaceError
from casekin.site import collections
from casekin.site.books import Books
from casekin.site.collections import Collections, EntryFields
from casekin.types import Box


def test_a_private_collection_is_there_for_its_owner_alone_and_a_shared_one_for_all(books: Books) -> None:
    kept = Collections(books)
    private = kept.create("Nodules", owner="ann").collection_id
    assert kept.get(private, subject="bob") is None
    assert kept.visible("bob") == []
    kept.change(private, is_shared=True)
    shared = kept.get(private, subject="bob")
    assert shared is not None
    assert (shared.owner, shared.is_shared, shared.title) == ("ann", True, "Nodules")
    assert [one.collection_id for one in kept.visible("bob")] == [private]


def test_an_entry_comes_back_as_it_was_written(books: Books) -> None:
    kept = Collections(books)
    home = kept.create("Effusions", owner="ann").collection_id
    fields = EntryFields(
        case_id="c/1", image=2, place="left lung", box=Box(x0=1, y0=2.5, x1=3, y1=4), note="see", answer="effusion"
    )
    added = kept.add(home, fields)
    assert kept.entries(home) == [added]
    assert added.fields == fields
    assert added.as_record()["box"] == [1.0, 2.5, 3.0, 4.0]
    changed = kept.replace(home, added.entry_id, EntryFields(case_id="c/1"))
    assert changed is not None
    assert changed.fields == EntryFields(case_id="c/1")
    assert kept.replace(home, "nothing", fields) is None
    other = kept.create("Other", owner="ann").collection_id
    assert kept.replace(other, added.entry_id, fields) is None
    assert not kept.discard(other, added.entry_id)


def test_entries_that_do_not_fit_are_refused(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    with pytest.raises(PlaceError, match="left knee of"):
        kept.add(home, EntryFields(case_id="c", place="left knee of hope"))
    with pytest.raises(InputError, match="note: expected 0 to 4000"):
        kept.add(home, EntryFields(case_id="c", note="x" * 4001))
    with pytest.raises(InputError, match="title: expected 1 to"):
        kept.create(" ", owner="ann")
    monkeypatch.setattr(collections, "MOST_ENTRIES", 1)
    kept.add(home, EntryFields(case_id="c"))
    with pytest.raises(InputError, match="at most 1 entries"):
        kept.add(home, EntryFields(case_id="d"))


@settings(max_examples=15)
@given(steps=st.lists(st.tuples(st.sampled_from(["add", "discard", "reverse"]), st.integers(0, 9)), max_size=8))
def test_whatever_is_done_entries_are_numbered_without_gaps_in_the_order_of_a_plain_list(
    steps: list[tuple[str, int]], books: Books
) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    expected: list[str] = []
    for verb, number in steps:
        if verb == "add":
            expected.append(kept.add(home, EntryFields(case_id=f"c{number}")).entry_id)
        elif verb == "discard" and expected:
            kept.discard(home, expected.pop(number % len(expected)))
        elif verb == "reverse":
            expected.reverse()
            kept.arrange(home, expected)
    found = kept.entries(home)
    assert [entry.entry_id for entry in found] == expected
    assert [entry.position for entry in found] == list(range(len(expected)))


def test_an_order_of_other_entries_is_refused(books: Books) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    one = kept.add(home, EntryFields(case_id="c")).entry_id
    for order in ([], [one, one], ["other"]):
        with pytest.raises(InputError, match="every entry"):
            kept.arrange(home, order)


@pytest.mark.parametrize(
    ("answer", "given", "is_right"),
    [
        ("pneumothorax", "PTX", True),
        ("Pleural effusion.", "pleural fluid", True),
        ("pneumothorax", "pleural effusion", False),
        ("Sail sign", "  sail   SIGN ", True),
        ("Sail sign", "sail", False),
    ],
)
def test_an_answer_is_right_by_any_name_of_the_finding_or_by_the_same_words(
    answer: str, given: str, is_right: bool, books: Books
) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    entry = kept.add(home, EntryFields(case_id="c", answer=answer, note="because"))
    tried = kept.attempt(home, entry.entry_id, given, subject="bob")
    assert tried is not None
    assert tried.as_record() == {
        "entry_id": entry.entry_id, "given": given, "right": is_right, "answer": answer, "note": "because"
    }  # fmt: skip


def test_the_first_try_counts_and_everybody_has_a_score_of_their_own(books: Books) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    first, second, plain = (
        kept.add(home, EntryFields(case_id="c", answer=answer)).entry_id for answer in ("nodule", "mass", None)
    )
    for entry, said in ((first, "mass"), (first, "nodule"), (second, "mass")):
        assert kept.attempt(home, entry, said, subject="bob") is not None
    assert kept.attempt(home, plain, "nodule", subject="bob") is None
    assert kept.score(home, subject="bob") == {"questions": 2, "answered": 2, "right": 1}
    assert kept.score(home, subject="ann") == {"questions": 2, "answered": 0, "right": 0}


def test_an_erased_case_is_in_no_collection_and_in_no_row(books: Books) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    for case_id in ("keep-1", "GONE-CASE", "keep-2", "GONE-CASE"):
        entry = kept.add(home, EntryFields(case_id=case_id, note=f"note on {case_id}", answer="nodule"))
        kept.attempt(home, entry.entry_id, f"answer on {case_id}", subject="bob")
    assert kept.forget(["GONE-CASE", "another"]) == 2
    assert [(entry.position, entry.fields.case_id) for entry in kept.entries(home)] == [(0, "keep-1"), (1, "keep-2")]
    with books.reading() as db:
        assert "GONE-CASE" not in "\n".join(db.iterdump())


def test_removing_a_collection_removes_what_it_held(books: Books) -> None:
    kept = Collections(books)
    home = kept.create("x", owner="ann").collection_id
    entry = kept.add(home, EntryFields(case_id="c", answer="nodule")).entry_id
    kept.attempt(home, entry, "nodule", subject="bob")
    kept.remove(home)
    assert kept.get(home, subject="ann") is None
    with books.reading() as db:
        counts = [db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("entries", "attempts")]
    assert counts == [(0,), (0,)]
