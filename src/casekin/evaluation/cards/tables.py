"""The record's tables, worked out once for page and text; the page draws the rows of those with an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.evaluation.cards.numbers import (
    UNKNOWN,
    Score,
    count,
    difference,
    figure,
    figure_with_interval,
    fixed,
    place_words,
    probability,
)
from casekin.evaluation.cards.plots import Axis, MarkKind, Strip, axis_over, draw_strip
from casekin.evaluation.cards.words import Record, explain_measure
from casekin.evaluation.gates import LEAKS

_CHECKS = {
    "patients": "patients, a group of them as one",
    "patient_ids": "patients by their own ids",
    "images": "near-duplicate images",
    "reports": "near-duplicate reports with a finding",
    "normal_reports": "near-duplicate reports without a finding",
}
"""What a leak check looks at, where its name alone doesn't tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A name, perhaps with a `note` below it, cells in the order of the headers, and the row's strip."""

    name: str
    cells: tuple[str, ...]
    note: str = ""
    strip: Strip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`headers` name the first column, then the cells. `axis` is of the strips; `zero` where its 0 is, if marked."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    axis: Axis | None = None
    zero: float | None = None


def lead_table(record: Record) -> Table:
    """The lead measure of the run and of each baseline, the highest first."""
    lead, baselines = record["lead"], record["baselines"]
    run = record["measures"][lead]
    scores = {record["run"]: run, **{name: entry["measures"][lead] for name, entry in baselines.items()}}
    axis = axis_over([*bounds(list(scores.values())), run["chance"]])
    kinds: dict[str, MarkKind] = {record["run"]: "run", record["best_baseline"]: "best"}
    blank = ("", "", "") if baselines else ()
    rows = [
        Row(
            name=name,
            strip=draw_strip(axis, score, [("chance", run["chance"]), (kinds.get(name, "baseline"), score["mean"])]),
            cells=(
                figure_with_interval(score),
                *(gap_cells(baselines[name]["difference"].get(lead)) if name in baselines else blank),
            ),
        )
        for name, score in sorted(scores.items(), key=lambda item: highest_first(item[0], item[1]["mean"]))
    ]
    tested = ("run minus this", "p (Holm)", "difference it could show") if baselines else ()
    return Table(
        caption=f"{lead}: {count(run['n'])} queries, {count(run['patients'])} patients, chance {fixed(run['chance'])}",
        headers=("ranking", f"{lead} (95 % interval)", *tested),
        rows=tuple(rows),
        axis=axis,
    )


def measure_table(record: Record) -> Table:
    """Every measure of the run."""
    return Table(
        caption="All measures of the run",
        headers=("measure", "value (95 % interval)", "chance", "queries", "patients"),
        rows=tuple(
            Row(
                name=name,
                note=explain_measure(name),
                cells=(
                    figure_with_interval(score),
                    fixed(score["chance"]),
                    count(score["n"]),
                    count(score["patients"]),
                ),
            )
            for name, score in record["measures"].items()
        ),
    )


def beside_table(record: Record) -> Table | None:
    """Every measure of the run and of all baselines; None without any."""
    baselines = record["baselines"]
    if not baselines:
        return None
    return Table(
        caption="All measures beside the baselines (means)",
        headers=("measure", record["run"], "chance", *baselines),
        rows=tuple(
            Row(
                name=name,
                cells=(
                    figure(score),
                    fixed(score["chance"]),
                    *(figure_of(entry["measures"], name) for entry in baselines.values()),
                ),
            )
            for name, score in record["measures"].items()
        ),
    )


def comparison_tables(record: Record) -> tuple[Table, ...]:
    """Run and other run: every measure, then the lead measure by place."""
    compared = record["comparison"]
    if compared is None:
        return ()
    measures = Table(
        caption=f"{record['run']} and {compared['other']}",
        headers=(
            "measure",
            record["run"],
            compared["other"],
            "difference (95 % interval)",
            "p (Holm)",
            "difference it could show",
        ),
        rows=tuple(
            Row(
                name=name,
                note=explain_measure(name),
                cells=(figure_of(record["measures"], name), figure_of(compared["scores"], name), *gap_cells(gap)),
            )
            for name, gap in compared["measures"].items()
        ),
    )
    gaps = [entry["difference"] for entry in compared["places"]]
    if not gaps:
        return (measures,)
    axis = axis_over(bounds(gaps))
    by_gap = sorted(compared["places"], key=lambda entry: (-(entry["difference"]["mean"] or 0.0), entry["place"]))
    places = Table(
        caption=f"{record['lead']} by place: {record['run']} minus {compared['other']}",
        headers=("place", "difference (95 % interval)", "p (Holm)", "difference it could show", "queries", "patients"),
        rows=tuple(
            Row(
                name=place_words(entry["place"]),
                strip=draw_strip(axis, entry["difference"], [("run", entry["difference"]["mean"])]),
                cells=(*gap_cells(entry["difference"]), count(entry["n"]), count(entry["patients"])),
            )
            for entry in by_gap
        ),
        axis=axis,
        zero=axis.at(0.0),
    )
    return measures, places


def gate_table(record: Record) -> Table | None:
    """What was required and what was found; None without gates."""
    if not record["gates"]:
        return None
    return Table(
        caption="Gates",
        headers=("required", "found", ""),
        rows=tuple(
            Row(name=gate["require"], cells=(_found(gate), "met" if gate["met"] else "missed"))
            for gate in record["gates"]
        ),
    )


def _found(gate: Record) -> str:
    return count(gate["value"]) if gate["measure"] == LEAKS and gate["value"] is not None else fixed(gate["value"])


def pointing_table(record: Record) -> Table | None:
    """How alike the lists are when one place is pointed at in two ways; None where it wasn't asked."""
    told = record["pointing"]
    if not told or not told["pairs"]:
        return None
    pairs = told["pairs"]
    axis = axis_over([1.0, *bounds(list(pairs.values())), *(score.get("chance") for score in pairs.values())])
    return Table(
        caption="Agreement of two ways of pointing at one place (1: the same list)",
        headers=("pointed at by", "region", "agreement (95 % interval)", "chance", "queries", "patients"),
        rows=tuple(
            Row(
                name=pair.replace("/", " and "),
                strip=draw_strip(axis, score, [("chance", score.get("chance")), ("run", score["mean"])]),
                cells=(
                    " and ".join(dict.fromkeys(score["regions"])),
                    figure_with_interval(score),
                    fixed(score.get("chance")),
                    count(score["n"]),
                    count(score["patients"]),
                ),
            )
            for pair, score in pairs.items()
        ),
        axis=axis,
    )


