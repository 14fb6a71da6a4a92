"""The sentences an evaluation opens with: what a reader will find on a page of hits, and what that is worth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casekin.errors import InputError
from casekin.evaluation.cards.numbers import Score, difference, figure, figure_with_interval, fixed, probability
from casekin.evaluation.measures import parse_measure

Record = Mapping[str, Any]
"""The evaluation record: `scoring_record.Evaluation.as_record`."""

Tone = Literal["good", "caution", "bad"]

_SURE = 0.05
_NUMBERS = {10: "ten", 5: "five", 20: "twenty", 3: "three", 1: "one"}
_RELEVANT = {"casekin": "show the same or a related finding at the place asked for"}

_UNJUDGED = "judged and not listed is 0; unjudged is taken out before scoring"
_LABELLED: Mapping[str, Mapping[str, str]] = {
    "truth": {
        "gallery": "every case of the split, as the truth tells of each what its picture shows at every place",
        "relevant": "grades 1 to 3 by the findings that the truth puts there; any other case is 0",
    },
    "readers": {
        "gallery": "cases that readers judged for the question",
        "relevant": f"grades that readers gave; {_UNJUDGED}",
    },
    "qrels": {
        "gallery": "every case of the labels, or, where they say whom they judged, the cases judged at the place",
        "relevant": f"grades of the file that was given; {_UNJUDGED}",
    },
}
"""What our own protocol's words for mined labels become where somebody else gave the grades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A sentence and its tone: a class of the style sheet."""

    tone: Tone
    text: str


def headline(record: Record) -> str:
    """How many of the first hits are relevant and how many by chance; of the lead measure where that isn't known."""
    found = _precision(record)
    if found is None:
        lead = record["measures"][record["lead"]]
        return f"{record['lead']} is {figure(lead)}. Chance would give {fixed(lead['chance'])}."
    k, mean, chance = found
    are = _RELEVANT.get(record["protocol"], "are relevant")
    share, luck = f"{k * mean:.1f}", "unknown" if chance is None else f"{k * chance:.1f}"
    return f"Of the first {_NUMBERS[k]} cases, {share} {are}. Chance would give {luck}."


def standing(record: Record) -> str:
    """The lead measure with its interval, and how it stands to the best baseline."""
    lead = record["measures"][record["lead"]]
    told = f"{record['lead']} is {figure_with_interval(lead)}"
    best = record["best_baseline"]
    if best is None:
        return f"{told}; no baseline is known to compare it with."
    gap = record["baselines"][best]["difference"].get(record["lead"])
    if gap is None or gap["mean"] is None:
        return f"{told}; the best baseline is {best}."
    told += f", {difference(gap)} against the best baseline, {best} (p {probability(gap['p_holm'])})."
    least = gap["minimum_detectable_effect"]
    if least is not None and not _is_sure(gap):
        found = f"a true difference of {fixed(least)} would be found in 8 of 10 such evaluations"
        told += f" With so many patients, {found}."
    return told


def verdicts(record: Record) -> tuple[Verdict, ...]:
    """What to take home: gates, the other run, the baselines, leaks, and queries left unanswered."""
    told = [_gates(record), _against_other(record), _against_baselines(record)]
    if record["leaks"] is not None and record["leaks"].get("found"):
        told.append(Verdict(tone="bad", text="Leaks were found: these figures may be too good."))
    if record["missing_queries"]:
        text = f"{record['missing_queries']:,} of {record['n_queries']:,} queries have no list and count 0."
        told.append(Verdict(tone="caution", text=text))
    return tuple(verdict for verdict in told if verdict is not None)


def labels_words(record: Record) -> Mapping[str, str]:
    """Gallery and relevance of our own protocol where its labels weren't mined from reports; else nothing."""
    return _LABELLED.get(record["labels"].get("source"), {}) if record["protocol"] == "casekin" else {}


def explain_measure(name: str) -> str:
    """The measure in plain words; nothing when this version doesn't know it."""
    try:
        measure = parse_measure(name)
    except InputError:
        return ""
    told = measure.plain if measure.cutoff is None else re.sub(r"\bk\b", str(measure.cutoff), measure.plain)
    if measure.rel != 1:
        told += f" Relevant is what has grade {measure.rel:g} or more."
    return f"{told} Lower is better." if measure.better == "lower" else told


def _gates(record: Record) -> Verdict | None:
    gates = record["gates"]
    missed = sum(not gate["met"] for gate in gates)
    if not gates:
        return None
    if missed:
        return Verdict(tone="bad", text=f"{missed} of {len(gates)} gates missed.")
    return Verdict(tone="good", text="The gate is met." if len(gates) == 1 else f"All {len(gates)} gates are met.")


def _against_baselines(record: Record) -> Verdict | None:
    gaps = {name: entry["difference"].get(record["lead"]) for name, entry in record["baselines"].items()}
    if not gaps:
        return Verdict(tone="caution", text="No baseline was measured beside it: read the figures beside chance alone.")
    behind = [name for name, gap in gaps.items() if _standing_to(gap, record["lead"]) != "better"]
    if not behind:
        text = f"Better than {_listed([*gaps])}" if len(gaps) < 3 else f"Better than each of {len(gaps)} baselines"
        missing = len(record["baselines_missing"])
        return Verdict(tone="good", text=text + (f"; {missing} more couldn’t be had." if missing else "."))
    return Verdict(tone="caution", text=f"Not shown to be better than {_listed(behind)}.")


def _against_other(record: Record) -> Verdict | None:
    compared = record["comparison"]
    if compared is None:
        return None
    standing_to = _standing_to(compared["measures"].get(record["lead"]), record["lead"])
    if standing_to == "unsure":
        return Verdict(tone="caution", text=f"No sure difference from {compared['other']}.")
    tone: Tone = "good" if standing_to == "better" else "bad"
    return Verdict(tone=tone, text=f"{standing_to.capitalize()} than {compared['other']}.")


def _standing_to(gap: Score | None, measure: str) -> Literal["better", "worse", "unsure"]:
    """What a difference says, once it is sure."""
    if gap is None or not _is_sure(gap):
        return "unsure"
    return "better" if (gap["mean"] < 0) == _lower_is_better(measure) else "worse"


def _is_sure(gap: Score) -> bool:
    p = gap["p_holm"]
    return p is not None and p < _SURE


def _lower_is_better(name: str) -> bool:
    try:
        return parse_measure(name).better == "lower"
    except InputError:
        return False


def _precision(record: Record) -> tuple[int, float, float | None] | None:
    """Rank, share of relevant hits and its value by chance, at the first of the usual ranks that is known."""
    curve = record["curves"].get("P")
    at = (
        {}
        if curve is None
        else dict(zip(curve["k"], zip(curve["run"]["mean"], curve["chance"], strict=True), strict=True))
    )
    for k in _NUMBERS:
        score = record["measures"].get(f"P@{k}")
        mean, chance = (score["mean"], score["chance"]) if score else at.get(k, (None, None))
        if mean is not None:
            return k, mean, chance
    return None


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
