"""A run laid over judgements, once: what can't be scored is taken out and counted, the rest becomes arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.errors import InputError, PlaceError
from casekin.evaluation.judgements import NOTHING, Floats, Judgements, Listed, Numbers
from casekin.evaluation.runs import (
    PAST_THE_END,
    UNKNOWN_PATIENT,
    GradeCounts,
    JudgedRun,
    Relation,
    RelevantGroups,
    Run,
)
from casekin.relevance.trec import ANYWHERE


def judge_run(
    run: Run,
    judgements: Judgements,
    *,
    relations: Mapping[str, Judgements] | None = None,
    groups: Mapping[str, str] | None = None,
) -> JudgedRun:
    """Lay a run over judgements: the queries that have a finding to look for.

    These are the queries of the qrels and, with `judged.jsonl`, those of the run whose case is judged at their place,
    isn't normal there, and asks as far as the labels say. `removed` counts the run's other queries by reason; one at a
    place that the labels leave out, such as a part of theirs, is unjudged.
    `relations` are further judgements of the same pairs by name, over the same documents; `groups` gives documents with
    the same text the same name.
    InputError when the run names a query or a document that the judgements don't know, or ranks nothing of theirs.
    """
    table = _Table(run, judgements)
    strata = {query: table.stratum(query) for query in run.lists}
    queries = {*judgements.listed, *(query for query, stratum in strata.items() if stratum == "finding")}
    counts = Counter(strata.values())
    removed = {f"{name}_queries": counts[name] for name in ("normal", "unjudged", "not_asking")}
    grades = judgements.listed
    return table.lay(sorted(queries), grades, relations=relations or {}, groups=groups or {}, removed=removed)


def judge_normal(run: Run, judgements: Judgements) -> JudgedRun | None:
    """Lay a run over the normal stratum: queries of the run whose case is normal at the place; both normal is grade 1.

    None when the run holds no such query. InputError as `judge_run`.
    """
    table = _Table(run, judgements)
    queries = [query for query in sorted(run.lists) if table.stratum(query) == "normal"]
    if not queries:
        return None
    normal = {place: Listed(numbers, np.ones(len(numbers))) for place, numbers in judgements.normal.items()}
    grades = {query: normal[query.partition("@")[2]] for query in queries}
    return table.lay(queries, grades, relations={}, groups={}, removed={})


class _Table:
    """Numbers of a run's and its judgements' documents, galleries and patients, while lists are laid over them."""

    def __init__(self, run: Run, judgements: Judgements) -> None:
        self._run = run
        self._judgements = judgements
        known = set(judgements.documents)
        strange = sorted({name for ids in run.lists.values() for name in ids} - known)
        if strange and judgements.closed:
            raise InputError(
                f"run {run.name}: the document {strange[0][:80]!r} is unknown to the qrels "
                f"(and {len(strange) - 1} more); run and labels have to be of one archive"
            )
        self.names = (*judgements.documents, *strange)
        self.numbers = {name: number for number, name in enumerate(self.names)}
        self.patients, self._patient_numbers = self._number_patients()
        splits = (*(judgements.splits or judgements.documents), *("" for _ in strange))
        self._in_split = np.array([judgements.splits is None or judgements.split in (None, name) for name in splits])

    def stratum(self, query: str) -> str:
        """`finding`, `normal`, `unjudged` or `not_asking`. InputError when the query is none of the judgements'."""
        judgements = self._judgements
        if query in judgements.listed:
            return "finding"
        case, _, place = query.partition("@")
        number = self.numbers.get(case)
        judged = judgements.judged
        known = judged is not None and (place in judged or _is_place(place))
        if judged is None or number is None or not known or not self._in_split[number]:
            split = f" of the split {judgements.split}" if judgements.split else ""
            raise InputError(
                f"run {self._run.name}: the query {query[:80]!r} is unknown to the qrels{split}; "
                "run and labels have to be of one archive and one split"
            )
        if not _holds(judged.get(place, NOTHING.numbers), number):
            return "unjudged"
        if _holds(judgements.normal.get(place, NOTHING.numbers), number):
            return "normal"
        return "finding" if judgements.may_ask(query) else "not_asking"

    def lay(
        self,
        queries: list[str],
        grades: Mapping[str, Listed],
        *,
        relations: Mapping[str, Judgements],
        groups: Mapping[str, str],
        removed: Mapping[str, int],
    ) -> JudgedRun:
        """The judged run of these queries, ascending."""
        if not any(query in self._run.lists for query in queries):
            raise InputError(
                f"run {self._run.name}: expected lists of queries of the qrels, got none of the {len(queries)}; "
                "check that run and labels belong together"
            )
        galleries, gallery_of = self._galleries(queries)
        masks = [_mask(gallery, len(self.names)) for gallery in galleries]
        own = np.array([self._own_patient(query) for query in queries], dtype=np.int32)
        reach = _Reach([masks[gallery] for gallery in gallery_of.tolist()], own, self.patients)
        listed = [self._ranked(query) for query in queries]
        scored = [mask[ranked] for ranked, mask in zip(listed, reach, strict=True)]
        documents = _padded(ranked[kept] for ranked, kept in zip(listed, scored, strict=True))
        values, ideal = self._graded(queries, documents, grades, reach)
        judged, judged_counts = self._judged(queries, listed, grades, reach)
        return JudgedRun(
            name=self._run.name,
            query_ids=tuple(queries),
            document_ids=self.names,
            collection=np.flatnonzero(self._in_split).astype(np.int32),
            listed=_padded(listed),
            listed_judged=_padded(judged) > 0,
            documents=documents,
            grades=values,
            ideal=ideal,
            gallery_sizes=np.array([mask.sum() for mask in reach], dtype=float),
            judged_counts=judged_counts,
            galleries=galleries,
            gallery_of=gallery_of,
            document_patients=self.patients,
            query_patients=own,
            document_groups=self._number_groups(groups),
            relevant_groups=self._relevant_groups(queries, grades, self._number_groups(groups), reach)
            if groups
            else None,
            relations={
                name: self._relation(one, name, queries, documents, reach) for name, one in sorted(relations.items())
            },
            removed={**removed, **self._removed(listed, scored, own)},
            version=self._judgements.version,
        )

    def _ranked(self, query: str) -> Numbers:
        """The numbers of a query's list; empty where the run lacks it."""
        return np.array([self.numbers[name] for name in self._run.lists.get(query, ())], dtype=np.int32)

    def _judged(
        self, queries: list[str], listed: list[Numbers], grades: Mapping[str, Listed], reach: _Reach
    ) -> tuple[list[NDArray[np.bool_]], Floats]:
        """Which of the listed documents somebody judged, and how many of each gallery; the qrels', by TREC's rules."""
        flags, counts = [], np.zeros(len(queries))
        for row, (query, ranked, mask) in enumerate(zip(queries, listed, reach, strict=True)):
            if self._judgements.judged is None:
                mask &= _mask(grades.get(query, NOTHING).numbers, len(self.names))
            flags.append(mask[ranked])
            counts[row] = mask.sum()
        return flags, counts

    def _removed(self, listed: list[Numbers], scored: list[NDArray[np.bool_]], own: Numbers) -> dict[str, int]:
        """How many documents of the lists aren't scored, by reason."""
        counts = dict.fromkeys(("other_split", "same_patient", "unjudged"), 0)
        for ranked, kept, patient in zip(listed, scored, own.tolist(), strict=True):
            mine = self.patients[ranked] == patient
            elsewhere = ~mine & ~self._in_split[ranked]
            counts["same_patient"] += int(mine.sum())
            counts["other_split"] += int(elsewhere.sum())
            counts["unjudged"] += int((~kept & ~mine & ~elsewhere).sum())
        return counts

    def _number_patients(self) -> tuple[Numbers, dict[str, int]]:
        """The patient number of each document, and numbers by name; one without a patient is its own."""
        names: dict[str, int] = {}
        told = self._judgements.patients or (None,) * len(self._judgements.documents)
        whole = (*told, *(None,) * (len(self.names) - len(told)))
        numbers = [names.setdefault(f"p{p}" if p is not None else f"d{i}", len(names)) for i, p in enumerate(whole)]
        return np.array(numbers, dtype=np.int32), names

    def _number_groups(self, groups: Mapping[str, str]) -> Numbers:
        names: dict[str, int] = {}
        keys = (f"g{groups[name]}" if name in groups else f"d{i}" for i, name in enumerate(self.names))
        return np.array([names.setdefault(key, len(names)) for key in keys], dtype=np.int32)

    def _own_patient(self, query: str) -> int:
        """The patient to keep out of a query's list; under the plain rules of TREC nobody is."""
        judgements = self._judgements
        if query in judgements.query_patients:
            return self._patient_numbers.get(f"p{judgements.query_patients[query]}", UNKNOWN_PATIENT)
        if judgements.judged is None and judgements.patients is None:
            return UNKNOWN_PATIENT
        number = self.numbers.get(query.partition("@")[0])
        return UNKNOWN_PATIENT if number is None else int(self.patients[number])

    def _galleries(self, queries: list[str]) -> tuple[tuple[Numbers, ...], NDArray[np.intp]]:
        judged = self._judgements.judged
        if judged is None:
            return (np.flatnonzero(self._in_split).astype(np.int32),), np.zeros(len(queries), dtype=np.intp)
        keys = [query if query in judged else query.partition("@")[2] for query in queries]
        order = {key: number for number, key in enumerate(sorted(set(keys)))}
        lists = (judged.get(key, NOTHING.numbers) for key in order)
        galleries = tuple(numbers[self._in_split[numbers]] for numbers in lists)
        return galleries, np.array([order[key] for key in keys], dtype=np.intp)

    def _graded(
        self,
        queries: list[str],
        documents: Numbers,
        grades: Mapping[str, Listed],
        reach: _Reach,
    ) -> tuple[Floats, GradeCounts]:
        """Grades along the lists, and the grades each gallery holds."""
        values = np.full(documents.shape, np.nan)
        scratch = np.zeros(len(self.names))
        rows, levels, counts = [], [], []
        for row, (query, mask) in enumerate(zip(queries, reach, strict=True)):
            numbers, given = grades.get(query, NOTHING)
            scratch[numbers] = given
            there = documents[row] != PAST_THE_END
            values[row, there] = scratch[documents[row, there]]
            scratch[numbers] = 0.0
            held = given[(given > 0) & mask[numbers]]
            level, count = np.unique(held, return_counts=True)
            rows.append(np.full(len(level), row, dtype=np.intp))
            levels.append(level[::-1])
            counts.append(count[::-1].astype(float))
        ideal = GradeCounts(
            queries=len(queries),
            rows=np.concatenate(rows),
            grades=np.concatenate(levels),
            counts=np.concatenate(counts),
        )
        return values, ideal

    def _relevant_groups(
        self,
        queries: list[str],
        grades: Mapping[str, Listed],
        groups: Numbers,
        reach: _Reach,
    ) -> RelevantGroups:
        rows, found, best, members = [], [], [], []
        for row, (query, mask) in enumerate(zip(queries, reach, strict=True)):
            numbers, given = grades.get(query, NOTHING)
            held = mask[numbers] & (given > 0)
            of_group, position = np.unique(groups[numbers[held]], return_inverse=True)
            grade = np.zeros(len(of_group))
            np.maximum.at(grade, position, given[held])
            rows.append(np.full(len(of_group), row, dtype=np.intp))
            found.append(of_group)
            best.append(grade)
            members.append(np.bincount(groups[mask], minlength=int(groups.max()) + 1)[of_group].astype(float))
        return RelevantGroups(
            rows=np.concatenate(rows),
            groups=np.concatenate(found),
            grades=np.concatenate(best),
            members=np.concatenate(members),
        )

    def _relation(
        self,
        judgements: Judgements,
        name: str,
        queries: list[str],
        documents: Numbers,
        reach: _Reach,
    ) -> Relation:
        if judgements.documents != self._judgements.documents:
            raise InputError(f"relations: expected {name!r} over the same documents as the qrels; build it with them")
        values, held = self._graded(queries, documents, judgements.listed, reach)
        return Relation(values=values, counts=held.at_least(0))


