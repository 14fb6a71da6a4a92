"""Facts that the reader finds in simulated reports, against the facts that the reports state, beside keyword matching.

Promise: strict F1 ≥ 0.97 over finding, anatomy, side and polarity on reports of the test split, whose writers share no
template and no list of synonyms with the others. Reports are written without drawing images: radiographs and CTs.

- strict: the place that the report's words mean, a bilateral one as its two sides; a fact stated without a place is
  right at any place. Facts that the report leaves out are left out.
- specific: the fields of `truth.jsonl` as they are, with what the reports leave out or say less exactly: what comparing
  the two files line by line gives.
- tolerant: strict, but any overlapping place of the same finding and polarity will do.

Intervals: bootstrap over patients, 95 %.

    python benchmarks/simulated_reports.py [--seed 1] [--patients 1500] [--split test]
"""

from __future__ import annotations

import argparse
import functools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from casekin.anatomy import ANATOMIES, anatomy, overlaps
from casekin.findings import FINDINGS
from casekin.findings import finding as concept
from casekin.reports import read_report
from casekin.types import Fact, Place, Side
from casekin.world.case_files import report_of
from casekin.world.dictation import Statement, WrittenReport
from casekin.world.patients import sample_patient
from labelled_reports import f1_intervals

MODALITIES: tuple[Literal["CR", "CT"], ...] = ("CR", "CT")
MEASURES = ("strict", "specific", "tolerant")
FIELDS = ("severity", "size_mm", "change")
Reader = Callable[[str], Sequence[Fact]]
Item = tuple[str, str, str | None, str | None]  # finding, polarity, anatomy, side; anatomy None: any place will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of one report's facts: each item with right, extra or missed, by measure."""

    patient: str
    writer: str
    outcomes: dict[str, list[tuple[str, Item]]]


def reports_of(seed: int, patients: int, split: str) -> Iterator[tuple[str, WrittenReport]]:
    """Patient and report of every examination of the split's patients, as radiograph and as CT."""
    for number in range(patients):
        patient = sample_patient(number, seed=seed)
        if patient.split == split:
            for exam in patient.exams:
                for modality in MODALITIES:
                    yield patient.patient_id, report_of(patient, exam, seed=seed, modality=modality)


def score(patient: str, report: WrittenReport, facts: Sequence[Fact]) -> Score:
    """The outcomes of the facts that a reader found in a report."""
    stated = [statement for statement in report.statements if statement.stated is not None]
    exact, leftover, unused = _strict(stated, facts)
    tolerant = list(exact)
    for item in leftover:
        near = next((other for other in unused if _near(item, other)), None)
        if near is not None:
            unused.remove(near)
        tolerant.append(("missed" if near is None else "right", item))
    strict = [*exact, *(("missed", item) for item in leftover)]
    found = {_item(fact, fact.place) for fact in facts}
    wanted = {_item(statement.fact, statement.fact.place) for statement in report.statements}
    return Score(
        patient=patient,
        writer=report.writer,
        outcomes={
            "strict": strict + [("extra", item) for item in _strict(stated, facts)[2]],
            "specific": _compared(wanted, found),
            "tolerant": tolerant + [("extra", item) for item in unused],
        },
    )


def _strict(
    stated: Sequence[Statement], facts: Sequence[Fact]
) -> tuple[list[tuple[str, Item]], list[Item], list[Item]]:
    """Right items, stated items not found, and found items not stated; facts without a stated place match last."""
    wanted = [i for s in stated if s.stated_at for i in _sided(s.fact, s.stated_at)]
    whole = [fact for fact in facts if not set(_sided(fact, fact.place)) & set(wanted)]
    found = {item for fact in facts for item in _sided(fact, fact.place)}
    right = [("right", item) for item in dict.fromkeys(wanted) if item in found]
    missed = [item for item in dict.fromkeys(wanted) if item not in found]
    for statement in stated:
        if statement.stated_at is None:
            item = (statement.fact.finding, statement.fact.polarity, None, None)
            match = next((fact for fact in whole if (fact.finding, fact.polarity) == item[:2]), None)
            if match is None:
                missed.append(item)
            else:
                whole.remove(match)
                found -= set(_sided(match, match.place))
                right.append(("right", item))
    return right, missed, sorted(found - set(wanted), key=str)


