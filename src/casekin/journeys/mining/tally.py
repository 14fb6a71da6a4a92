"""What a mined archive holds, counted line by line for its data card; examples are chosen by hash, not by position."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casekin.types import CaseRow

_HEADER = ("modality", "body_part", "view", "sex", "age", "source", "licence")
_MORE = ("site", "scanner", "licence_tier")
_EXAMPLES = {"present": 2, "uncertain": 1, "absent": 1}
"""Sentences shown for a finding, by polarity."""
_LONGEST_EXAMPLE = 240


def patient_of_line(line: Mapping[str, Any]) -> str:
    """The patient of a line of `facts.jsonl`, as `mine_intake.patient_of` has it for the report."""
    names = ("patient_group", "patient_id", "case_id", "report_id")
    return str(next(line[name] for name in names if line.get(name)))


def row_of_line(line: Mapping[str, Any]) -> CaseRow:
    """What a line of `facts.jsonl` keeps of the source's header fields, where they are plain values."""
    plain = {name: value for name, value in line.items() if isinstance(value, str | int | float)}
    header: dict[str, Any] = {name: plain.get(name) for name in _HEADER}
    return CaseRow(
        case_id=str(line.get("case_id") or line["report_id"]),
        patient_id=patient_of_line(line),
        image="",
        **header,
        extra={name: plain[name] for name in _MORE if name in plain},
    )


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts over `facts.jsonl`. `rows`: header fields of each report, as its source has them.

    `examples` is by finding and polarity: `(hash, sentence)`, the smallest hashes.
    """

    reports: int = 0
    silent: int = 0
    facts: int = 0
    unplaced: int = 0
    implied: int = 0
    normal: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)
    details: Counter[tuple[str, str]] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    fallbacks: Counter[str] = field(default_factory=Counter)
    patients: dict[str, set[str]] = field(default_factory=dict)
    rows: list[CaseRow] = field(default_factory=list)
    examples: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)

    def add(self, line: Mapping[str, Any]) -> None:
        """Count one report."""
        self.reports += 1
        self.silent += not line["facts"] and not line["normal_anatomies"]
        self.facts += len(line["facts"])
        self.unplaced += len(line["unplaced"])
        self.implied += len(line["implied"])
        self.rows.append(row_of_line(line))
        self.splits[line["split"]] += 1
        self.readers[line["reader"]] += 1
        if line["fallback"] is not None:
            self.fallbacks[line["fallback"]] += 1
        self.patients.setdefault(line["split"], set()).add(patient_of_line(line))
        for place in line["normal_anatomies"]:
            self.normal[place["anatomy"]] += 1
        for fact in line["facts"]:
            self._add_fact(fact)

    def _add_fact(self, fact: Mapping[str, Any]) -> None:
        polarity = fact["polarity"]
        self.findings[fact["finding"], polarity] += 1
        self.places[fact["anatomy"], polarity] += 1
        self.sides[fact["side"] or "no side"] += 1
        for name in ("severity", "change"):
            if fact[name] is not None:
                self.details[name, fact[name]] += 1
        self.details["size", "stated"] += fact["size_mm"] is not None
        sentence = fact["sentence"]
        if sentence and len(sentence) <= _LONGEST_EXAMPLE:
            kept = self.examples.setdefault((fact["finding"], polarity), [])
            told = (zlib.crc32(sentence.encode("utf-8", "replace")), sentence)
            if told not in kept and (len(kept) < _EXAMPLES[polarity] or told < kept[-1]):
                kept.append(told)
                kept.sort()
                del kept[_EXAMPLES[polarity] :]
