"""Short statements composed from the ontologies' names and the reader's words: no archive's reports hold them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from casekin.anatomy import ANATOMIES, is_part_of, parse_place, spellings
from casekin.findings import FINDINGS, Finding
from casekin.reports import read_report
from casekin.reports.words import ABBREVIATIONS, CHANGE_WORDS, CUES, SEVERITY_WORDS
from casekin.training.text.statements import Statement, read_statement
from casekin.types import Fact, Place

_LEADS = ("", "", "there is ", "a ", "again seen is ", "evidence of ", "noted: ")
_TAILS = ("", "", " is seen", " is present", " noted", " is demonstrated")
_SIDES = ("left ", "right ", "left sided ", "right-sided ", "lt ", "rt ", "bilateral ")
_LEVELS = [word for words in SEVERITY_WORDS.values() for word in words]
_CHANGES = [word for words in CHANGE_WORDS.values() for word in words]
_DENIED_BEFORE, _DENIED_AFTER = CUES["negation_before"], CUES["negation_after"]
_DOUBTED_BEFORE, _DOUBTED_AFTER = CUES["uncertain_before"], CUES["uncertain_after"]
_SHORT: dict[str, list[str]] = {}
for _short, _long in ABBREVIATIONS.items():
    _SHORT.setdefault(_long, []).append(_short)


def compose_statements(count: int, *, generator: np.random.Generator) -> list[Statement]:
    """Different statements of one or two findings, in order of text: stated, denied or doubted, with sides and places.

    Every finding's names come up equally often. A composed phrase is kept where the report reader finds as many facts
    in it as were put in; its reading is its meaning.
    """
    names = {concept.id: (concept.name, *concept.synonyms) for concept in FINDINGS.values()}
    places = _place_names()
    kept: dict[str, Statement] = {}
    findings = [finding for finding in FINDINGS.values() if finding.kind != "normal"]
    for _ in range(4 * count):
        chosen = [findings[i] for i in generator.integers(len(findings), size=generator.choice([1, 1, 1, 1, 2]))]
        phrase = _phrase([(finding, _pick(names[finding.id], generator)) for finding in chosen], places, generator)
        statement = read_statement(phrase)
        if statement is not None and len(statement.meaning) == len({finding.id for finding in chosen}):
            kept.setdefault(phrase, statement)
        if len(kept) == count:
            break
    return [kept[phrase] for phrase in sorted(kept)]


def ontology_names() -> list[str]:
    """Every name and synonym of findings and places: what a tokenizer has to know whatever the reports say."""
    findings = [name for finding in FINDINGS.values() for name in (finding.name, *finding.synonyms)]
    return [*findings, *(text for node in ANATOMIES.values() for text, _ in spellings(node))]


def reword_statement(statement: Statement, *, generator: np.random.Generator) -> Statement:
    """The sentence with one finding called by another of its names, where that leaves its meaning as it is.

    Else the statement itself: so templates of the reports meet names that none of them uses.
    """
    facts = [fact for fact in read_report(statement.sentence).facts if fact.span is not None]
    if not facts:
        return statement
    fact = facts[int(generator.integers(len(facts)))]
    finding = FINDINGS[fact.finding]
    text = _replaced(statement.sentence, fact, _pick((finding.name, *finding.synonyms), generator))
    read = read_statement(text)
    return read if read is not None and read.meaning == statement.meaning else statement


def _place_names() -> dict[str, list[str]]:
    """By home: all names of the anatomies that are it or a part of it."""
    homes = sorted({home for finding in FINDINGS.values() for home in finding.homes})
    return {
        home: [
            text
            for node in ANATOMIES.values()
            if is_part_of(Place(anatomy=node.id), Place(anatomy=parse_place(home).anatomy))
            for text, _ in spellings(node)
        ]
        for home in homes
    }


def _replaced(sentence: str, fact: Fact, name: str) -> str:
    assert fact.span is not None
    start, end = fact.span
    return f"{sentence[:start]}{name.upper() if sentence.isupper() else name}{sentence[end:]}"


def _phrase(said: Sequence[tuple[Finding, str]], places: dict[str, list[str]], generator: np.random.Generator) -> str:
    """Findings joined by "and" or "or" under one cue of denial or doubt, or none."""
    forms: list[Callable[[str], str]] = [
        lambda text: f"{_pick(_LEADS, generator)}{text}{_pick(_TAILS, generator)}",
        lambda text: f"{_pick(_DENIED_BEFORE, generator)} {text}",
        lambda text: f"{text} {_pick(_DENIED_AFTER, generator)}",
        lambda text: f"{_pick(_DOUBTED_BEFORE, generator)} {text}",
        lambda text: f"{text} {_pick(_DOUBTED_AFTER, generator)}",
        lambda text: f"no {text}",
    ]
    form = forms[int(generator.choice(len(forms), p=[0.4, 0.2, 0.12, 0.08, 0.05, 0.15]))]
    items = list(_items(said, places, generator))
    joined = f" {_pick(('and', 'or'), generator)} ".join(items)
    text = form(_shortened(joined, generator))
    return f"{text[:1].upper()}{text[1:]}{_pick(('', '.'), generator)}"


def _items(
    said: Sequence[tuple[Finding, str]], places: dict[str, list[str]], generator: np.random.Generator
) -> Iterator[str]:
    for finding, name in said:
        side = _pick(_SIDES, generator) if generator.random() < 0.5 else ""
        level = f"{_pick(_LEVELS, generator)} " if generator.random() < 0.3 else ""
        change = f"{_pick(_CHANGES, generator)} " if generator.random() < 0.2 else ""
        at = _pick(places[_pick(finding.homes, generator)], generator)
        where = f" {_pick(('in the', 'at the', 'of the'), generator)} {side}{at}"
        yield f"{change}{level}{name}{where}" if generator.random() < 0.4 else f"{change}{level}{side}{name}"


def _shortened(text: str, generator: np.random.Generator) -> str:
    """Now and then a word as ward notes shorten it."""
    words = [
        _pick(_SHORT[word], generator) if word in _SHORT and generator.random() < 0.2 else word for word in text.split()
    ]
    return " ".join(words)


def _pick(options: Sequence[str], generator: np.random.Generator) -> str:
    return options[int(generator.integers(len(options)))]