def _sided(fact: Fact, place: Place) -> list[Item]:
    sides: tuple[Side | None, ...] = ("left", "right") if place.side == "bilateral" else (place.side,)
    return [_item(fact, replace(place, side=side)) for side in sides]


def _item(fact: Fact, place: Place) -> Item:
    return fact.finding, fact.polarity, place.anatomy, place.side


def _near(one: Item, other: Item) -> bool:
    if one[:2] != other[:2] or one[2] is None or other[2] is None:
        return one[:2] == other[:2]
    return overlaps(Place(anatomy=one[2], side=one[3]), Place(anatomy=other[2], side=other[3]))  # type: ignore[arg-type]


def _compared(wanted: set[Item], found: set[Item]) -> list[tuple[str, Item]]:
    outcomes = (("right", wanted & found), ("missed", wanted - found), ("extra", found - wanted))
    return [(outcome, item) for outcome, items in outcomes for item in sorted(items, key=str)]


def figures(counts: Iterable[str]) -> dict[str, Any]:
    """Precision, recall and F1 of outcomes."""
    total = Counter(counts)
    right, extra, missed = total["right"], total["extra"], total["missed"]
    return {
        "f1": 2 * right / max(2 * right + extra + missed, 1),
        "precision": right / max(right + extra, 1),
        "recall": right / max(right + missed, 1),
        "right": right,
        "extra": extra,
        "missed": missed,
    }


def with_interval(scores: Sequence[Score], measure: str) -> dict[str, Any]:
    """The figures of one measure, with F1's interval over patients."""
    by_patient: dict[str, Counter[str]] = defaultdict(Counter)
    for each in scores:
        by_patient[each.patient].update(outcome for outcome, _ in each.outcomes[measure])
    (f1,) = f1_intervals([[[c["right"], c["extra"], c["missed"]]] for c in by_patient.values()])
    everything = (outcome for each in scores for outcome, _ in each.outcomes[measure])
    return {**figures(everything), "f1_interval": [f1.lo, f1.hi], "patients": len(by_patient)}


def broken_down(scores: Sequence[Score], key: Callable[[Score, Item], str]) -> dict[str, dict[str, Any]]:
    """Strict figures for each value of a key, the worst first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for each in scores:
        for outcome, item in each.outcomes["strict"]:
            groups[key(each, item)].append(outcome)
    return dict(sorted(((name, figures(group)) for name, group in groups.items()), key=lambda pair: pair[1]["f1"]))


def agreement(written: Sequence[tuple[str, WrittenReport]], reader: Reader) -> dict[str, dict[str, float]]:
    """Of facts read at their true place, how often the severity, diameter or change that is read is the true one."""
    pairs: dict[str, list[bool]] = {field: [] for field in FIELDS}
    for _, report in written:
        true = {_item(s.fact, s.fact.place): s.fact for s in report.statements if s.stated is not None}
        for fact in reader(report.text):
            known = true.get(_item(fact, fact.place))
            for field in FIELDS:
                if known is not None and (given := getattr(fact, field)) is not None:
                    pairs[field].append(given == getattr(known, field))
    return {field: {"n": len(equal), "right": sum(equal) / max(len(equal), 1)} for field, equal in pairs.items()}


def measured(written: Sequence[tuple[str, WrittenReport]], reader: Reader) -> dict[str, Any]:
    """All figures of one reader."""
    scores = [score(patient, report, reader(report.text)) for patient, report in written]
    answer: dict[str, Any] = {measure: with_interval(scores, measure) for measure in MEASURES}
    answer["by_polarity"] = broken_down(scores, lambda _, item: item[1])
    answer["by_writer"] = broken_down(scores, lambda each, _: each.writer)
    answer["by_finding"] = broken_down(scores, lambda _, item: item[0])
    answer["fields"] = agreement(written, reader)
    return answer


def ceiling(written: Sequence[tuple[str, WrittenReport]]) -> dict[str, dict[str, Any]]:
    """What a reader could reach that gives back exactly what the words mean."""
    scores = [score(patient, report, _as_worded(report)) for patient, report in written]
    return {measure: with_interval(scores, measure) for measure in MEASURES}


def _as_worded(report: WrittenReport) -> list[Fact]:
    stated = [statement for statement in report.statements if statement.stated is not None]
    places = [statement.stated_at or statement.fact.place for statement in stated]
    return [replace(s.fact, anatomy=p.anatomy, side=p.side) for s, p in zip(stated, places, strict=True)]


def by_rules(text: str) -> Sequence[Fact]:
    """The product's reader."""
    return read_report(text).facts