def leak_tables(record: Record) -> tuple[Table, ...]:
    """What the splits share, and what of the test split the model may have been trained on."""
    told = record["leaks"]
    if told is None:
        return ()
    checks = (_check_table(told),) if told["checks"] else ()
    training = told["training"]
    if not training["seen"] + training["not_seen"] + training["unknown"]:
        return checks  # no case is there
    sets = ", ".join(training["sets"]) or "nothing is declared"
    tested = f"Cases of the split {told['tested']}" if told["tested"] in told["splits"] else "All cases"
    return *checks, Table(
        caption=f"{tested}, beside what the model declares to be trained on ({sets})",
        headers=("case", "how many"),
        rows=tuple(
            Row(name=words, cells=(count(training[key]),))
            for key, words in (("seen", "seen in training"), ("not_seen", "declared not seen"), ("unknown", "unknown"))
        ),
    )


def _check_table(told: Mapping[str, Any]) -> Table:
    """Each check with how many it looked at; reports without a finding repeat each other and count for nothing."""
    splits = ", ".join(f"{name} {count(cases)}" for name, cases in told["splits"].items())
    return Table(
        caption=f"In several splits ({splits} cases)",
        headers=("looked at", "how many", "in several splits", "first of them"),
        rows=tuple(
            Row(
                name=_CHECKS.get(name, name.replace("_", " ")),
                note=check["units"] + ("" if check["leak"] else ", which repeat each other and count for nothing"),
                cells=(count(check["examined"]), count(check["count"]), _first_example(check["examples"])),
            )
            for name, check in told["checks"].items()
        ),
    )


def _first_example(examples: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(f"{case} ({split})" for split, case in examples[0].items()) if examples else ""


def gap_cells(gap: Score | None) -> tuple[str, str, str]:
    """Difference with interval, p by Holm, and the least difference that such data show."""
    if gap is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    return difference(gap), probability(gap["p_holm"]), fixed(gap["minimum_detectable_effect"])


def figure_of(scores: Mapping[str, Score], name: str) -> str:
    return figure(scores[name]) if name in scores else UNKNOWN


def highest_first(name: str, mean: float | None) -> tuple[bool, float, str]:
    return mean is None, -(mean or 0.0), name


def bounds(scores: Sequence[Score]) -> list[float | None]:
    return [score[end] for score in scores for end in ("mean", "lo", "hi")]
