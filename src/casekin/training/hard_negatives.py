"""Sentences that differ from a given one in a side, a polarity or a place, each with the facts it then states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from casekin.anatomy import ANATOMIES
from casekin.findings import FINDINGS
from casekin.reports import read_report
from casekin.training.mirror_text import mirror_place, swap_sides
from casekin.types import Fact, Place, Polarity

Kind = Literal["side", "polarity", "place"]
Stated = tuple[str, Place, Polarity]

_FLIPPED: dict[Polarity, Polarity] = {"present": "absent", "absent": "present"}
_OTHER_LEVEL = {
    "upper_lobe": "lower_lobe", "lower_lobe": "upper_lobe", "middle_lobe": "upper_lobe", "lingula": "lower_lobe",
    "upper_lung_zone": "lower_lung_zone", "lower_lung_zone": "upper_lung_zone", "mid_lung_zone": "upper_lung_zone",
    "apical_zone": "lung_base", "lung_base": "apical_zone",
    "thoracic_spine": "lumbar_spine", "lumbar_spine": "thoracic_spine",
}  # fmt: skip
"""A place's neighbor that another finding would stand at: another level of the same lung."""
_OTHER_WORD = {
    "upper": "lower", "lower": "upper", "apex": "base", "base": "apex", "bases": "apices", "apices": "bases",
    "apical": "basal", "basal": "apical", "basilar": "apical", "bibasilar": "biapical", "bibasal": "biapical",
    "biapical": "bibasilar", "rul": "rll", "rll": "rul", "lul": "lll", "lll": "lul", "ruz": "rlz", "rlz": "ruz",
    "luz": "llz", "llz": "luz", "middle": "upper", "mid": "upper", "thoracic": "lumbar", "lumbar": "thoracic",
}  # fmt: skip
_DEGREE = (
    r"(?:(?:an?|the|some|now|again|still|very|new|newly|stable|unchanged|persistent|worsening|increased|increasing|improved"
    r"|decreased|residual|minimal|tiny|trace|mild|small|slight|subtle|moderate|large|severe|extensive|marked|massive"
    r"|mild to moderate|small to moderate|moderate to large|moderate to severe|moderate[- ]sized)(?:ly)?,? )*"
)
_SEEN = r"(?:seen|noted|present|identified|demonstrated|visible|visuali[sz]ed|observed|evident|apparent|found|detected)"
_VERB = r"(?:is|are|was|were|has been|have been)"
_DENYING = (
    r"(?:no|without)(?: (?:evidence|signs?) of)?(?: (?:a|an|any|definite|focal|new|large|significant|obvious|acute))*"
)
# What is told of a finding that "no" before it would leave ungrammatical: "no opacity has decreased".
_TELLS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|may|can|could|appears?|remains?|shows?|demonstrates?|measures?|extends?|ends?"
    r"|terminates?|contains?|continues?|persists?|(?:in|de)creas\w+|worsen\w*|improv\w+|resolv\w+|smaller|larger)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[A-Za-z][\w ,/&()-]{1,40}: *")


@dataclass(frozen=True, slots=True, kw_only=True)
class HardNegative:
    """A sentence near to another one that says something else.

    `facts` are all that the report reader finds in it, spans in `sentence`; `changed` those of them that the other
    sentence doesn't state. A `retold` one is a plain sentence, whose style alone gives it away: let true facts be
    retold as often, or leave it out.
    """

    kind: Kind
    sentence: str
    facts: tuple[Fact, ...]
    changed: tuple[Fact, ...]
    retold: bool


def make_hard_negatives(sentence: str, facts: Sequence[Fact]) -> tuple[HardNegative, ...]:
    """Hard negatives of a sentence that states `facts`: at most one with other sides, polarity, and level each.

    Words are changed in the sentence where its grammar allows it; where not, one fact is told anew in a plain sentence.
    Every one is read by `read_report`, and dropped unless it states changed facts and no others: sides all mirrored, or
    present and absent exchanged, or the place at another level. Empty where the reader doesn't find the facts in the
    sentence alone (they may come from the sentence before).
    """
    told = _stated(read_report(sentence).facts)
    if not facts or not set(_stated(facts)) <= set(told):
        return ()
    made = (
        _first_verified("side", [swap_sides(sentence).text], [], told),
        _first_verified("polarity", [*_denied(sentence), *_affirmed(sentence)], [*_retold_flipped(told)], told),
        _first_verified("place", [_other_level(sentence)], [*_retold_elsewhere(told)], told),
    )
    return tuple(negative for negative in made if negative is not None)


