"""The measures of TREC over arrays, named and defined as ir-measures has them; agreement with it is tested to 1e-12."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats
from casekin.evaluation.measures.chance import harmonic, miss_curve
from casekin.evaluation.measures.measure import Measure, ratio
from casekin.evaluation.runs import JudgedRun, sum_by_query


@dataclass(frozen=True, slots=True, kw_only=True)
class NDCG(Measure):
    """nDCG@k = Σ gain(grade_i) / log2(i + 1) over the first k ranks, divided by the same sum of the best possible list.

    The gain is the grade itself (`dcg="log2"`, as trec_eval), or 2^grade - 1 (`dcg="exp-log2"`). 0 where nothing is
    relevant. By chance: mean gain of the gallery × Σ discounts / best sum.
    Source: Järvelin and Kekäläinen, ACM TOIS 20 (2002) 422; exponential gain: Burges et al., ICML 2005.
    """

    dcg: Literal["log2", "exp-log2"] = "log2"

    label: ClassVar[str] = "nDCG"
    plain: ClassVar[str] = "How much of the best possible order the first k hits reach; better grades count more."
    takes_cutoff: ClassVar[Literal["always", "maybe", "never"]] = "maybe"

    def __post_init__(self) -> None:
        super(NDCG, self).__post_init__()
        if self.dcg not in ("log2", "exp-log2") or self.rel != 1:
            raise InputError(f"measure: expected nDCG with dcg='log2' or 'exp-log2' and no rel, got {self.name}")

    def value_per_query(self, run: JudgedRun) -> Floats:
        ranks = self.ranks(run)
        gains = self._gain(np.nan_to_num(run.grades[:, :ranks]))
        return ratio(gains @ _discounts(ranks), self._best(run))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        held = sum_by_query(run.ideal.rows, self._gain(run.ideal.grades) * run.ideal.counts, len(run))
        sums = np.concatenate([[0.0], np.cumsum(_discounts(self.ranks(run)))])
        return ratio(ratio(held, run.gallery_sizes) * sums[self.reach(run).astype(np.intp)], self._best(run))

    def _gain(self, grades: Floats) -> Floats:
        return grades if self.dcg == "log2" else np.exp2(grades) - 1.0

    def _best(self, run: JudgedRun) -> Floats:
        """The sum of the best possible list of each query."""
        ideal = run.ideal
        first, last = (ends if self.cutoff is None else np.minimum(ends, self.cutoff) for ends in ideal.ends())
        sums = np.concatenate([[0.0], np.cumsum(_discounts(int(last.max(initial=0))))])
        shares = self._gain(ideal.grades) * (sums[last.astype(np.intp)] - sums[first.astype(np.intp)])
        return sum_by_query(ideal.rows, shares, len(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragePrecision(Measure):
    """AP = 1/R Σ P@i over the ranks i (of the first k) with a relevant document; R: relevant documents of the gallery.

    0 where nothing is relevant. By chance, N documents and L ranks: (H_L + (R - 1) / (N - 1) (L - H_L)) / N with
    H_L = 1 + 1/2 + … + 1/L. Source: Buckley and Voorhees, SIGIR 2000; trec_eval `map`, `map_cut`.
    """

    label: ClassVar[str] = "AP"
    plain: ClassVar[str] = "Precision at every relevant hit, averaged over all relevant cases there are."
    takes_cutoff: ClassVar[Literal["always", "maybe", "never"]] = "maybe"

    def value_per_query(self, run: JudgedRun) -> Floats:
        hits = self.hits(run)
        precision = np.cumsum(hits, axis=1) / np.arange(1, hits.shape[1] + 1)
        return ratio((precision * hits).sum(axis=1), run.relevant_counts(self.rel))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        gallery, relevant, ranks = run.gallery_sizes, run.relevant_counts(self.rel), self.reach(run)
        sums = harmonic(ranks)
        others = ratio(relevant - 1, gallery - 1) * (ranks - sums)
        return np.where(relevant > 0, ratio(sums + others, gallery), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision(Measure):
    """P@k = relevant documents among the first k, divided by k (also where fewer are listed). By chance: R/N.

    Source: van Rijsbergen, Information Retrieval (1979) chapter 7; trec_eval `P`.
    """

    label: ClassVar[str] = "P"
    plain: ClassVar[str] = "Share of the first k hits that are relevant."

    def value_per_query(self, run: JudgedRun) -> Floats:
        return ratio(self.hits(run).sum(axis=1), np.full(len(run), float(self.cutoff or 1)))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        found = ratio(run.relevant_counts(self.rel), run.gallery_sizes) * self.reach(run)
        return found / (self.cutoff or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Measure):
    """R@k = relevant documents among the first k / all relevant documents; strict: only what the qrels list counts.

    0 where nothing is relevant. By chance: k/N. Many papers call `Success@k` by this name. Source: van Rijsbergen
    (1979) chapter 7; trec_eval `recall`.
    """

    label: ClassVar[str] = "R"
    plain: ClassVar[str] = "Share of all relevant cases that stand among the first k hits."

    def value_per_query(self, run: JudgedRun) -> Floats:
        return ratio(self.hits(run).sum(axis=1), run.relevant_counts(self.rel))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return np.where(run.relevant_counts(self.rel) > 0, ratio(self.reach(run), run.gallery_sizes), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReciprocalRank(Measure):
    """RR = 1 / rank of the first relevant document; 0 where none stands among the first k.

    By chance: Σ P(first at i) / i. Source: Voorhees, TREC-8 (1999); trec_eval `recip_rank`.
    """

    label: ClassVar[str] = "RR"
    plain: ClassVar[str] = "One divided by the rank of the first relevant hit."
    takes_cutoff: ClassVar[Literal["always", "maybe", "never"]] = "maybe"

    def value_per_query(self, run: JudgedRun) -> Floats:
        hits = self.hits(run)
        return np.where(hits.any(axis=1), 1.0 / (hits.argmax(axis=1) + 1.0), 0.0)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        ranks = self.ranks(run)
        curve = miss_curve(run.gallery_sizes, run.relevant_counts(self.rel), ranks)
        expected: Floats = -np.diff(curve, axis=1) @ (1.0 / np.arange(1, ranks + 1))
        return expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Success(Measure):
    """Success@k = 1 where a relevant document stands among the first k, else 0: the hit rate, no query left out.

    By chance: 1 - C(N - R, k) / C(N, k). Source: trec_eval `success`.
    """

    label: ClassVar[str] = "Success"
    plain: ClassVar[str] = "Whether any of the first k hits is relevant; questions without an answer count as failures."

    def value_per_query(self, run: JudgedRun) -> Floats:
        return np.asarray(self.hits(run).max(axis=1, initial=0.0))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        curve = miss_curve(run.gallery_sizes, run.relevant_counts(self.rel), self.ranks(run))
        expected: Floats = 1.0 - curve[:, -1]
        return expected


@dataclass(frozen=True, slots=True, kw_only=True)
class RPrecision(Measure):
    """Rprec = relevant documents among the first R / R, R being how many there are; 0 where there are none.

    By chance: R/N, as far as the run is deep enough. Source: Buckley and Voorhees, SIGIR 2000; trec_eval `Rprec`.
    """

    label: ClassVar[str] = "Rprec"
    plain: ClassVar[str] = "Precision at the rank where a perfect list would have shown every relevant case."
    takes_cutoff: ClassVar[Literal["always", "maybe", "never"]] = "never"

    def value_per_query(self, run: JudgedRun) -> Floats:
        relevant, hits = run.relevant_counts(self.rel), self.hits(run)
        within = np.arange(hits.shape[1])[None, :] < relevant[:, None]
        return ratio((hits * within).sum(axis=1), relevant)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        relevant = run.relevant_counts(self.rel)
        return np.where(relevant > 0, ratio(np.minimum(relevant, self.reach(run)), run.gallery_sizes), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Measure):
    """Judged@k = share of the first k documents, as the run lists them, that somebody judged; 0 for an empty list.

    Under the rules of TREC, those that the qrels list, at whatever grade. By chance: judged documents of the gallery /
    all that the run could list. Source: ir-measures `Judged`.
    """

    label: ClassVar[str] = "Judged"
    plain: ClassVar[str] = "Share of the first k hits of which we know whether they are relevant."

    def value_per_query(self, run: JudgedRun) -> Floats:
        shown = run.listed[:, : self.cutoff] >= 0
        known = run.listed_judged[:, : self.cutoff]
        return ratio(known.sum(axis=1).astype(float), shown.sum(axis=1).astype(float))

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return run.judged_counts / len(run.collection)


def _discounts(ranks: int) -> Floats:
    """1 / log2(i + 1) for i = 1…ranks."""
    return 1.0 / np.log2(np.arange(2, ranks + 2))
