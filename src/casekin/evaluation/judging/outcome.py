"""What a judging session came to: the record of agreement, the same as Markdown, and labels that evaluation reads."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from casekin.evaluation.judgements import NOTHING, Judgements
from casekin.evaluation.judging.agreement import measure_agreement
from casekin.evaluation.judging.answers import GRADES, Answers, Verdict
from casekin.evaluation.judging.pool import Pair, Session
from casekin.look import page_environment

_STATISTICS = (
    ("weighted_kappa", "weighted kappa (quadratic)"),
    ("kappa", "kappa"),
    ("tau_b", "Kendall's tau-b"),
    ("agreement", "same grade"),
)
CONSENSUS = "consensus"
"""Name of the qrels file, and so of the split that its cases are in."""


def describe_outcome(
    session: Session,
    readers: Sequence[Answers],
    verdicts: Sequence[Verdict],
    *,
    mined: Judgements | None,
    seed: int,
    resamples: int,
) -> dict[str, Any]:
    """The record: agreement between readers, of each with themselves, the consensus, and how mined grades fit it."""
    patients = [pair.patient for pair in session.pairs]
    pairs = range(len(session.pairs))

    def compare(first: Mapping[int, int | None], second: Mapping[int, int | None]) -> dict[str, Any]:
        shared = [pair for pair in pairs if pair in first and pair in second]
        return measure_agreement(
            [first[pair] for pair in shared],
            [second[pair] for pair in shared],
            [patients[pair] for pair in shared],
            generator=np.random.default_rng(seed),
            resamples=resamples,
        ).as_record()

    return {
        "session": session.id,
        "origin": dict(session.origin),
        "seed": seed,
        "resamples": resamples,
        "pairs": len(session.pairs),
        "queries": len({query for pair in session.pairs for query, _ in pair.asked}),
        "patients": len(set(patients)),
        "places": len({pair.place for pair in session.pairs}),
        "sources": {name: sum(pair.source == name for pair in session.pairs) for name in ("pool", "random")},
        "readers": [one.reader for one in readers],
        "cant_tell": {str(one.reader): sum(grade is None for grade in one.first.values()) for one in readers},
        "between": [
            {"readers": [a.reader, b.reader], **compare(a.first, b.first)} for a, b in combinations(readers, 2)
        ],
        "within": [{"reader": one.reader, **compare(one.first, one.again)} for one in readers if one.again],
        "consensus": _consensus(session, verdicts),
        "mined": None if mined is None else _mined(session, readers, verdicts, mined, compare),
    }


def outcome_markdown(record: Mapping[str, Any]) -> str:
    """The record for reading."""
    environment = page_environment("casekin.evaluation.judging", escape=False)
    environment.filters["digits"] = lambda value: "not defined" if value is None else f"{value:.2f}"
    environment.filters["interval"] = lambda told: (
        "not known" if told["lo"] is None else f"{told['lo']:.2f} to {told['hi']:.2f}"
    )
    text = environment.get_template("agreement.md.j2").render(record=record, statistics=_STATISTICS)
    return text.strip() + "\n"


def consensus_qrels(session: Session, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Lines of a TREC qrels file, sorted; grade 0 is written, as a query may have nothing else."""
    graded = _graded_queries(session, verdicts)
    return (f"{query} 0 {case} {grade}\n" for query, cases in graded.items() for case, grade in cases.items())