class _Reach:
    """By query, which documents it could find, `(documents,)`: made anew when asked for, as all would fill memory."""

    def __init__(self, galleries: list[NDArray[np.bool_]], own: Numbers, patients: Numbers) -> None:
        self._galleries = galleries
        self._own = own.tolist()
        self._patients = patients

    def __iter__(self) -> Iterator[NDArray[np.bool_]]:
        for gallery, patient in zip(self._galleries, self._own, strict=True):
            yield gallery & (self._patients != patient)


def _is_place(name: str) -> bool:
    """Whether query ids write a place in this way."""
    try:
        return name == ANYWHERE or str(parse_place(name)) == name
    except PlaceError:
        return False


def _holds(numbers: Numbers, number: int) -> bool:
    position = int(np.searchsorted(numbers, number))
    return position < len(numbers) and int(numbers[position]) == number


def _mask(numbers: Numbers, count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=np.bool_)
    mask[numbers] = True
    return mask


def _padded(lists: Iterable[NDArray[np.generic]]) -> Numbers:
    """Lists of unequal length as one matrix, `PAST_THE_END` after each; at least one column."""
    rows = list(lists)
    matrix = np.full((len(rows), max(1, *map(len, rows)) if rows else 1), PAST_THE_END, dtype=np.int32)
    for row, numbers in enumerate(rows):
        matrix[row, : len(numbers)] = numbers
    return matrix
