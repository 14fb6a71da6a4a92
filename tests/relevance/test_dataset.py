"""The table over an archive says what the rules say case by case, and survives its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.anatomy import ANATOMIES, is_part_of
from casekin.errors import FindingError, InputError
from casekin.findings import FINDINGS, is_a
from casekin.relevance import CaseFindings, RelevanceTable, grade_at
from casekin.types import Fact, Place, Side
from made_cases import made_fact, place
from relevance.made_facts import POLARITIES, SEVERITIES, archives, asked, laws, made, stated
from relevance.naive_grades import naive_abnormal, naive_grade, naive_judged, naive_normal

LLL = made_fact("consolidation", "lower_lobe", "left")


def listed(table: RelevanceTable, query: object, spot: Place | None) -> dict[str, int]:
    """Case ids and grades of an answer."""
    numbers, grades = table.relevant(query, spot)  # type: ignore[arg-type]
    assert list(numbers) == sorted(set(numbers.tolist()))
    return {table.case_ids[number]: int(grade) for number, grade in zip(numbers, grades, strict=True)}


def by_double_loop(archive: Sequence[CaseFindings], query: CaseFindings, spot: Place | None) -> dict[str, int]:
    """Every case of another patient, one at a time."""
    grades = {
        case.case_id: naive_grade(query.facts, case.facts, spot) for case in archive if case.patient != query.patient
    }
    return {case_id: grade for case_id, grade in grades.items() if grade > 0}


@laws
@given(archive=archives, spot=asked)
def test_the_table_grades_as_a_double_loop_over_the_contract_does(
    archive: list[CaseFindings], spot: Place | None
) -> None:
    table = RelevanceTable.build(iter(archive))
    for case in archive:
        assert listed(table, case.case_id, spot) == by_double_loop(archive, case, spot)


@laws
@given(archive=archives, spot=asked, facts=stated)
def test_a_question_from_outside_leaves_no_patient_out(
    archive: list[CaseFindings], spot: Place | None, facts: list[object]
) -> None:
    outside = made(facts, patient="someone else")  # type: ignore[arg-type]
    table = RelevanceTable.build(archive)
    assert listed(table, outside.facts, spot) == by_double_loop(archive, outside, spot)


@laws
@given(archive=archives, spot=asked)
def test_judged_normal_and_abnormal_cases_are_those_of_the_rules(
    archive: list[CaseFindings], spot: Place | None
) -> None:
    table = RelevanceTable.build(archive)
    told = [(case.facts, case.normal_anatomies) for case in archive]
    assert table.judged(spot).tolist() == [i for i, (f, n) in enumerate(told) if naive_judged(f, n, spot)]
    assert table.normal(spot).tolist() == [i for i, (f, n) in enumerate(told) if naive_normal(f, n, spot)]
    assert table.abnormal(spot).tolist() == [i for i, (f, _) in enumerate(told) if naive_abnormal(f, spot)]


@laws
@given(archive=archives, spot=asked)
def test_every_relevant_pair_is_judged_in_both_and_normal_in_neither(
    archive: list[CaseFindings], spot: Place | None
) -> None:
    table = RelevanceTable.build(archive)
    judged, normal = set(table.judged(spot).tolist()), set(table.normal(spot).tolist())
    for number, case_id in enumerate(table.case_ids):
        found = set(table.relevant(case_id, spot)[0].tolist())
        if found:
            assert found | {number} <= judged
            assert not (found | {number}) & normal


@laws
@given(archive=archives, spot=asked, data=st.data())
def test_a_subset_answers_as_a_table_of_those_cases_alone(
    archive: list[CaseFindings], spot: Place | None, data: st.DataObject
) -> None:
    numbers = data.draw(st.permutations(range(len(archive)))) if archive else []
    numbers = numbers[: data.draw(st.integers(0, len(archive)))]
    cut = RelevanceTable.build(archive).subset(numbers)
    alone = RelevanceTable.build(archive[number] for number in numbers)
    assert (cut.case_ids, cut.patients) == (alone.case_ids, alone.patients)
    assert cut.judged(spot).tolist() == alone.judged(spot).tolist()
    assert cut.normal(spot).tolist() == alone.normal(spot).tolist()
    for case_id in cut.case_ids:
        assert listed(cut, case_id, spot) == listed(alone, case_id, spot)


@laws
@given(archive=archives, spot=asked)
def test_a_table_read_from_its_file_is_the_table(
    archive: list[CaseFindings], spot: Place | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("table")
    table = RelevanceTable.build(archive)
    table.save(folder / "a.npz")
    RelevanceTable.build(archive).save(folder / "b.npz")
    assert (folder / "a.npz").read_bytes() == (folder / "b.npz").read_bytes()
    again = RelevanceTable.load(folder / "a.npz")
    assert (again.case_ids, again.patients) == (table.case_ids, table.patients)
    for case_id in table.case_ids:
        assert listed(again, case_id, spot) == listed(table, case_id, spot)
    assert again.judged(spot).tolist() == table.judged(spot).tolist()
    again.save(folder / "c.npz")
    assert (folder / "c.npz").read_bytes() == (folder / "a.npz").read_bytes()


def test_the_table_agrees_with_the_rules_over_all_findings_and_anatomies() -> None:
    random = np.random.default_rng(4)
    families = [name for name in FINDINGS if is_a(name, "airspace_opacity") or is_a(name, "pleural_effusion")]
    wholes = place("lung"), place("pleura")
    anatomies = [node for node in ANATOMIES.values() if any(is_part_of(place(node.id), whole) for whole in wholes)]

    def any_place() -> Place:
        node = anatomies[int(random.integers(len(anatomies)))]
        sides: list[Side | None] = [node.only] if node.only else ["left", "right", "bilateral", None]
        return place(node.id, sides[int(random.integers(len(sides)))] if node.paired else None)

    def any_fact() -> Fact:
        where, finding = any_place(), families[int(random.integers(len(families)))]
        polarity = POLARITIES[int(random.integers(len(POLARITIES)))]
        severity = SEVERITIES[int(random.integers(len(SEVERITIES)))]
        return made_fact(finding, where.anatomy, where.side, polarity, severity=severity)

    archive = [made([any_fact() for _ in range(5)], case_id=str(n), patient=str(n)) for n in range(30)]
    table = RelevanceTable.build(archive)
    found = 0
    for spot in (None, place("lung"), *(any_place() for _ in range(10))):
        for case in archive:
            graded = {other.case_id: grade_at(case.facts, other.facts, spot) for other in archive if other is not case}
            assert listed(table, case.case_id, spot) == {name: grade for name, grade in graded.items() if grade}
            found += sum(grade > 0 for grade in graded.values())
    assert found > 500


def test_two_cases_of_one_patient_are_never_relevant_to_one_another() -> None:
    archive = [
        made([LLL], case_id="one", patient="a"),
        made([LLL], case_id="two", patient="a"),
        made([LLL], case_id="three", patient="b"),
    ]
    table = RelevanceTable.build(archive)
    assert listed(table, "one", None) == {"three": 3}
    assert listed(table, [LLL], None) == {"one": 3, "two": 3, "three": 3}


def test_an_empty_table_answers_with_nothing() -> None:
    table = RelevanceTable.build([])
    assert len(table) == 0
    assert listed(table, [LLL], place("lung", "left")) == {}
    assert table.judged(None).tolist() == []


def test_what_a_table_cannot_hold_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="twice"):
        RelevanceTable.build([made([], case_id="c"), made([], case_id="c")])
    with pytest.raises(FindingError, match="wombat"):
        RelevanceTable.build([made([made_fact("wombat", "lung", "left")])])
    with pytest.raises(InputError, match="case_id"):
        RelevanceTable.build([]).relevant("c", None)
    np.savez(tmp_path / "other.npz", words=np.zeros(3))
    (tmp_path / "text.npz").write_text("no archive")
    for name in ("other.npz", "text.npz", "missing.npz"):
        with pytest.raises(InputError, match="format"):
            RelevanceTable.load(tmp_path / name)
