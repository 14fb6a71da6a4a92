"""The page of an evaluation of drafts: one HTML file without network or script; it names no case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casekin.evaluation.cards.numbers import UNKNOWN, difference, figure, figure_with_interval, fixed, probability
from casekin.evaluation.drafts.scoring import COPY, LOWER_IS_BETTER
from casekin.look import page_environment

Record = Mapping[str, Any]
Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]
"""A caption, column heads, and rows whose first cell names them."""
_SHOWN: Mapping[str, Mapping[str, str]] = {
    "What is true": {
        "F1(polarity)": "mean of the next two; leads",
        "F1(present)": "findings there: said and borne out, of all said and all there",
        "F1(absent)": "the same of denials and normal places",
        "F1": "both together: who denies more gets more",
        "F1(polarity,kin)": "a kind of the finding, or a place that meets it, counts too",
        "Precision(present)": "findings that are said: share at just that place and side",
        "Recall(present)": "findings that are there: share said",
        "Unsupported": "claims that are false",
        "Unsupported(present)": "findings that are said and aren't there",
        "SideError": "on the other side only, of all findings with a side",
        "SideError(found)": "the same, of findings that are there on either side",
    },
    "What it stands on": {
        "CitationPrecision": "citations whose case states finding, place, side, polarity",
        "CitationPrecision(kin)": "citations whose case bears it out",
        "CitationRecall": "sentences that a cited case states",
        "AsClaimed": "sentences that read back as the claim they are labelled with",
        "Uncited": "sentences without a citation",
        "Numbers": "made up, a draft",
        "Dates": "made up, a draft",
        "Priors": "comparisons with films that weren't shown, a draft",
    },
    "How much is said, and how": {
        "Answered": "cases with a draft",
        "Spoken": "of what there is to say, spoken of at all",
        "Sentences": "a draft",
        "Claims": "a draft",
        "Claims(present)": "findings said, a draft",
        "BLEU": "shared runs of words with the report",
        "ROUGE-L": "longest common run of words, gaps allowed",
        "METEOR": "shared words and stems in their order",
    },
}


def write_draft_page(record: Record, path: Path) -> None:
    """Write the page of `DraftEvaluation.as_record`."""
    further = (_distances, _anatomies, _reliability, _diversity)
    view = {
        "record": record,
        "plain": {name: words for part in _SHOWN.values() for name, words in part.items()},
        "lower": LOWER_IS_BETTER,
        "tables": [*_measure_tables(record), *(table(record) for table in further)],
        "missing": sorted(record["missing"].items()),
    }
    text = page_environment(__package__).get_template("drafts.html.j2").render(view)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def _measure_tables(record: Record) -> list[Table]:
    """Each measure of the drafts and of every baseline, and how far the drafts are from the copied report."""
    systems = {"drafts": record["measures"], **{name: one["measures"] for name, one in record["baselines"].items()}}
    gaps = record["baselines"].get(COPY, {}).get("difference", {})
    heads = ("", *systems, f"drafts minus {COPY}", "p")
    tables: list[Table] = []
    for caption, names in _SHOWN.items():
        rows = [
            (
                name,
                *(_cell(measures.get(name), first=system == "drafts") for system, measures in systems.items()),
                difference(gaps[name]) if name in gaps else "",
                probability(gaps[name]["p_value"]) if name in gaps else "",
            )
            for name in names
            if name in record["measures"]
        ]
        tables.append((caption, heads, rows))
    return tables


def _cell(score: Record | None, *, first: bool) -> str:
    if score is None:
        return ""
    return figure_with_interval(score) if first else figure(score)


def _distances(record: Record) -> Table:
    rows = [(name, figure_with_interval(score)) for name, score in record["distances"].items()]
    return f"How many times as far from the constant report as {COPY}", ("", "times (95 % interval)"), rows


def _anatomies(record: Record) -> Table:
    names = ("F1", "F1(kin)", "F1(present)", "F1(present,kin)")
    rows = [
        (anatomy.replace("_", " "), *(figure_with_interval(scores[name]) for name in names), str(scores["F1"]["n"]))
        for anatomy, scores in record["anatomies"].items()
    ]
    return "At each anatomy", ("", *names, "cases"), rows


def _reliability(record: Record) -> Table:
    told = record["reliability"]
    if told is None:
        return "No likelihood is stated", ("",), ()
    rows = [
        (f"{one['low']:.1f} to {one['high']:.1f}", fixed(one["mean_p"]), figure_with_interval(one["true"]))
        for one in told["bins"]
    ]
    scores = {name: score for name, score in told.items() if isinstance(score, Mapping)}
    measures = ", ".join(f"{name} {figure_with_interval(score)}" for name, score in scores.items())
    caption = f"Do stated likelihoods hold? {told['claims']} claims, {measures}"
    return caption, ("stated", "on average", "true"), rows


def _diversity(record: Record) -> Table:
    names = tuple(next(iter(record["diversity"].values())))
    rows = [
        (system, *(UNKNOWN if told[name] is None else fixed(told[name]) for name in names))
        for system, told in record["diversity"].items()
    ]
    return "How much the texts repeat each other (1: never)", ("", *names), rows
