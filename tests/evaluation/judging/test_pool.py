"""What readers are shown: whole pools, random pairs among them, each once and a few twice, in an order of their own."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError, PlaceError
from casekin.evaluation.judging import Pools, Session, draw_session, pool_pairs, read_session
from made_judging import PLACE, case_names, made_run, made_session, patients_of
from made_runs import laws, ranked

CASES = case_names(8)
PATIENTS = patients_of(CASES)


def test_a_pool_holds_the_first_cases_of_every_run_but_for_the_own_patients_and_those_without_a_picture() -> None:
    one = ranked({"case-00@left_lung": ["case-01", "case-02", "case-03", "case-04"]})
    two = ranked({"case-00@left_lung": ["case-05", "case-07", "case-06"], "case-06@*": ["case-01"]})
    pools = pool_pairs([one, two], depth=3, patients=PATIENTS, pictured=set(CASES) - {"case-06"})
    assert pools.cases == {"case-00@left_lung": ("case-02", "case-03", "case-05", "case-07")}
    assert pools.named == tuple(case for case in CASES if case != "case-06")
    assert pools.removed == {"same_patient": 1, "without_picture": 1, "queries_without_picture": 1}


def test_a_place_written_in_another_way_is_the_same_query() -> None:
    one, two = ranked({"case-00@Left-Lung": ["case-02"]}), ranked({"case-00@left_lung": ["case-03"]})
    assert pool_pairs([one, two], depth=1, patients=PATIENTS, pictured=CASES).cases == {
        "case-00@left_lung": ("case-02", "case-03")
    }


@pytest.mark.parametrize(
    ("query", "case", "error", "message"),
    [
        ("case-00", "case-02", InputError, "expected 'case_id@place'"),
        ("case-00@left_brian", "case-02", PlaceError, "left_brian|brian"),
        ("stranger@left_lung", "case-02", InputError, "'stranger' is unknown to the index"),
        ("case-00@left_lung", "stranger", InputError, "'stranger' is unknown to the index"),
    ],
)
def test_a_run_of_another_index_or_of_other_questions_is_one_clear_error(
    query: str, case: str, error: type[InputError], message: str
) -> None:
    with pytest.raises(error, match=message):
        pool_pairs([ranked({query: [case]})], depth=3, patients=PATIENTS, pictured=CASES)


def test_random_pairs_are_of_cases_that_the_runs_name() -> None:
    run = ranked({"case-00@left_lung": ["case-02", "case-03", "case-05", "case-06", "case-07"]})
    pools = pool_pairs([run], depth=4, patients=PATIENTS, pictured=CASES)
    for seed in range(5):  # case-04 is in the index, and no run has it
        pairs = draw(pools, pairs=10, seed=seed).pairs
        assert [pair.asked[0][1] for pair in pairs if pair.source == "random"] == ["case-07"]


def test_queries_are_drawn_whole_and_random_pairs_of_theirs_are_mixed_in() -> None:
    session = made_session(pairs=40, depth=4)
    names = case_names(30)
    patients = patients_of(names)
    runs = [made_run("one", names, queries=12, seed=1), made_run("two", names, queries=12, seed=2)]
    pools = pool_pairs(runs, depth=4, patients=patients, pictured=names).cases
    pooled = {asked for pair in session.pairs if pair.source == "pool" for asked in pair.asked}
    drawn = {query for query, _ in pooled}
    assert {(query, case) for query in drawn for case in pools[query]} == pooled
    by_chance = [pair for pair in session.pairs if pair.source == "random"]
    assert len(session.pairs) <= 40
    assert len(by_chance) == round((len(session.pairs) - len(by_chance)) / 4)
    assert all(pair.asked[0][0] in drawn and pair.asked[0][1] not in pools[pair.asked[0][0]] for pair in by_chance)
    assert all(patients[a] != patients[b] for a, b in (pair.cases for pair in session.pairs))
    assert len({(pair.place, frozenset(pair.cases)) for pair in session.pairs}) == len(session.pairs)
    assert all(pair.patient == patients[pair.cases[0]] for pair in session.pairs)


def test_a_pair_that_both_its_cases_asked_for_is_shown_once_and_answers_both() -> None:
    run = ranked({"case-00@left_lung": ["case-02"], "case-02@left_lung": ["case-00"], "case-00@*": ["case-02"]})
    session = draw(pool_pairs([run], depth=1, patients=PATIENTS, pictured=["case-00", "case-02"]), pairs=10)
    asked = {pair.place: set(pair.asked) for pair in session.pairs}
    assert asked == {
        "left_lung": {("case-00@left_lung", "case-02"), ("case-02@left_lung", "case-00")},
        "*": {("case-00@*", "case-02")},
    }


def test_patients_who_have_not_asked_yet_come_before_second_queries() -> None:
    cases = {f"{case}@{PLACE}": ("case-07",) for case in CASES[:6]} | {"case-00@*": ("case-07",)}
    for seed in range(10):
        session = draw(Pools(cases=cases, named=tuple(CASES), removed={}), pairs=4, seed=seed)
        pooled = [pair for pair in session.pairs if pair.source == "pool"]
        assert sorted(pair.patient for pair in pooled) == ["patient-00", "patient-01", "patient-02"]


def draw(pools: Pools, *, pairs: int, seed: int = 0) -> Session:
    """A session of two readers over the eight cases."""
    return draw_session(pools, pairs=pairs, readers=2, seed=seed, patients=PATIENTS, origin={"places": [PLACE]})


@laws
@given(pairs=st.integers(12, 200), seed=st.integers(0, 5))
def test_each_reader_sees_every_pair_once_and_a_tenth_again_far_from_the_first_time_with_sides_changed(
    pairs: int, seed: int
) -> None:
    session = made_session(cases=40, queries=40, pairs=pairs, depth=3, seed=seed)
    for order in session.orders:
        times = Counter(shown.pair for shown in order)
        again = [(item, shown) for item, shown in enumerate(order) if shown.again]
        assert set(times) == set(range(len(session.pairs)))
        assert len(again) == round(len(session.pairs) * 0.1) == sum(count - 1 for count in times.values())
        for item, shown in again:
            first = next(i for i, other in enumerate(order) if other.pair == shown.pair)
            assert item - first >= len(session.pairs) // 3
            assert order[first].swapped != shown.swapped


def test_the_same_seed_draws_the_same_session_and_readers_have_orders_of_their_own() -> None:
    session = made_session()
    assert made_session().as_record() == session.as_record()
    assert made_session(seed=1).id != session.id
    assert session.orders[0] != session.orders[1]
    swapped = [shown.swapped for shown in session.orders[0]]
    assert 0 < sum(swapped) < len(swapped)


def test_where_not_even_one_pool_fits_it_says_how_many_pairs_would_do() -> None:
    cases = {"case-00@left_lung": ("case-02", "case-03", "case-04"), "case-02@left_lung": tuple(CASES[3:])}
    pools = Pools(cases=cases, named=tuple(CASES), removed={})
    with pytest.raises(InputError, match=r"expected 4 at least, .* got 3"):
        draw(pools, pairs=3)
    for seed in range(5):  # the larger pool doesn't fit, whichever comes first
        assert {pair.asked[0][0] for pair in draw(pools, pairs=4, seed=seed).pairs} == {"case-00@left_lung"}
    with pytest.raises(InputError, match="made on this index"):
        draw(Pools(cases={}, named=(), removed={}), pairs=2)


def test_a_key_is_read_back_and_one_that_was_changed_is_refused(tmp_path: Path) -> None:
    session, key = made_session(), tmp_path / "key.json"
    key.write_text(json.dumps(session.as_record()), encoding="utf-8")
    assert read_session(key) == session
    changed = session.as_record()
    changed["orders"][0][0]["swapped"] ^= True
    key.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(InputError, match="got a changed one"):
        read_session(key)
    for text in ("", "[]", '{"session": "x"}'):
        key.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="expected the key that casekin judge prepare wrote"):
            read_session(key)
    with pytest.raises(InputError, match="expected the key"):
        read_session(tmp_path / "nothing.json")
