"""The report reader: text → sections → sentences → entities → assertions → facts, one stage after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from casekin.errors import InputError
from casekin.reports.assertions import LikelyPolicy, assert_entities
from casekin.reports.context import Context
from casekin.reports.entities import find_entities
from casekin.reports.findings import Unplaced, merge_facts, read_sentence
from casekin.reports.normality import Normal, implied_facts, settle_normal
from casekin.reports.sections import SILENT_SECTIONS, Section, Sentence, split_sections, split_sentences
from casekin.types import Fact, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """What a report says. `facts` are merged over the report, in text order; every span indexes the given text.

    `implied` are absences that normal statements imply by the ontology's table ("the lungs are clear": no
    consolidation), with the normal statement's sentence and span; `facts` hold none of them. `sentences` are all
    sentences, silent sections included; `unplaced` are findings whose place can't be assumed. `reader` tells who read
    it; `fallback` why the rules did it after a server was asked ("timeout"), None where no server failed.
    """

    facts: tuple[Fact, ...]
    implied: tuple[Fact, ...]
    normal_anatomies: tuple[Place, ...]
    sentences: tuple[Sentence, ...]
    unplaced: tuple[Unplaced, ...]
    reader: Literal["rules", "server"] = "rules"
    fallback: str | None = None


class ReportReader(Protocol):
    """What turns a report's text into what it says: `read_report` or `read_by_server`, options bound.

    Workers are other processes, so it has to be a function of a module, or a partial of one. Whichever it is: spans
    index the given text, findings and anatomies are ids of the ontologies, silent sections give nothing, and what is no
    str raises InputError.
    """

    def __call__(self, text: str, /) -> ReadReport: ...


def read_report(text: str, *, likely_as: LikelyPolicy = "present") -> ReadReport:
    """Read a radiology report. Indication, history, technique, comparison and recommendation give no facts.

    `likely_as` says what "likely", "suggests", "compatible with" make of their finding. InputError when it is no str.

    >>> [str(fact.place) for fact in read_report("FINDINGS: Small left pleural effusion.").facts]
    ['left_pleural_space']
    """
    _check(text)
    sentences = [s for section in split_sections(text) for s in split_sentences(text, section)]
    return _read(sentences, likely_as)


def read_phrase(text: str, *, likely_as: LikelyPolicy = "present") -> ReadReport:
    """Read query text such as "left basal effusion": no sections, every word counts."""
    _check(text)
    section = Section(kind="body", start=0, end=len(text))
    return _read(list(split_sentences(text, section)), likely_as)


def _check(text: str) -> None:
    if not isinstance(text, str):
        raise InputError(f"report text: expected str, got {type(text).__name__}; decode the bytes first")


def _read(sentences: list[Sentence], likely_as: LikelyPolicy) -> ReadReport:
    stated: list[tuple[Fact, bool]] = []
    unplaced: list[Unplaced] = []
    normal: list[Normal] = []
    context = Context()
    before: Sentence | None = None
    for sentence in sentences:
        if sentence.section in SILENT_SECTIONS:
            continue
        if before is not None and sentence.section != before.section:
            context = Context()
        if before is not None and before.text.endswith(";"):
            context = replace(context, goes_on=True)
        before = sentence
        parsed = find_entities(sentence)
        if not parsed.entities:
            continue
        told = read_sentence(parsed, assert_entities(parsed, likely_as=likely_as), context)
        context = told.context
        stated.extend(told.facts)
        unplaced.extend(told.unplaced)
        normal.extend(told.normal)
    return assemble(stated, normal, sentences, unplaced, reader="rules")


def assemble(
    stated: list[tuple[Fact, bool]],
    normal: list[Normal],
    sentences: list[Sentence],
    unplaced: list[Unplaced],
    *,
    reader: Literal["rules", "server"],
) -> ReadReport:
    """What was found sentence by sentence, in text order, as one report: facts merged, normal places settled by them.

    `stated` are facts with whether their place was said.
    """
    facts = merge_facts(stated)
    settled = settle_normal(normal, facts)
    return ReadReport(
        facts=facts,
        implied=implied_facts(settled, facts),
        normal_anatomies=tuple(place for place, _ in settled),
        sentences=tuple(sentences),
        unplaced=tuple(unplaced),
        reader=reader,
    )
