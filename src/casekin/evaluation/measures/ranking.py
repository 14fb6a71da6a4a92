"""What TREC lacks: graded recall, hit rates as papers code them and corrected for chance, first ranks, text groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats
from casekin.evaluation.measures.chance import miss_probability
from casekin.evaluation.measures.measure import Better, Measure, ratio
from casekin.evaluation.measures.trec import AveragePrecision, Success
from casekin.evaluation.runs import JudgedRun, RelevantGroups, sum_by_query

Takes = Literal["always", "maybe", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedRecall(Measure):
    """GradedR@k = Σ grades of the first k / Σ grades of the whole gallery, grades below `rel` counting 0.

    0 where nothing is relevant. By chance: k/N. Source: generalised recall, Kekäläinen and Järvelin, JASIST 53 (2002)
    1120.
    """

    label: ClassVar[str] = "GradedR"
    plain: ClassVar[str] = "Share of all relevance there is, better grades counting more, among the first k hits."

    def value_per_query(self, run: JudgedRun) -> Floats:
        grades = np.nan_to_num(run.grades[:, : self.ranks(run)])
        return ratio((grades * (grades >= self.rel)).sum(axis=1), self._held(run))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return np.where(self._held(run) > 0, ratio(self.reach(run), run.gallery_sizes), 0.0)

    def _held(self, run: JudgedRun) -> Floats:
        ideal = run.ideal
        weights = ideal.grades * ideal.counts * (ideal.grades >= self.rel)
        return sum_by_query(ideal.rows, weights, len(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate(Measure):
    """HitRate@k: `Success@k` over the queries that have a relevant document; the others are NaN, so they drop out.

    That is what papers print as Recall@K (RadIR: a similarity above 0.9 in the first K, queries without one left out).
    It looks better the more queries can't be answered: read it with `Coverage`. By chance: as `Success@k`.
    Source: arXiv 2503.04653, evaluation code.
    """

    label: ClassVar[str] = "HitRate"
    plain: ClassVar[str] = "Whether any of the first k hits is relevant; questions without an answer are left out."

    def value_per_query(self, run: JudgedRun) -> Floats:
        found = Success(rel=self.rel, cutoff=self.cutoff).value_per_query(run)
        return _where_relevant(self, run, found)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        found = Success(rel=self.rel, cutoff=self.cutoff).expected_by_chance(run)
        return _where_relevant(self, run, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedHitRate(Measure):
    """CorrectedHitRate@k = (hit - c_q) / (1 - c), c_q the query's own chance and c the mean chance of all queries.

    1 is perfect, 0 what a random ranking gets, whatever the prevalence; a query may be below 0. Its mean is
    (hit rate - chance) / (1 - chance). Queries without a relevant document are NaN; so are all where chance is 1. The
    mean chance is that of the run's queries: a selection has its own.
    Source: the form of Cohen's kappa, Educational and Psychological Measurement 20 (1960) 37.
    """

    label: ClassVar[str] = "CorrectedHitRate"
    plain: ClassVar[str] = "Hit rate on a scale where 0 is a random list and 1 is a hit for every question."

    def value_per_query(self, run: JudgedRun) -> Floats:
        plain = HitRate(rel=self.rel, cutoff=self.cutoff)
        chance = plain.expected_by_chance(run)
        left = 1.0 - plain.over_queries(chance)
        return np.where(left > 0, (plain.value_per_query(run) - chance) / (left if left > 0 else 1.0), np.nan)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        values = self.value_per_query(run)
        return np.where(np.isnan(values), np.nan, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragePrecisionWithin(Measure):
    """APWithin@k: as `AP@k`, but divided by min(k, R), so that a perfect list of k gets 1 however many are relevant.

    0 where nothing is relevant. By chance: that of `AP@k` × R / min(k, R). Source: the usual AP@k of recommender
    systems, e.g. Musgrave et al., ECCV 2020 (MAP@R for k = R).
    """

    label: ClassVar[str] = "APWithin"
    plain: ClassVar[str] = "Precision at every relevant hit of the first k, 1 for a perfect list of k."

    def value_per_query(self, run: JudgedRun) -> Floats:
        return self._scale(run) * AveragePrecision(rel=self.rel, cutoff=self.cutoff).value_per_query(run)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return self._scale(run) * AveragePrecision(rel=self.rel, cutoff=self.cutoff).expected_by_chance(run)

    def _scale(self, run: JudgedRun) -> Floats:
        relevant = run.relevant_counts(self.rel)
        return ratio(relevant, np.minimum(relevant, self.cutoff or 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRank(Measure):
    """FirstRank = rank of the first relevant document, over the queries that have one (NaN for the others).

    Where none of a list of L is relevant, the rest of the gallery is taken in random order: L + (N - L + 1) / (R + 1).
    By chance: (N + 1) / (R + 1). Source: mean rank of the first hit, expectation by the negative hypergeometric law.
    """

    label: ClassVar[str] = "FirstRank"
    plain: ClassVar[str] = "How many cases one has to look at until the first relevant one."
    better: ClassVar[Better] = "lower"
    takes_cutoff: ClassVar[Takes] = "never"

    def value_per_query(self, run: JudgedRun) -> Floats:
        relevant, hits = run.relevant_counts(self.rel), self.hits(run)
        listed = (~np.isnan(run.grades)).sum(axis=1)
        beyond = listed + (run.gallery_sizes - listed + 1) / (relevant + 1)
        rank = np.where(hits.any(axis=1), hits.argmax(axis=1) + 1.0, beyond)
        return _where_relevant(self, run, rank)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return _where_relevant(self, run, (run.gallery_sizes + 1) / (run.relevant_counts(self.rel) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianRank(Measure):
    """MedianRank = the median over queries of `FirstRank`, what image-to-report papers print as MedR.

    Chance is the median of a random ranking's first ranks, all queries together: the least r with mean
    P(first ≤ r) ≥ 1/2. By query the expectation is that of `FirstRank`.
    Source: Hodosh, Young and Hockenmaier, JAIR 47 (2013) 853.
    """

    label: ClassVar[str] = "MedianRank"
    plain: ClassVar[str] = "Half of the questions have their first relevant case at this rank or before."
    better: ClassVar[Better] = "lower"
    takes_cutoff: ClassVar[Takes] = "never"

    def value_per_query(self, run: JudgedRun) -> Floats:
        return FirstRank(rel=self.rel).value_per_query(run)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return FirstRank(rel=self.rel).expected_by_chance(run)

    def over_queries(self, values: Floats) -> float:
        known = values[~np.isnan(values)]
        return float(np.median(known)) if len(known) else float("nan")

    def chance(self, run: JudgedRun) -> float:
        relevant = run.relevant_counts(self.rel)
        gallery, relevant = run.gallery_sizes[relevant > 0], relevant[relevant > 0]
        if not len(relevant):
            return float("nan")
        low, high = 1, int(gallery.max())
        while low < high:
            middle = (low + high) // 2
            found = 1.0 - miss_probability(gallery, relevant, np.full(len(gallery), float(middle)))
            low, high = (low, middle) if found.mean() >= 0.5 else (middle + 1, high)
        return float(low)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRecall(Measure):
    """GroupR@k = groups with a relevant document that the first k ranks show / groups with a relevant document.

    A group are the documents with the same text: any of them finds it, and finding two counts once. `R@k` is the
    strict form, in which only the listed document counts; print both. 0 where nothing is relevant. By chance: the mean
    over relevant groups of 1 - C(N - m, k) / C(N, k), m being how many documents of the group the gallery holds.
    InputError when the run was judged without groups. Source: casekin; the strict form misjudges identical reports.
    """

    label: ClassVar[str] = "GroupR"
    plain: ClassVar[str] = "Share of the distinct relevant texts that the first k hits show."

    def value_per_query(self, run: JudgedRun) -> Floats:
        groups, count = self._groups(run), int(run.document_groups.max()) + 1
        rows, columns = np.nonzero(run.documents[:, : self.ranks(run)] >= 0)
        shown = np.unique(rows * count + run.document_groups[run.documents[rows, columns]])
        chosen = groups.grades >= self.rel
        wanted = groups.rows[chosen] * count + groups.groups[chosen]
        found = sum_by_query(groups.rows[chosen], np.isin(wanted, shown), len(run))
        return ratio(found, self._held(run, groups))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        groups = self._groups(run)
        chosen = groups.grades >= self.rel
        rows = groups.rows[chosen]
        missed = miss_probability(run.gallery_sizes[rows], groups.members[chosen], self.reach(run)[rows])
        return ratio(sum_by_query(rows, 1.0 - missed, len(run)), self._held(run, groups))

    def _groups(self, run: JudgedRun) -> RelevantGroups:
        if run.relevant_groups is None:
            raise InputError(f"measure: {self.name} needs a run judged with groups of documents, got one without")
        return run.relevant_groups

    def _held(self, run: JudgedRun, groups: RelevantGroups) -> Floats:
        return sum_by_query(groups.rows, groups.grades >= self.rel, len(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Measure):
    """Coverage = share of queries whose gallery holds a relevant document at all; no ranking changes it.

    By chance: the same. Source: casekin; printed so that dropped or hopeless questions are seen.
    """

    label: ClassVar[str] = "Coverage"
    plain: ClassVar[str] = "Share of the questions that have any relevant case in the archive."
    better: ClassVar[Better] = "neither"
    takes_cutoff: ClassVar[Takes] = "never"

    def value_per_query(self, run: JudgedRun) -> Floats:
        return (run.relevant_counts(self.rel) > 0).astype(np.float64)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return self.value_per_query(run)


def _where_relevant(measure: Measure, run: JudgedRun, values: Floats) -> Floats:
    """The values, NaN for the queries whose gallery holds nothing relevant."""
    return np.where(run.relevant_counts(measure.rel) > 0, values, np.nan)