def _first_verified(
    kind: Kind, edited: Sequence[str], retold: Sequence[str], told: Sequence[Stated]
) -> HardNegative | None:
    """The first candidate whose reading is what a change of this kind makes of what was told."""
    before = set(told)
    allowed = {one for each in told for one in _changes(kind, each)}
    for number, sentence in enumerate([*edited, *retold]):
        facts = read_report(sentence).facts
        found = set(_stated(facts))
        if found - before and found <= allowed and (kind != "side" or found == allowed):
            changed = tuple(fact for fact in facts if _key(fact) not in before)
            told_anew = number >= len(edited)
            return HardNegative(kind=kind, sentence=sentence, facts=facts, changed=changed, retold=told_anew)
    return None


def _changes(kind: Kind, told: Stated) -> Iterator[Stated]:
    """What may become of a fact: with other sides each is mirrored; with the rest it is changed or stays."""
    finding, place, polarity = told
    if kind == "side":
        mirrored = mirror_place(place)
        if mirrored is not None:
            yield finding, mirrored, polarity
        return
    yield told
    if kind == "polarity" and polarity in _FLIPPED:
        yield finding, place, _FLIPPED[polarity]
    if kind == "place" and place.anatomy in _OTHER_LEVEL:
        yield finding, _at_other_level(place), polarity


def _at_other_level(place: Place) -> Place:
    return Place(anatomy=_OTHER_LEVEL[place.anatomy], side=place.side)


def _denied(sentence: str) -> Iterator[str]:
    """Sentences that deny what this one states."""
    label, text = _split_label(sentence)
    there = re.sub(rf"^there {_VERB} (?:also |again )?{_DEGREE}", "There is no ", text, flags=re.IGNORECASE)
    if there != text:
        yield label + there
        return
    if not _TELLS.search(re.sub(rf"\b{_VERB} (?:\w+ly )?{_SEEN}\b", "", text)):
        yield f"{label}No {_lowered(re.sub(f'^{_DEGREE}', '', text, flags=re.IGNORECASE))}"
    yield re.sub(rf"\bwith {_DEGREE}", "without ", sentence, count=1, flags=re.IGNORECASE)


def _affirmed(sentence: str) -> Iterator[str]:
    """Sentences that state what this one denies."""
    listed = re.sub(r"\b(?:or|nor)\b", "and", sentence)
    label, text = _split_label(listed)
    yield label + _capitalized(re.sub(rf"^(there {_VERB} )?{_DENYING} ", r"\1", text, count=1, flags=re.IGNORECASE))
    yield re.sub(rf"\b{_VERB} (no) ", lambda m: m.group().replace(m[1], "").replace("  ", " "), listed, count=1)
    yield re.sub(r"\bwithout (?:evidence of |any )?", "with ", listed, count=1)
    yield re.sub(rf"\b({_VERB}) not\b", r"\1", listed, count=1)
    yield re.sub(r"\b(?:negative for|free of)\b", "positive for", listed, count=1, flags=re.IGNORECASE)


def _other_level(sentence: str) -> str:
    """The sentence with every word of a level exchanged."""
    words = "|".join(_OTHER_WORD)
    return re.sub(rf"\b(?:{words})\b", lambda m: _cased(_OTHER_WORD[m[0].lower()], m[0]), sentence, flags=re.IGNORECASE)


def _retold_flipped(told: Sequence[Stated]) -> Iterator[str]:
    for finding, place, polarity in told:
        if polarity in _FLIPPED:
            yield _plain(finding, place, _FLIPPED[polarity])


def _retold_elsewhere(told: Sequence[Stated]) -> Iterator[str]:
    for finding, place, polarity in told:
        if place.anatomy in _OTHER_LEVEL and polarity in _FLIPPED:
            yield _plain(finding, _at_other_level(place), polarity)


def _plain(finding: str, place: Place, polarity: Polarity) -> str:
    """A fact in a plain sentence; without a place where that is the finding's home without a side."""
    name, known = FINDINGS[finding].name, FINDINGS[finding].home == place
    side = "" if place.side in (None, "midline") else f"{place.side} "
    where = "" if known else f" in the {side}{ANATOMIES[place.anatomy].name}"
    return f"There is {'no ' if polarity == 'absent' else ''}{name}{where}."


def _stated(facts: Sequence[Fact]) -> tuple[Stated, ...]:
    return tuple(dict.fromkeys(map(_key, facts)))


def _key(fact: Fact) -> Stated:
    return fact.finding, fact.place, fact.polarity


def _split_label(sentence: str) -> tuple[str, str]:
    """The label before a statement ("Lungs: "), empty where there is none, and what stands behind it."""
    label = _LABEL.match(sentence)
    end = 0 if label is None else label.end()
    return sentence[:end], sentence[end:]


def _lowered(sentence: str) -> str:
    """Without the capital of its first word, unless that is an abbreviation."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def _capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _cased(word: str, model: str) -> str:
    if model.isupper():
        return word.upper()
    return _capitalized(word) if model[0].isupper() else word
