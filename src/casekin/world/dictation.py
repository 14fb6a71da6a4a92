"""How a writer turns what is in the picture into a report: what is said, left out, hedged, negated, joined, compared.

The words are the writer's (`Writer`, `Wording`); the decisions here are the same for all. A report never says what is
not so: a finding that is there may go unmentioned or be hedged, but only what is truly absent is negated, and only what
is truly normal is called normal. The truth that comes with the text is what the text states, fact by fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from casekin.findings import finding as concept
from casekin.types import SEVERITIES, Fact, Place, Side
from casekin.world.marked_text import Assembly, as_sentence, mark, with_typing_errors
from casekin.world.phrasing import (
    HEDGEABLE,
    Group,
    beside_clauses,
    choose,
    clause,
    grouped,
    impression_clause,
    is_beside,
    is_two_sided,
    joined_clauses,
    negated_item,
    says_place,
    single_group,
    two_sided,
)
from casekin.world.wording import ORGANS, Writer

Stated = Literal["present", "uncertain", "absent", "normal"]

# Findings that are rarely left out, however slight.
_NEVER_OMITTED = frozenset({"pneumothorax", "pneumoperitoneum", "mass", "endotracheal_tube"})
# A negation of one side only is said of these, where the other side has them.
_ONE_SIDE_CLEARED = frozenset({"pleural_effusion", "pneumothorax"})
_URGENT = frozenset({"pneumothorax", "pneumoperitoneum"})
# How often a finding's absence is worth saying, relative to the writer's own habit.
_NEGATION_INTEREST: dict[str, float] = {
    "pleural_effusion": 1.4,
    "pneumothorax": 1.4,
    "consolidation": 1.2,
    "pulmonary_edema": 0.6,
    "nodule": 0.25,
    "mass": 0.2,
    "rib_fracture": 0.4,
    "pneumoperitoneum": 0.3,
    "hilar_enlargement": 0.2,
    "mediastinal_widening": 0.2,
    "pleural_thickening": 0.15,
    "atelectasis": 0.2,
    "cardiomegaly": 0.2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """What the writer has before the eyes. `days_since_prior` is None at a first examination."""

    facts: tuple[Fact, ...]
    equivocal: tuple[Fact, ...] = ()
    resolved: tuple[Fact, ...] = ()
    modality: Literal["CR", "CT"] = "CR"
    view: str = "PA"
    days_since_prior: int | None = None
    sex: Literal["F", "M"] = "F"
    age: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact as the report states it, or, where the report is silent, as it is.

    `stated` is `present`, `uncertain` (hedged), `absent` (a negation), `normal` (a statement of normality that implies
    the absence) or None where nothing is said; the fact's polarity agrees with it. `in_image` says whether the finding
    is really there. `stated_at` is the place that the report's words mean, None where they name none; the fact's own
    place is the most specific one that is true.
    """

    fact: Fact
    stated: Stated | None
    in_image: bool
    stated_at: Place | None = None

    def as_record(self) -> dict[str, Any]:
        """The contract's form of a fact and the fields `stated`, `stated_at` and `in_image`."""
        at = None if self.stated_at is None else {"anatomy": self.stated_at.anatomy, "side": self.stated_at.side}
        return {**self.fact.as_record(), "stated": self.stated, "stated_at": at, "in_image": self.in_image}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReport:
    """A report's text and the truth it was written from: all facts in the picture and all absences it states."""

    text: str
    statements: tuple[Statement, ...]
    writer: str


def dictate(writer: Writer, context: ReportContext, *, rng: np.random.Generator) -> WrittenReport:
    """The report that this writer dictates; the same generator state gives the same text."""
    return _Dictation(writer=writer, context=context, rng=rng).report()


