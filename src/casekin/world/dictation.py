"""How a writer turns what is in the picture into a report: what is said, left out, hedged, negated, joined, compared.

The words are the writer's (`Writer`, `Wording`); the decisions here are the same for all. A report never says what is
not so: a finding that is there may go unmentioned or be hedged, but only what is truly absent is negated, and only what
is truly normal is called normal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from casekin.types import SEVERITIES, Fact, Side
from casekin.world.latent import home_anatomy
from casekin.world.marked_text import Assembly, as_sentence, mark, with_typing_errors
from casekin.world.phrasing import Group, choose, clause, grouped, impression_clause, joined_clause, negated_item
from casekin.world.wording import ORGANS, Writer

Stated = Literal["present", "uncertain", "absent", "normal"]

# Findings that are rarely left out, however slight.
_NEVER_OMITTED = frozenset({"pneumothorax", "pneumoperitoneum", "mass", "endotracheal_tube"})
# A negation of one side only is said of these, where the other side has them.
_ONE_SIDE_CLEARED = frozenset({"pleural_effusion", "pneumothorax"})
_URGENT = frozenset({"pneumothorax", "pneumoperitoneum"})
_HEDGEABLE = frozenset(
    {
        "consolidation",
        "ground_glass_opacity",
        "nodule",
        "atelectasis",
        "pleural_effusion",
        "pulmonary_edema",
        "fibrosis",
        "pleural_thickening",
        "rib_fracture",
        "hilar_enlargement",
        "mediastinal_widening",
        "hiatal_hernia",
    }
)
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
    """A fact as it is, with the sentence and span that say it (None where the report is silent), and how they say it.

    `stated` is `present` or `uncertain` for what is there, `absent` for a negation, `normal` where a statement of
    normality implies the absence, None where nothing is said. The fact's polarity is the truth, whatever is stated.
    """

    fact: Fact
    stated: Stated | None

    def as_record(self) -> dict[str, Any]:
        """The contract's form of a fact and the field `stated`."""
        return {**self.fact.as_record(), "stated": self.stated}


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
        self.said = [Statement(fact=fact, stated="present") for fact in context.facts]
        self.said += [Statement(fact=fact, stated="uncertain") for fact in context.equivocal]
        self.there = frozenset(statement.fact.finding for statement in self.said)
        chosen = [key for key, statement in enumerate(self.said) if not self._omitted(statement)]
        for key in chosen:
            if self.said[key].fact.finding in _HEDGEABLE and rng.random() < writer.hedging:
                self.said[key] = replace(self.said[key], stated="uncertain")
        self.groups = grouped([(key, self.said[key].fact, self.said[key].stated == "uncertain") for key in chosen], rng)

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
            elif statement.fact.polarity == "present":
                finished.append(replace(statement, stated=None))
        return tuple(finished)

    def _omitted(self, statement: Statement) -> bool:
        fact = statement.fact
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
        text = as_sentence(sentence, full_stop=self.writer.full_stop)
        text = with_typing_errors(text, rate=self.writer.typing_errors, rng=self.rng)
        return text.upper() if self.writer.upper_case else text

    def _findings(self) -> list[list[str]]:
        """The sentences of each organ, in the writer's order; or one sentence that all is normal."""
        if not self.there and not self.context.resolved and self.writer.all_normal and self.rng.random() < 0.35:
            return [[self._filled(self.writer.all_normal)]]
        return [self._organ(organ) for organ in (self.writer.organ_labels or self.writer.organs)]

    def _organ(self, organ: str) -> list[str]:
        findings = ORGANS[organ]
        sentences = self._present([group for group in self.groups if group.facts[0].finding in findings])
        sentences += self._resolved(findings)
        absent = [finding for finding in findings if finding not in self.there]
        if len(absent) == len(findings) and not sentences and self.rng.random() < 0.6 and organ in self.writer.normal:
            sentences.append(self._normal(organ, findings[0]))
        if organ != "devices":
            sentences += self._negations(absent, findings)
        if not sentences and self.writer.organ_labels and organ in self.writer.normal and len(absent) == len(findings):
            sentences.append(self._normal(organ, findings[0]))
        return sentences

    def _present(self, groups: Sequence[Group]) -> list[str]:
        """A sentence for each group; now and then one for two neighbors of which only their presence is to say."""
        sentences, waiting = [], list(groups)
        while waiting:
            group = waiting.pop(0)
            if waiting and _plain(group) and _plain(waiting[0]) and self.rng.random() < self.writer.joining:
                sentences.append(joined_clause(group, waiting.pop(0), self.writer, self.rng))
            else:
                sentences.append(clause(group, self.writer, self.rng))
        return sentences

    def _normal(self, organ: str, finding: str) -> str:
        template = choose(self.writer.normal[organ], self.rng)
        if "[" not in template:
            return template
        return mark(template, [self._state(_absence(finding), "normal")])

    def _resolved(self, findings: Sequence[str]) -> list[str]:
        sentences = []
        for fact in self.context.resolved:
            if fact.finding in findings and fact.finding not in self.there and self.rng.random() < 0.7:
                key = self._state(fact, "absent")
                sentences.append(clause(Group(keys=(key,), facts=(fact,), hedged=False), self.writer, self.rng))
        return sentences

    def _negations(self, absent: Sequence[str], findings: Sequence[str]) -> list[str]:
        """A sentence that lists what is absent, and perhaps one that clears the other side of what is on one."""
        stated = {statement.fact.finding for statement in self.said}
        items = []
        for finding in absent:
            habit = self.writer.negation * _NEGATION_INTEREST.get(finding, 0.0)
            if finding not in stated and finding in self.writer.wording.absent and self.rng.random() < habit:
                key = self._state(_absence(finding), "absent")
                items.append(negated_item(finding, key, None, self.writer, self.rng))
        sentences = [choose(self.writer.negated, self.rng).format(list=self._listed(items))] if items else []
        for finding in findings:
            sides = {s.fact.side for s in self.said if s.fact.finding == finding and s.fact.polarity != "absent"}
            if finding in _ONE_SIDE_CLEARED and len(sides) == 1 and self.rng.random() < 0.2:
                side: Literal["left", "right"] = "left" if "right" in sides else "right"
                key = self._state(_absence(finding, side=side), "absent")
                item = negated_item(finding, key, side, self.writer, self.rng)
                sentences.append(choose(self.writer.negated, self.rng).format(list=item))
        return sentences

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
        )

    def _state(self, fact: Fact, stated: Stated) -> int:
        """The key of a new statement."""
        self.said.append(Statement(fact=fact, stated=stated))
        return len(self.said) - 1


def _plain(group: Group) -> bool:
    return not group.hedged and group.facts[0].change is None


def _absence(finding: str, *, side: Side | None = None) -> Fact:
    """That a finding is nowhere (`side` None) or not on one side."""
    return Fact(finding=finding, anatomy=home_anatomy(finding), side=side, polarity="absent")
