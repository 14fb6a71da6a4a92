"""Reports: spans that index exactly, nothing false, and test writers who share no words with the others."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.anatomy import ANATOMIES, is_part_of, overlaps
from casekin.findings import FINDINGS, finding
from casekin.types import Fact, Place
from casekin.world import (
    writers,
    writers_test_split,
    writers_test_split_rounds,
    writers_test_split_structured,
    writers_test_split_wards,
    writers_test_split_wording,
    writers_wards,
    writers_wording,
)
from casekin.world.dictation import ReportContext, WrittenReport, dictate
from casekin.world.marked_text import Assembly, as_sentence, mark, with_typing_errors, wrapped
from casekin.world.patients import Exam, Patient, sample_patient
from casekin.world.phrasing import is_placed, says_place
from casekin.world.wording import ORGANS, Writer
from casekin.world.writers import WRITERS
from casekin.world.writers_test_split import TEST_WRITERS

ALL_WRITERS = (*WRITERS, *TEST_WRITERS)
TEST_MODULES = (
    writers_test_split,
    writers_test_split_rounds,
    writers_test_split_structured,
    writers_test_split_wards,
    writers_test_split_wording,
)
# Names that have no other word.
SHARED_TERMS = {"upper lobe", "middle lobe", "lower lobe", "right middle lobe", "both lungs", "right atrium"} | {
    "airspace consolidation",
    "calcified granuloma",
    "ground glass",
    "pulmonary edema",
    "x mm",
}


def context_of(patient: Patient, exam: Exam) -> ReportContext:
    before = patient.exams[exam.number - 1] if exam.number else None
    return ReportContext(
        facts=exam.facts,
        equivocal=exam.equivocal,
        resolved=exam.resolved,
        days_since_prior=exam.day_offset - before.day_offset if before else None,
        sex=patient.sex,
        age=patient.age,
    )


@pytest.fixture(scope="module")
def written() -> list[tuple[ReportContext, Writer, WrittenReport]]:
    reports = []
    for number in range(130):
        patient = sample_patient(number, seed=21)
        for exam in patient.exams:
            for index, writer in enumerate(ALL_WRITERS):
                if (number + exam.number + index) % 4 == 0:
                    context = context_of(patient, exam)
                    rng = np.random.default_rng([number, exam.number, index])
                    reports.append((context, writer, dictate(writer, context, rng=rng)))
    return reports


def test_there_are_enough_writers_with_names_of_their_own() -> None:
    assert len(WRITERS) >= 8
    assert len(TEST_WRITERS) >= 4
    assert len({writer.name for writer in ALL_WRITERS}) == len(ALL_WRITERS)


def test_spans_index_the_report_inside_their_sentence(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    count = 0
    for _, _, report in written:
        for statement in report.statements:
            fact = statement.fact
            assert (fact.span is None) == (fact.sentence is None) == (statement.stated is None)
            if fact.span is not None and fact.sentence is not None:
                start, end = fact.span
                assert 0 <= start < end <= len(report.text)
                at = report.text.index(fact.sentence)
                while not (at <= start and end <= at + len(fact.sentence)):
                    at = report.text.index(fact.sentence, at + 1)
                count += 1
    assert count > 2000


def test_without_typing_errors_a_marked_phrase_is_made_of_the_writers_own_words() -> None:
    exact = [writer for writer in ALL_WRITERS if writer.typing_errors == 0]
    assert exact
    for writer in exact:
        words = set(re.findall(r"[\wü]+", repr(writer.wording).lower()))
        for number in range(12):
            patient = sample_patient(number, seed=8)
            report = dictate(writer, context_of(patient, patient.exams[0]), rng=np.random.default_rng(number))
            for statement in report.statements:
                span = statement.fact.span
                if span and statement.stated in ("present", "uncertain", "absent"):
                    assert set(re.findall(r"[\wü]+", report.text[span[0] : span[1]].lower())) <= words


def images_of(fact: Fact) -> set[tuple[str, Place]]:
    """The findings of the image that a stated fact may stand for: both sides where it says so."""
    sides = ("left", "right") if fact.side == "bilateral" else (fact.side,)
    places = {Place(anatomy=fact.anatomy, side=side) for side in (*sides, fact.side)}
    return {(fact.finding, place) for place in places}


def test_a_negation_or_a_statement_of_normality_is_never_false(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    count = 0
    for context, _, report in written:
        there = {(fact.finding, fact.side) for fact in (*context.facts, *context.equivocal)}
        for statement in report.statements:
            fact = statement.fact
            assert (fact.polarity == "absent") == (statement.stated in ("absent", "normal"))
            if fact.polarity == "absent":
                assert not statement.in_image
                assert (fact.finding, fact.side) not in there
                if fact.side is None:
                    assert fact.finding not in {finding for finding, _ in there}
                count += 1
    assert count > 1000


def test_the_truth_holds_every_finding_of_the_image_once_whatever_the_writer_makes_of_it(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    joined = 0
    for context, _, report in written:
        there = {(fact.finding, fact.place) for fact in context.facts}
        told = [images_of(s.fact) & there for s in report.statements if s.in_image]
        assert set().union(*told) == there
        assert sum(map(len, told)) == len(there)
        joined += sum(len(places) == 2 for places in told)
    assert joined > 10


def test_the_truths_polarity_is_the_reports_and_unmentioned_findings_are_few(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    there = [s for _, _, report in written for s in report.statements if s.in_image]
    silent = [s for s in there if s.stated is None]
    hedged = [s for s in there if s.stated == "uncertain"]
    assert 0 < len(silent) <= 0.03 * len(there)
    assert len(hedged) > 50
    assert all(s.fact.polarity == (s.stated or "present") for s in there)
    assert all(s.stated_at is None and s.fact.span is None for s in silent)


def test_no_report_states_a_fact_twice(written: list[tuple[ReportContext, Writer, WrittenReport]]) -> None:
    for _, _, report in written:
        facts = [(s.fact.finding, s.fact.place, s.fact.polarity) for s in report.statements]
        assert len(facts) == len(set(facts))


def test_words_for_a_place_mean_the_facts_place_or_now_and_then_one_that_overlaps_it(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    placed = [s for _, _, report in written for s in report.statements if s.stated_at is not None]
    vague = [s for s in placed if s.stated_at != s.fact.place]
    assert all(s.stated_at and overlaps(s.stated_at, s.fact.place) for s in vague)
    assert all(s.stated_at and s.stated_at.side == s.fact.side for s in vague)
    assert 0 < len(vague) <= 0.05 * len(placed)


def test_what_is_said_without_a_place_stands_at_the_findings_home(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    for _, _, report in written:
        for statement in report.statements:
            if statement.stated is not None and statement.stated_at is None:
                assert statement.fact.place == finding(statement.fact.finding).home


@pytest.mark.parametrize("writer", ALL_WRITERS, ids=lambda writer: writer.name)
def test_every_pattern_of_a_finding_with_a_place_has_a_field_for_it(writer: Writer) -> None:
    for patient in (sample_patient(number, seed=3) for number in range(80)):
        for fact in patient.exams[0].facts:
            patterns = writer.wording.patterns
            key = f"{fact.finding}@{fact.anatomy}"
            if says_place(fact):
                assert all(is_placed(pattern) for pattern in patterns.get(key, patterns[fact.finding]))


def test_vague_words_for_places_mean_known_anatomies_that_overlap_what_they_stand_for() -> None:
    for writer in ALL_WRITERS:
        for name, options in writer.wording.broad.items():
            for _, _, meant in options:
                one, other = Place(anatomy=name, side="right"), Place(anatomy=meant, side="right")
                assert meant in ANATOMIES
                assert overlaps(one, other)
                assert not is_part_of(other, one)


def test_a_pair_that_differs_by_more_than_a_step_is_said_side_by_side() -> None:
    def pair(left: str, right: str) -> tuple[Fact, ...]:
        effusion = Fact(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present")
        return replace(effusion, severity=left), replace(effusion, side="right", severity=right)  # type: ignore[arg-type]

    def sides(facts: tuple[Fact, ...]) -> list[set[str | None]]:
        reports = [dictate(WRITERS[0], ReportContext(facts=facts), rng=np.random.default_rng(s)) for s in range(60)]
        return [{s.fact.side for s in r.statements if s.fact.finding == "pleural_effusion"} for r in reports]

    assert {"bilateral"} in sides(pair("mild", "moderate"))
    assert {"bilateral"} not in sides(pair("minimal", "severe"))


def test_a_normal_patient_gets_no_report_of_a_finding() -> None:
    for index, writer in enumerate(ALL_WRITERS):
        for seed in range(20):
            report = dictate(writer, ReportContext(facts=()), rng=np.random.default_rng([index, seed]))
            assert report.text.strip()
            assert all(statement.fact.polarity == "absent" for statement in report.statements)


def test_no_template_field_or_mark_survives_in_a_report(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    for _, writer, report in written:
        assert not re.search(r"[{}\[\]*\ue000-\uefff]", report.text), writer.name
        assert not re.search(r" [,.;:](?!\d)|,,|\.\.|  ", report.text), (writer.name, report.text)


@pytest.mark.parametrize("writer", ALL_WRITERS, ids=lambda writer: writer.name)
def test_every_writer_can_say_every_finding_in_every_state(writer: Writer) -> None:
    for number in range(60):
        patient = sample_patient(number, seed=77)
        for exam in patient.exams:
            dictate(writer, context_of(patient, exam), rng=np.random.default_rng(number))
    findings = {finding for organ in ORGANS.values() for finding in organ}
    assert not [f for f in findings if not any(not p.endswith(".") for p in writer.wording.patterns[f])]
    tables = (writer.wording.patterns, writer.wording.pairs, writer.wording.apart, writer.wording.bare)
    patterns = [pattern for table in tables for options in table.values() for pattern in options]
    assert not [pattern for pattern in patterns if pattern.count("[") != 1]
    assert set(writer.wording.absent) <= set(FINDINGS)


def test_the_same_generator_state_gives_the_same_report() -> None:
    patient = sample_patient(3, seed=2)
    context = context_of(patient, patient.exams[0])
    for writer in ALL_WRITERS:
        assert dictate(writer, context, rng=np.random.default_rng(1)) == dictate(
            writer, context, rng=np.random.default_rng(1)
        )


def test_two_sided_effusions_are_said_together_with_the_larger_side_first() -> None:
    facts = (
        Fact(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present", severity="moderate"),
        Fact(finding="pleural_effusion", anatomy="pleural_space", side="right", polarity="present", severity="severe"),
    )
    texts = [dictate(WRITERS[0], ReportContext(facts=facts), rng=np.random.default_rng(s)).text for s in range(80)]
    assert any("bilateral pleural effusions, right greater than left" in text.lower() for text in texts)
    assert not any("left greater than right" in text for text in texts)


@pytest.mark.parametrize("writer", ALL_WRITERS, ids=lambda writer: writer.name)
def test_a_device_that_is_gone_is_named_without_a_tip(writer: Writer) -> None:
    gone = Fact(finding="nasogastric_tube", anatomy="stomach", side=None, polarity="absent", change="resolved")
    context = ReportContext(facts=(), resolved=(gone,), days_since_prior=3)
    reports = [dictate(writer, context, rng=np.random.default_rng(seed)) for seed in range(60)]
    said = [s.fact for report in reports for s in report.statements if s.fact.change == "resolved"]
    assert said or "findings" not in writer.sections
    assert not [fact for fact in said if "stomach" in re.sub("stomach tube", "", (fact.sentence or "").lower())]


def literals(*modules: ModuleType) -> set[str]:
    """Wordings of two words or more in the string constants of modules, without fields, marks and docstrings."""
    found = set()
    for module in modules:
        tree = ast.parse(inspect.getsource(module))
        docstrings = {ast.get_docstring(tree, clean=False)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
                words = re.sub(r"\{\w+\}|[\[\]*.,:?()]", " ", node.value).split()
                if len(words) > 1:
                    found.add(" ".join(words))
    return {text for text in found if text not in SHARED_TERMS}


def test_the_test_splits_writers_share_no_wording_with_the_others() -> None:
    theirs = literals(*TEST_MODULES)
    others = literals(writers, writers_wards, writers_wording)
    assert len(theirs) > 150
    assert not {text.lower() for text in theirs} & {text.lower() for text in others}


def test_the_test_splits_writers_share_no_list_of_synonyms_with_the_others() -> None:
    def lists(chosen: tuple[Writer, ...]) -> set[tuple[str, ...]]:
        tables = [table for w in chosen for table in (w.wording.patterns, w.wording.pairs, w.wording.absent, w.normal)]
        return {options for table in tables for options in table.values()}

    assert not lists(WRITERS) & lists(TEST_WRITERS)


def test_a_report_of_the_first_exam_compares_with_nothing(
    written: list[tuple[ReportContext, Writer, WrittenReport]],
) -> None:
    for context, _, report in written:
        if context.days_since_prior is None:
            assert not re.search(r"unchanged|since the|no longer|last time|interval", report.text.lower()), report.text


@given(st.text(alphabet="abcdefgh \n", max_size=300), st.integers(5, 40))
def test_wrapping_only_turns_spaces_into_line_ends(text: str, width: int) -> None:
    assert wrapped(text, width=width).replace("\n", " ") == text.replace("\n", " ")


def test_articles_and_capitals_are_chosen_after_the_words() -> None:
    assert as_sentence("\ue002  enlarged heart", full_stop=True) == "An enlarged heart."
    assert as_sentence("there is \ue002 nodule .", full_stop=False) == "There is a nodule"
    assert as_sentence("pneumonia?", full_stop=True) == "Pneumonia?"


def test_marks_survive_typing_errors_and_give_both_keys_of_a_shared_phrase() -> None:
    assembly = Assembly()
    assembly.add("X: ")
    sentence = with_typing_errors(
        mark("bilateral [pleural effusions] seen", [0, 4]), rate=1.0, rng=np.random.default_rng(0)
    )
    assembly.add_sentence(sentence)
    text, mentions = assembly.finish(width=None)
    assert [mention.keys for mention in mentions] == [(0, 4)]
    start, end = mentions[0].span
    assert text[start:end].startswith("p")
    assert text[start:end] != "pleural effusions"
    assert text[3:] == mentions[0].sentence