def by_keywords(text: str) -> Sequence[Fact]:
    """The baseline: every concept whose name stands in a sentence is present there, at the first place it can be at."""
    facts: dict[tuple[str, Place], Fact] = {}
    finding_names, place_names = _lexicon()
    for sentence in re.split(r"[.;|\n]", text.lower()):
        for name in (finding_names[1][found] for found in finding_names[0].findall(sentence)):
            homes = (*concept(name).homes, concept(name).home.anatomy)
            places = [place_names[1][found] for found in place_names[0].findall(sentence)]
            where = next((place for place in places if place in homes), concept(name).home.anatomy)
            sides = re.findall(r"\b(left|right|bilateral)\b", sentence) if anatomy(where).paired else []
            side = sides[0] if sides else None
            facts.setdefault(
                (name, Place(anatomy=where, side=side)),
                Fact(finding=name, anatomy=where, side=side, polarity="present"),
            )
    return tuple(facts.values())


@functools.cache
def _lexicon() -> tuple[tuple[re.Pattern[str], dict[str, str]], tuple[re.Pattern[str], dict[str, str]]]:
    """Patterns over all names of findings and of anatomies, with what each name means."""
    return _names(FINDINGS.values()), _names(ANATOMIES.values())


def _names(concepts: Iterable[Any]) -> tuple[re.Pattern[str], dict[str, str]]:
    meant = {name.lower(): each.id for each in concepts for name in (each.name, *each.synonyms)}
    longest_first = sorted(meant, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), meant


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patients", type=int, default=1500, help="of all splits")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="test")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "simulated_reports.json")
    args = parser.parse_args()
    written = list(reports_of(args.seed, args.patients, args.split))
    there = [s for _, report in written for s in report.statements if s.in_image]
    placed = [s for _, report in written for s in report.statements if s.stated_at is not None]
    report = {
        "benchmark": "simulated_reports",
        "seed": args.seed,
        "split": args.split,
        "reports": len(written),
        "left_out": sum(s.stated is None for s in there) / len(there),
        "less_exactly_placed": sum(s.stated_at != s.fact.place for s in placed) / len(placed),
        "reader": measured(written, by_rules),
        "keyword": measured(written, by_keywords),
        "ceiling": ceiling(written),
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name in ("reader", "keyword", "ceiling"):
        for measure in MEASURES:
            row = report[name][measure]  # type: ignore[index]
            low, high = row["f1_interval"]
            print(f"{name:8s} {measure:9s} F1 {row['f1']:.4f} [{low:.4f}, {high:.4f}]", end="  ")
            print(f"P {row['precision']:.4f} R {row['recall']:.4f}")
    for name, row in report["reader"]["fields"].items():  # type: ignore[index]
        print(f"  {name:26s} right {row['right']:.3f} of {row['n']}")
    for group in ("by_polarity", "by_writer", "by_finding"):
        for name, row in report["reader"][group].items():  # type: ignore[index]
            print(f"  {name:26s} F1 {row['f1']:.3f}  extra {row['extra']:4d}  missed {row['missed']:4d}")


if __name__ == "__main__":
    main()