def consensus_judged(session: Session, verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    """Rows of `judged.jsonl`: by query the cases that have a grade; by place nobody, as other pairs are unjudged."""
    for query, cases in _graded_queries(session, verdicts).items():
        yield {"query_id": query, "cases": list(cases)}
    for place in sorted({*session.origin.get("places", ()), *(pair.place for pair in session.pairs)}):
        yield {"place": place, "cases": []}


def open_pairs(session: Session, readers: Sequence[Answers], verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    """Rows of `adjudicate.jsonl`: what was said of each pair that readers left open, and where their pages show it.

    `grade` is null until a third person fills it in.
    """
    items = [
        {shown.pair: item for item, shown in enumerate(session.orders[one.reader - 1], start=1) if not shown.again}
        for one in readers
    ]
    for verdict in verdicts:
        if verdict.how in ("open", "adjudicated"):
            query_id, case_id = session.pairs[verdict.pair].asked[0]
            yield {
                "session": session.id,
                "pair": verdict.pair,
                "query_id": query_id,
                "case_id": case_id,
                "grades": {str(one.reader): one.first[verdict.pair] for one in readers},
                "shown_as": {str(one.reader): by[verdict.pair] for one, by in zip(readers, items, strict=True)},
                "grade": verdict.grade,
            }


def mined_grade(pair: Pair, mined: Judgements) -> int | None:
    """What mined labels say of a pair, whichever case asks; None where they say nothing.

    A pair of two judged cases has grade 0 where one of them asks in the qrels and doesn't list the other, or where one
    is normal at the place. A query that the qrels don't hold tells nothing else: not every case asks there.
    """
    one, two = pair.cases
    numbers = {case: _number(case, mined) for case in (one, two)}
    for own, other in ((one, two), (two, one)):
        query = f"{own}@{pair.place}"
        listed = mined.listed.get(query)
        if listed is not None and (mined.judged is None or _is_judged(numbers[other], query, mined)):
            return int(listed.grades[listed.numbers == numbers[other]].sum())
    normal = mined.normal.get(pair.place, NOTHING.numbers)
    judged = all(_is_judged(numbers[case], f"{case}@{pair.place}", mined) for case in (one, two))
    return 0 if judged and np.isin(list(numbers.values()), normal).any() else None


def _number(case: str, labels: Judgements) -> int:
    """The case's number among the documents, -1 where it is none of them."""
    position = bisect_left(labels.documents, case)
    return position if labels.documents[position : position + 1] == (case,) else -1


def _is_judged(number: int, query: str, labels: Judgements) -> bool:
    """Whether somebody judged the case for the query, among the cases of the labels' split."""
    if number < 0 or labels.judged is None or (labels.splits is not None and labels.splits[number] != labels.split):
        return False
    judged = labels.judged.get(query, labels.judged.get(query.partition("@")[2], NOTHING.numbers))
    return bool(np.isin(number, judged))


def _consensus(session: Session, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    hows = Counter(verdict.how for verdict in verdicts)
    grades = Counter((session.pairs[verdict.pair].source, verdict.grade) for verdict in verdicts)
    return {
        **{how: hows[how] for how in ("agreed", "lower", "adjudicated", "open")},
        "grades": {source: [grades[source, grade] for grade in GRADES] for source in ("pool", "random")},
    }


def _mined(
    session: Session,
    readers: Sequence[Answers],
    verdicts: Sequence[Verdict],
    mined: Judgements,
    compare: Callable[[Mapping[int, int | None], Mapping[int, int | None]], dict[str, Any]],
) -> dict[str, Any]:
    told = {number: mined_grade(pair, mined) for number, pair in enumerate(session.pairs)}
    known = {number: grade for number, grade in told.items() if grade is not None}
    return {
        "version": mined.version,
        "unjudged": len(told) - len(known),
        "consensus": compare(known, {verdict.pair: verdict.grade for verdict in verdicts}),
        "readers": [{"reader": one.reader, **compare(known, one.first)} for one in readers],
    }


def _graded_queries(session: Session, verdicts: Sequence[Verdict]) -> dict[str, dict[str, int]]:
    """Grades by query and case, both in order of id, of the pairs that are settled."""
    found: dict[str, dict[str, int]] = {}
    for verdict in verdicts:
        if verdict.grade is not None:
            for query, case in session.pairs[verdict.pair].asked:
                found.setdefault(query, {})[case] = verdict.grade
    return {query: dict(sorted(found[query].items())) for query in sorted(found)}
