"""Runs and judgements for tests: lists by query, every order of a small gallery, random lists that break scorers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import settings

from casekin.evaluation import JudgedRun, Judgements, Run, judge_run

laws = settings(deadline=None, max_examples=50)
"""For tests of laws: machines differ in speed, and runs take milliseconds to judge."""
Pairs = Sequence[tuple[str, str, float]]


def ranked(lists: Mapping[str, Sequence[str]], *, name: str = "made") -> Run:
    """A run whose lists have exactly these orders."""
    return Run.build(name, [(query, doc, -float(i)) for query, docs in lists.items() for i, doc in enumerate(docs)])


def judged(lists: Mapping[str, Sequence[str]], pairs: Pairs, **known: Any) -> JudgedRun:
    """Lists laid over judgements; `known` goes to `Judgements.build`."""
    return judge_run(ranked(lists), Judgements.build(pairs, **known))


def graded(grades: Sequence[float], *, gallery: int | None = None, unlisted: Sequence[float] = ()) -> JudgedRun:
    """One query whose list has these grades from rank 1 on; `unlisted` grades and zeros fill the gallery up."""
    given = [*grades, *unlisted]
    documents = [f"d{i:03d}" for i in range(max(gallery or 0, len(given)))]
    pairs = [("q", doc, grade) for doc, grade in zip(documents, given, strict=False)]
    return judged({"q": documents[: len(grades)]}, pairs, documents=documents)


def every_order(grades: Mapping[str, float], *, depth: int, **known: Any) -> JudgedRun:
    """One query for each order of the documents, cut at `depth`: a mean over queries is one over all orders."""
    orders = [order[:depth] for order in permutations(sorted(grades))]
    lists = {f"q{i:04d}": order for i, order in enumerate(orders)}
    pairs = [(query, doc, grade) for query in lists for doc, grade in grades.items()]
    return judged(lists, pairs, documents=grades, **known)


def random_lists(seed: int, *, queries: int = 40, documents: int = 60) -> tuple[list[tuple[str, str, float]], Pairs]:
    """Rows of a run and qrels that hold what breaks scorers.

    Tied scores, lists shorter than any cutoff, queries that the run lacks, documents that no one listed, queries with
    nothing relevant, with everything relevant, with one document alone.
    """
    random = np.random.default_rng(seed)
    names = [f"d{i}" for i in range(documents)]  # d10 sorts before d2
    rows, pairs = [], []
    for query in (f"q{i}" for i in range(queries)):
        kind = random.integers(0, 6)
        listed = random.permutation(documents)[: 1 if kind == 0 else random.integers(1, documents)]
        grades = np.zeros(len(listed)) if kind == 1 else random.integers(0, 4, len(listed))
        grades = np.full(len(listed), 2) if kind == 2 else grades
        pairs += [(query, names[i], float(grade)) for i, grade in zip(listed, grades, strict=True)]
        if kind == 3 and query != "q0":
            continue
        shown = random.permutation(documents)[: random.integers(1, documents)]
        scores = random.integers(0, 5, len(shown)) if kind == 4 else random.normal(size=len(shown))
        rows += [(query, names[i], float(score)) for i, score in zip(shown, scores, strict=True)]
    if not any(query == "q0" for query, _, _ in rows):
        rows.append(("q0", names[0], 1.0))
    return rows, pairs
