"""What an evaluation says, as data: the classes are the record, field for field, and nothing in it is rounded.

None stands for what isn't known: no query has a value, one patient alone has no interval, nothing to compare with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from casekin.evaluation.gates import GateResult
from casekin.evaluation.slices import SliceCell


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureScore:
    """A measure over queries with its 95 % interval by patient; `chance`: what a random ranking as deep would get.

    `n` counts the queries that have a value, `patients` those they belong to. Of a median rank `mean` is the median.
    """

    mean: float | None
    lo: float | None
    hi: float | None
    n: int
    patients: int
    chance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is measured minus what it is compared with, query by query; see `statistics.Comparison`.

    `p_holm`: p that holds together with its family's: the baselines of one measure, the measures of one comparison, or
    the places. None for p where there is none: a median, fewer than 11 patients at a place.
    """

    mean: float | None
    lo: float | None
    hi: float | None
    n: int
    patients: int
    p_value: float | None
    p_holm: float | None
    minimum_detectable_effect: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineScore:
    """A baseline over the same queries. `missing_queries`: those it has no list for, which score 0.

    `further_queries`: queries of its own that weren't asked of the run, left out.
    """

    measures: Mapping[str, MeasureScore]
    difference: Mapping[str, Difference]
    missing_queries: int
    further_queries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceScore:
    """The lead measure where queries ask at one place, `*` being the whole case.

    `measures` and each of `baselines` hold the lead measure alone. `difference` is that to the best baseline of the
    whole evaluation (`Evaluation.best_baseline`), its p corrected over the places of at least 11 patients.
    """

    place: str
    n: int
    patients: int
    gallery: float
    prevalence: float
    measures: Mapping[str, MeasureScore]
    baselines: Mapping[str, MeasureScore]
    difference: Difference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumScore:
    """All measures over the queries of one kind of case; each of `baselines` has the lead measure alone.

    In the stratum `normal` the query's place is normal, and so is what is relevant; it is in no other figure.
    """

    n_queries: int
    patients: int
    gallery: float
    prevalence: float
    measures: Mapping[str, MeasureScore]
    baselines: Mapping[str, MeasureScore]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Means along a curve with their intervals, None as in `MeasureScore`."""

    mean: tuple[float | None, ...]
    lo: tuple[float | None, ...]
    hi: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A measure at ranks `k`: of the run, of each baseline (means alone), and of a random ranking."""

    k: tuple[int, ...]
    run: Band
    baselines: Mapping[str, tuple[float | None, ...]]
    chance: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCoverage:
    """The mean loss, 1 - the lead measure, among the share `coverage` of queries whose first score is highest.

    `area`, with its interval, is the mean over all coverages (AURC); `chance` is what any score that knows nothing
    gets: the loss over all queries. A query without a list comes last.
    """

    measure: str
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float | None
    lo: float | None
    hi: float | None
    n: int
    patients: int
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How much of its first `k` hits a case's lists at two places have in common: `overlap[i][j]`, the mean over cases.

    None where no case was asked at both `places[i]` and `places[j]`; 1 on the diagonal. `cases[i][j]`: how many were.
    """

    k: int
    places: tuple[str, ...]
    overlap: tuple[tuple[float | None, ...], ...]
    cases: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A listed case and its grade; None where nobody judged it."""

    case_id: str
    grade: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstQuery:
    """A query that has relevant cases (`relevant` of them in its gallery) and a bad value, with what it was shown."""

    query_id: str
    place: str
    measure: str
    value: float
    relevant: int
    first: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDifference:
    """The lead measure of both runs of a comparison at one place; `difference` as in `PlaceScore`."""

    place: str
    n: int
    patients: int
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """The run minus the other one, over the same queries and labels; `scores` are the other one's own."""

    other: str
    scores: Mapping[str, MeasureScore]
    measures: Mapping[str, Difference]
    places: tuple[PlaceDifference, ...]
    missing_queries: int
    further_queries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that is measured of one run on one task; `as_record` is the JSON form.

    `lead`: the measure that breakdowns, curves and worst queries are of, the first asked. `labels`: where grades come
    from, their version and counts. `program`, `kind` of the images that ask and answer, `model_version`,
    `index_version`, and `command`, which repeats it with files named without their folders: None until the caller, who
    knows them, puts them in, as for `baselines_missing` (name: why), `pointing`, `leaks` and `tasks`.
    `gallery`: documents that a query could find, the median over queries; `prevalence`: the mean share of them that is
    relevant, and `chance` the same number: what a random pick hits. `depth`: ranks scored, the same for every run.
    `dropped`: what the protocol left out; `removed`: what was taken out of the run's lists, and its queries that belong
    elsewhere; `missing_queries`: queries of the labels that the run has no list for, which score 0.
    `slices`: the lead measure by header field; `slices_missing`: fields that couldn't be used, and why.
    """

    protocol: str
    protocol_version: int
    protocol_sha256: str
    task: str
    run: str
    lead: str
    labels: Mapping[str, Any]
    program: str | None = None
    kind: str | None = None
    model_version: str | None = None
    index_version: str | None = None
    command: str | None = None
    seed: int
    resamples: int
    n_queries: int
    patients: int
    gallery: float
    gallery_least: float
    gallery_most: float
    depth: int
    prevalence: float
    chance: float
    missing_queries: int
    dropped: Mapping[str, int]
    removed: Mapping[str, int]
    measures: Mapping[str, MeasureScore]
    baselines: Mapping[str, BaselineScore] = field(default_factory=dict)
    baselines_missing: Mapping[str, str] = field(default_factory=dict)
    best_baseline: str | None = None
    places: tuple[PlaceScore, ...] = ()
    strata: Mapping[str, StratumScore] = field(default_factory=dict)
    slices: Mapping[str, tuple[SliceCell, ...]] = field(default_factory=dict)
    slices_missing: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)
    risk_coverage: RiskCoverage | None = None
    sensitivity: Sensitivity | None = None
    pointing: Mapping[str, Any] | None = None
    worst: tuple[WorstQuery, ...] = ()
    comparison: RunComparison | None = None
    gates: tuple[GateResult, ...] = ()
    leaks: Mapping[str, Any] | None = None
    tasks: tuple[Evaluation, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """The JSON form: fields in this order, nothing left out, all of it plain dicts, lists, numbers and strings."""
        record: dict[str, Any] = _plain(self)
        return record


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def without_cases(evaluation: Evaluation) -> Evaluation:
    """The same figures, of tasks too, without the parts that name a case: worst queries, and examples of leaks."""
    leaks = None if evaluation.leaks is None else _without_examples(evaluation.leaks)
    return replace(evaluation, worst=(), leaks=leaks, tasks=tuple(without_cases(task) for task in evaluation.tasks))


def _without_examples(record: Any) -> Any:
    """A JSON value whose lists of `examples` are empty."""
    if not isinstance(record, Mapping):
        return record
    return {name: [] if name == "examples" else _without_examples(value) for name, value in record.items()}
