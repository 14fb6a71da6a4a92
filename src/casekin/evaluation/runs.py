"""Runs and judged runs: a ranking of documents for each query, and the arrays every measure reads.

A run is a TREC file of six columns, `query_id Q0 document_id rank score tag`. The score decides; ties break by document
id, ascending; the rank column is not read. `overlay.judge_run` lays a run over judgements once and gives a `JudgedRun`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats, Numbers

PAST_THE_END = -1
"""In a matrix of document numbers: no document at this rank."""
UNKNOWN_PATIENT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A name, and by query the document ids, best first, with their scores."""

    name: str
    lists: Mapping[str, tuple[str, ...]]
    scores: Mapping[str, tuple[float, ...]]

    @classmethod
    def build(cls, name: str, rows: Iterable[tuple[str, str, float]]) -> Run:
        """Sort `(query_id, document_id, score)` rows: higher scores first, ties by document id.

        InputError when a pair comes twice, a score isn't finite, or there is no row.
        """
        found: dict[str, dict[str, float]] = {}
        for query, document, score in rows:
            of_query = found.setdefault(query, {})
            if document in of_query:
                raise InputError(f"run {name}: the pair {query[:80]} {document[:80]} is there twice; expected it once")
            if not math.isfinite(score):
                raise InputError(f"run {name}: expected a finite score for {query[:80]} {document[:80]}, got {score}")
            of_query[document] = score
        if not found:
            raise InputError(f"run {name}: expected ranked documents, got none; check what wrote the run")
        ordered = {
            query: sorted(found[query].items(), key=lambda entry: (-entry[1], entry[0])) for query in sorted(found)
        }
        return cls(
            name=name,
            lists={query: tuple(document for document, _ in entries) for query, entries in ordered.items()},
            scores={query: tuple(score for _, score in entries) for query, entries in ordered.items()},
        )


def read_run(path: Path) -> Run:
    """The run of a TREC file, named as the file is. InputError as `Run.build`, and where a line isn't one."""
    return Run.build(path.stem, _run_rows(path))


def write_run(path: Path, run: Run) -> None:
    """Write a TREC file that `read_run` gives back exactly; it has its name only once it is whole."""
    tag = "_".join(run.name.split())
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as out:
        for query, documents in run.lists.items():
            out.writelines(
                f"{query} Q0 {document} {rank} {score!r} {tag}\n"
                for rank, (document, score) in enumerate(zip(documents, run.scores[query], strict=True), start=1)
            )
    partial.replace(path)