class _Dictation:
    """One report in the making: `said` are the statements, numbered by the keys of their marks."""

    def __init__(self, *, writer: Writer, context: ReportContext, rng: np.random.Generator) -> None:
        self.writer, self.context, self.rng = writer, context, rng
        facts = (*context.facts, *context.equivocal)
        self.there = frozenset(fact.finding for fact in facts)
        self.said: list[Statement] = []
        chosen = []
        for fact in facts:
            omitted = self._omitted(fact)
            hedged = not omitted and (fact.polarity == "uncertain" or self._is_hedged(fact))
            polarity: Literal["uncertain", "present"] = "uncertain" if hedged else "present"
            key = self._state(replace(fact, polarity=polarity), polarity, in_image=fact.polarity == "present")
            chosen += [] if omitted else [(key, self.said[key].fact, hedged)]
        self.groups = grouped(chosen, writer, rng)
        self.merged: set[int] = set()
        self.told: set[int] = set()
        for group in self.groups:
            self._settle(group)

    def _settle(self, group: Group) -> None:
        """Note what a group's words say: where, and whether two sides as one."""
        for key, place in zip(group.keys, group.words.means, strict=True):
            self.said[key] = replace(self.said[key], stated_at=place)
        if is_two_sided(group.facts):
            key = group.keys[0]
            both = two_sided(group.facts)
            self.merged |= {k for k, one in enumerate(self.said) if one.fact in group.facts and k != key}
            self.said[key] = replace(self.said[key], fact=both)

    def _is_hedged(self, fact: Fact) -> bool:
        return bool(fact.finding in HEDGEABLE and self.rng.random() < self.writer.hedging)

    def report(self) -> WrittenReport:
        sections = [section for section in self.writer.sections if not self._left_out(section)]
        if "findings" not in sections and "impression" not in sections:
            sections = ["findings"]
        assembly = Assembly()
        for section in sections:
            self._add_section(assembly, section, alone="findings" not in sections)
        text, mentions = assembly.finish(width=self.writer.width)
        first: dict[int, tuple[str, tuple[int, int]]] = {}
        for mention in mentions:
            for key in mention.keys:
                first.setdefault(key, (mention.sentence, mention.span))
        return WrittenReport(text=text, statements=self._statements(first), writer=self.writer.name)

    def _statements(self, first: dict[int, tuple[str, tuple[int, int]]]) -> tuple[Statement, ...]:
        finished = []
        for key, statement in enumerate(self.said):
            if key in first:
                sentence, span = first[key]
                finished.append(replace(statement, fact=replace(statement.fact, sentence=sentence, span=span)))
            elif statement.in_image and key not in self.merged:
                finished.append(replace(statement, stated=None, stated_at=None))
        return tuple(finished)

    def _omitted(self, fact: Fact) -> bool:
        if fact.finding in _NEVER_OMITTED or fact.polarity == "uncertain":
            return False
        factor = {"minimal": 1.6, "mild": 0.8, "moderate": 0.2, "severe": 0.0, None: 0.4}[fact.severity]
        return bool(self.rng.random() < self.writer.omission * factor)

    def _left_out(self, section: str) -> bool:
        share = {"findings": 0.5, "impression": 0.7, "closing": 0.0}.get(section, 1.5)
        if section == "closing":
            return not (self.writer.closings and self.there & _URGENT)
        return bool(self.rng.random() < self.writer.section_missing * share)

    def _add_section(self, assembly: Assembly, section: str, *, alone: bool) -> None:
        says: Mapping[str, Callable[[], list[list[str]]]] = {
            "indication": lambda: [[self._filled(self.writer.indications)]],
            "technique": lambda: [[self._filled(self.writer.techniques[self.context.modality])]],
            "comparison": lambda: [[self._comparison()]],
            "findings": self._findings,
            "impression": lambda: [self._impression(alone=alone)],
            "closing": lambda: [[self._filled(self.writer.closings)]],
        }
        lines = says[section]()
        if not any(lines):
            return
        if not assembly.is_empty:
            assembly.add(self.writer.between_sections)
        if section in self.writer.headings:
            assembly.add(self.writer.headings[section] + self.writer.after_heading)
        labels = list(self.writer.organ_labels.values()) if section == "findings" else []
        numbered = self.writer.numbered if section == "impression" else None
        self._add_lines(assembly, lines, labels=labels, numbered=numbered)

    def _add_lines(
        self, assembly: Assembly, lines: Sequence[Sequence[str]], *, labels: Sequence[str], numbered: str | None
    ) -> None:
        started = False
        for number, sentences in enumerate(lines):
            for within, sentence in enumerate(sentences):
                if started:
                    assembly.add("\n" if numbered or (labels and within == 0) else self.writer.joint)
                if labels and within == 0:
                    assembly.add(labels[number])
                if numbered:
                    assembly.add(numbered.format(number=within + 1))
                assembly.add_sentence(self._typed(sentence))
                started = True

    def _typed(self, sentence: str) -> str:
        text = sentence.replace("{study}", self.writer.studies[self.context.modality])
        text = as_sentence(text, full_stop=self.writer.full_stop)
        text = with_typing_errors(text, rate=self.writer.typing_errors, rng=self.rng)
        if self.writer.upper_case:
            return text.upper()
        return text.lower() if self.writer.lower_case else text

    def _findings(self) -> list[list[str]]:
        """The sentences of each organ, in the writer's order; or one sentence that all is normal."""
        if not self.there and not self.context.resolved and self.writer.all_normal and self.rng.random() < 0.35:
            return [[self._calling_normal(self.writer.all_normal, "cardiomegaly")]]
        return [self._organ(organ) for organ in (self.writer.organ_labels or self.writer.organs)]

    def _organ(self, organ: str) -> list[str]:
        findings = ORGANS[organ]
        sentences = self._present([group for group in self.groups if group.facts[0].finding in findings])
        sentences += self._resolved(findings)
        absent = [finding for finding in findings if finding not in self.there]
        clear = len(absent) == len(findings) and organ in self.writer.normal
        if clear and not sentences and self.rng.random() < 0.6:
            sentences.append(self._calling_normal(self.writer.normal[organ], findings[0]))
        if organ != "devices":
            sentences += self._negations(absent, findings)
        if not sentences and self.writer.organ_labels and clear:
            sentences.append(self._calling_normal(self.writer.normal[organ], findings[0]))
        return sentences

    def _present(self, groups: Sequence[Group]) -> list[str]:
        """A sentence for each group; now and then one for two of which only their presence is to say."""
        sentences = []
        waiting = [group for group in groups if group.keys[0] not in self.told]
        while waiting:
            group = waiting.pop(0)
            beside = self._beside(group)
            self.told.add(group.keys[0])
            if beside is not None and self.rng.random() < self.writer.joining:
                self.told.add(beside.keys[0])
                waiting = [other for other in waiting if other is not beside]
                sentences += beside_clauses(group, beside, self.writer, self.rng)
            elif waiting and _plain(group) and _plain(waiting[0]) and self.rng.random() < self.writer.joining:
                self.told.add(waiting[0].keys[0])
                sentences += joined_clauses(group, waiting.pop(0), self.writer, self.rng)
            else:
                sentences.append(clause(group, self.writer, self.rng))
        return sentences

    def _beside(self, group: Group) -> Group | None:
        """A group not told yet that may be told of the same side as this one."""
        if not _plain(group) or self.writer.organ_labels:
            return None
        others = (other for other in self.groups if other is not group and other.keys[0] not in self.told)
        return next((other for other in others if _plain(other) and is_beside(group, other, self.writer)), None)

    def _calling_normal(self, templates: Sequence[str], finding: str) -> str:
        """A statement of normality; brackets in it mark the words that deny the finding."""
        template = choose(templates, self.rng)
        if "[" not in template:
            return template
        return mark(template, [self._state_absence(finding, "normal")])

    def _resolved(self, findings: Sequence[str]) -> list[str]:
        sentences = []
        for fact in self.context.resolved:
            if fact.finding in findings and fact.finding not in self.there and self.rng.random() < 0.7:
                home = _home(fact.finding)
                gone = fact if says_place(fact) else replace(fact, anatomy=home.anatomy, side=home.side)
                key = self._state(gone, "absent", in_image=False)
                group = single_group(key, gone, self.writer, self.rng)
                self._settle(group)
                sentences.append(clause(group, self.writer, self.rng))
        return sentences

    def _negations(self, absent: Sequence[str], findings: Sequence[str]) -> list[str]:
        """A sentence that lists what is absent, and perhaps one that clears the other side of what is on one."""
        stated = {statement.fact.finding for statement in self.said}
        items = []
        for finding in absent:
            habit = self.writer.negation * _NEGATION_INTEREST.get(finding, 0.0)
            if finding not in stated and finding in self.writer.wording.absent and self.rng.random() < habit:
                key = self._state_absence(finding, "absent")
                items.append(negated_item(finding, key, None, self.writer, self.rng))
        sentences = [self._denied(items)] if items else []
        for finding in findings:
            sides = {s.fact.side for s in self.said if s.fact.finding == finding and s.fact.polarity != "absent"}
            one_sided = len(sides) == 1 and not sides & {"bilateral", None}
            if finding in _ONE_SIDE_CLEARED and one_sided and self.rng.random() < 0.2:
                side: Literal["left", "right"] = "left" if "right" in sides else "right"
                key = self._state_absence(finding, "absent", side=side)
                sentences.append(self._denied([negated_item(finding, key, side, self.writer, self.rng)]))
        return sentences

    def _denied(self, items: Sequence[str]) -> str:
        if len(items) == 2 and self.writer.negated_two and self.rng.random() < 0.3:
            return choose(self.writer.negated_two, self.rng).format(one=items[0], two=items[1], study="{study}")
        return choose(self.writer.negated, self.rng).format(list=self._listed(items), study="{study}")

    def _listed(self, items: Sequence[str]) -> str:
        if len(items) == 1:
            return items[0]
        last = f" {self.writer.last_of_list} " if len(items) == 2 else f", {self.writer.last_of_list} "
        return ", ".join(items[:-1]) + last + items[-1]

    def _impression(self, *, alone: bool) -> list[str]:
        """What matters, most severe first; if there is nothing to say, that nothing is wrong."""
        groups = [group for group in self.groups if alone or self._matters(group)]
        if not groups:
            return [] if self.there else [self._filled(self.writer.impression_normal)]
        return [impression_clause(group, self.writer, self.rng) for group in groups]

    def _matters(self, group: Group) -> bool:
        worst = max((SEVERITIES.index(fact.severity) for fact in group.facts if fact.severity), default=0)
        if group.facts[0].finding in _URGENT:
            return True
        return bool(self.rng.random() < (0.25, 0.55, 0.85, 0.95)[worst])

    def _comparison(self) -> str:
        if self.context.days_since_prior is None:
            return self._filled(self.writer.comparisons_none)
        return self._filled(self.writer.comparisons)

    def _filled(self, templates: Sequence[str]) -> str:
        context = self.context
        return choose(templates, self.rng).format(
            age=context.age,
            person="woman" if context.sex == "F" else "man",
            sex="female" if context.sex == "F" else "male",
            view=context.view,
            days=context.days_since_prior,
            study=self.writer.studies[context.modality],
        )

    def _state(self, fact: Fact, stated: Stated, *, in_image: bool, at: Place | None = None) -> int:
        """The key of a new statement."""
        self.said.append(Statement(fact=fact, stated=stated, in_image=in_image, stated_at=at))
        return len(self.said) - 1

    def _state_absence(self, finding: str, stated: Stated, *, side: Side | None = None) -> int:
        """The key of a statement that a finding is nowhere (`side` None) or not on one side."""
        home = _home(finding)
        place = home if side is None else replace(home, side=side)
        fact = Fact(finding=finding, anatomy=place.anatomy, side=place.side, polarity="absent")
        return self._state(fact, stated, in_image=False, at=None if side is None else place)


def _plain(group: Group) -> bool:
    return not group.hedged and group.facts[0].change is None


def _home(finding: str) -> Place:
    """Where a finding stands whose place is not said."""
    return concept(finding).home