def _run_rows(path: Path) -> Iterator[tuple[str, str, float]]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for row, line in enumerate(lines, start=1):
                fields = line.split()
                if not fields:
                    continue
                try:
                    query, _, document, _, score, _ = fields
                    yield query, document, float(score)
                except ValueError:
                    raise InputError(
                        f"{path.name} row {row}: expected 'query_id Q0 document_id rank score tag', got {len(fields)} "
                        "columns or a score that is no number"
                    ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"run: expected a readable text file, got {type(error).__name__} at {path.name}") from None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GradeCounts:
    """How many documents of each grade a query's gallery holds: entries of one query after the other, best first.

    `rows`: the query of each entry, ascending; `grades`: above 0, descending within a query; `counts`: documents.
    """

    queries: int
    rows: NDArray[np.intp]
    grades: Floats
    counts: Floats

    def at_least(self, rel: float) -> Floats:
        """Documents of grade `rel` and more, `(queries,)`."""
        return sum_by_query(self.rows, self.counts * (self.grades >= rel), self.queries)

    def ends(self) -> tuple[Floats, Floats]:
        """The ranks that each entry takes in the ideal order: after how many, and up to which, `(entries,)` each."""
        last = np.cumsum(self.counts)
        first_entry = np.searchsorted(self.rows, self.rows, side="left")
        before = last[first_entry] - self.counts[first_entry]
        return last - self.counts - before, last - before


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relation:
    """A second kind of judgement on the same lists, such as "shows it on the other side" (see `measures.conditional`).

    `values`: its grade at each rank, `(queries, depth)`, 0 where it doesn't hold, NaN past the end. `counts`: by query
    the documents of the gallery for which it holds, `(queries,)`.
    """

    values: Floats
    counts: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RelevantGroups:
    """Groups of documents with the same text that hold a relevant one: flat, a query's entries after another's.

    `rows`: the query; `groups`: the group's number; `grades`: its best grade; `members`: its documents in the gallery.
    """

    rows: NDArray[np.intp]
    groups: Numbers
    grades: Floats
    members: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedRun:
    """A run laid over judgements; row `i` of every array is `query_ids[i]`, column `j` is rank `j + 1`.

    `query_ids` ascend. `collection`: numbers of the documents a ranking draws from, those of the split. A query that
    the run lacks has an empty row and so scores 0; none is dropped. `listed`: document numbers as the run ranks them,
    `PAST_THE_END` after the last. `listed_judged`: which of them somebody judged (under the rules of TREC, those that
    the qrels list); `judged_counts`: how many of the gallery. `documents`: the same lists without what can't be scored;
    `grades`: their grades, 0 where not relevant, NaN past the end. `ideal`: the grades in each query's gallery.
    `gallery_sizes`: documents that can be scored and the query could have found. `galleries` and `gallery_of`: their
    numbers, before the query's own patient is taken out. `document_patients`, `query_patients`: patient numbers,
    `UNKNOWN_PATIENT` where not known; without any known patient every document counts as a patient of its own.
    `document_groups`: documents with the same text share a number; `relevant_groups`: those that hold a relevant one,
    None where no groups were given. `removed`: counts of what was taken out of lists (`unjudged`, `same_patient`,
    `other_split`) and of queries in the run that aren't scored (`normal_queries`, `unjudged_queries`,
    `not_asking_queries`: the case has a finding there, and the labels weren't drawn for it).
    """

    name: str
    query_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    collection: Numbers
    listed: Numbers
    listed_judged: NDArray[np.bool_]
    documents: Numbers
    grades: Floats
    ideal: GradeCounts
    gallery_sizes: Floats
    judged_counts: Floats
    galleries: tuple[Numbers, ...]
    gallery_of: NDArray[np.intp]
    document_patients: Numbers
    query_patients: Numbers
    document_groups: Numbers
    relevant_groups: RelevantGroups | None = None
    relations: Mapping[str, Relation] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    version: str = ""

    def __len__(self) -> int:
        return len(self.query_ids)

    @property
    def depth(self) -> int:
        """Ranks that are scored: the length of the longest list."""
        return int(self.grades.shape[1])

    @property
    def places(self) -> tuple[str, ...]:
        """The place each query asks at (`*` for the whole case); empty where the query id has none."""
        return tuple(query.partition("@")[2] for query in self.query_ids)

    def relevant_counts(self, rel: float = 1) -> Floats:
        """Documents of grade `rel` and more in each query's gallery, `(queries,)`."""
        return self.ideal.at_least(rel)

    def select(self, rows: NDArray[np.intp]) -> JudgedRun:
        """The same run for some of its queries, given by ascending row numbers."""
        place_of = np.full(len(self), -1)
        place_of[rows] = np.arange(len(rows))
        kept = place_of[self.ideal.rows] >= 0
        ideal, groups = self.ideal, self.relevant_groups
        if groups is not None:
            chosen = place_of[groups.rows] >= 0
            groups = RelevantGroups(
                rows=place_of[groups.rows[chosen]],
                groups=groups.groups[chosen],
                grades=groups.grades[chosen],
                members=groups.members[chosen],
            )
        return replace(
            self,
            query_ids=tuple(self.query_ids[row] for row in rows.tolist()),
            listed=self.listed[rows],
            listed_judged=self.listed_judged[rows],
            documents=self.documents[rows],
            grades=self.grades[rows],
            ideal=GradeCounts(
                queries=len(rows),
                rows=place_of[ideal.rows[kept]],
                grades=ideal.grades[kept],
                counts=ideal.counts[kept],
            ),
            gallery_sizes=self.gallery_sizes[rows],
            judged_counts=self.judged_counts[rows],
            gallery_of=self.gallery_of[rows],
            query_patients=self.query_patients[rows],
            relevant_groups=groups,
            relations={
                name: Relation(values=one.values[rows], counts=one.counts[rows]) for name, one in self.relations.items()
            },
        )


def sum_by_query(rows: NDArray[np.intp], values: NDArray[Any], queries: int) -> Floats:
    """Sums of flat values by the query that each belongs to, `(queries,)`."""
    return np.bincount(rows, values, minlength=queries).astype(np.float64)
