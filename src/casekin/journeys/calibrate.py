"""calibrate: an archive's own cases ask it questions, so that later answers can say how far they may be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import IndexStoreError, InputError
from casekin.index import CaseIndex, open_index
from casekin.index.records import Kind, StoredCase
from casekin.models import ImageEncoder, load_encoder
from casekin.retrieval.compose.fit import fit_support, write_curve
from casekin.retrieval.encode import versions_of
from casekin.retrieval.sample import cases_by_hash, hash_of
from casekin.retrieval.tokens import unpack_tokens
from casekin.retrieval.verdict.calibration import (
    LEVEL,
    Calibration,
    Trust,
    Where,
    read_calibration,
    write_calibration,
)
from casekin.retrieval.verdict.conformal import fit_promises
from casekin.retrieval.verdict.distance import FEWEST_PICTURES, fit_distance, mean_look
from casekin.retrieval.verdict.questions import Asker, Outcome, draw_questions

_SAMPLE = 2000
"""Cases that are looked at, at most: more narrow no promise by a point."""
_MOST_PLACED, _MOST_WHOLE = 1500, 500
"""Questions at a place, and about a whole image."""
FEWEST_QUESTIONS = 100
"""A bin of questions that a promise is made of: with fewer, chance moves it by more than some points."""
_GROWN = 1.25
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSummary:
    """What was calibrated for a kind of image: pictures (half of them to measure from), questions by form, and the
    share of them that would be answered at the level. `missing` says what there was too little of."""

    kind: Kind
    pictures: int
    questions: Mapping[str, int]
    answered: Mapping[str, float]
    missing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSummary:
    """What `calibrate` did, by kind of image."""

    level: float
    index_version: str
    kinds: tuple[KindSummary, ...]

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def calibrate_index(
    index: Path | str,
    *,
    level: float = LEVEL,
    encoder: ImageEncoder | None = None,
    progress: Progress | None = None,
) -> CalibrationSummary:
    """Calibrate an index's verdicts on its own cases, and keep that with it; `level` is the least promise of an answer.

    Up to 2,000 cases are sampled, by a hash of their ids: some seconds for 1,000 cases, and no more than a minute for
    an archive of any size. `encoder` is the index's own model, the default one where it isn't given.

    Raises:
        InputError: `level` is no share between 0 and 1.
        IndexStoreError: the index was made with another model.
    """
    if not 0.0 < level < 1.0:
        raise InputError(f"calibrate: expected --level between 0 and 1, got {level}; 0.9 promises 9 of 10")
    with open_index(index) as handle:
        model = load_encoder() if encoder is None else encoder
        kinds = _kinds(handle, model)
        made = tuple(_calibrate_kind(handle, kind, model, level, progress) for kind in kinds)
        return CalibrationSummary(level=level, index_version=handle.version(), kinds=made)


def describe_calibration(index: CaseIndex) -> dict[str, Any]:
    """By kind of image that is stored: level, questions and cases behind its promises; None where there are none."""
    described: dict[str, Any] = {}
    for kind in get_args(Kind):
        if index.model_version(kind) is None:
            continue
        made = read_calibration(index, kind)
        described[kind] = made and {
            "level": made.level,
            "cases": made.cases,
            "pictures": len(made.distances),
            "questions": {where: trust.lists.total for where, trust in made.trust.items()},
        }
    return described


def advise_calibration(index: CaseIndex) -> str | None:
    """Why to calibrate now, in words: there is enough and it was never done, or the archive has grown by a quarter."""
    cases = int(index.catalog().is_case.sum())
    for kind in get_args(Kind):
        made = read_calibration(index, kind)
        if made is None and index.is_of_kind(kind).sum() >= 2 * FEWEST_PICTURES:
            return "verdicts aren't calibrated; run `casekin calibrate`"
        if made is not None and cases >= _GROWN * made.cases:
            return f"verdicts were calibrated on {made.cases} of {cases} cases; run `casekin calibrate` again"
    return None


def _kinds(index: CaseIndex, model: ImageEncoder) -> list[Kind]:
    """The kinds of image that an index holds. IndexStoreError where another model made their vectors."""
    versions = versions_of(model)
    held = {kind: version for kind in versions if (version := index.model_version(kind)) is not None}
    for kind, version in held.items():
        if version != versions[kind]:
            raise IndexStoreError(
                f"calibrate: the index was made with model {version}, got {versions[kind]}; give that model"
            )
    return list(held)


def _calibrate_kind(
    index: CaseIndex, kind: Kind, model: ImageEncoder, level: float, progress: Progress | None
) -> KindSummary:
    with index.snapshot():
        cases = _sample(index, kind)
        looks, patients = mean_looks(index, kind, cases, evidence=model.form.count)
        chosen = half_of(patients)
        if min(chosen.sum(), (~chosen).sum()) < FEWEST_PICTURES:
            return KindSummary(kind=kind, pictures=len(looks), questions={}, answered={}, missing=_too_few(len(looks)))
        distance = fit_distance(looks[chosen])
        outcomes = _ask(index, kind, model.form.findings, cases, progress)
        calibration = Calibration(
            level=level,
            cases=int(index.catalog().is_case.sum()),
            distance=distance,
            distances=np.sort(distance.of(looks[~chosen])),
            trust={where: _trust(some) for where, some in outcomes.items() if len(some) >= FEWEST_QUESTIONS},
        )
        curve = fit_support(index, kind, findings=model.form.findings)
    write_calibration(index, kind, calibration)
    if curve is not None:
        write_curve(index, kind, curve)
    return KindSummary(
        kind=kind,
        pictures=len(looks),
        questions={where: len(some) for where, some in outcomes.items()},
        answered={where: _answered(calibration, where, outcomes[where]) for where in calibration.trust},
        missing=None if calibration.trust else f"expected at least {FEWEST_QUESTIONS} questions at stated findings",
    )


def _too_few(pictures: int) -> str:
    return f"expected at least {2 * FEWEST_PICTURES} pictures of enough patients, got {pictures}; stays uncalibrated"


def _sample(index: CaseIndex, kind: Kind) -> dict[str, StoredCase]:
    """Up to `_SAMPLE` cases with an image of a kind, by a hash of their ids: as an archive grows, most stay."""
    return index.cases(cases_by_hash(index, kind)[:_SAMPLE])


def mean_looks(
    index: CaseIndex, kind: Kind, cases: Mapping[str, StoredCase], *, evidence: int
) -> tuple[NDArray[np.float64], list[str]]:
    """The mean look of each case's first image `(n, dim)`, and whose it is."""
    first = {case_id: images[0] for case_id in sorted(cases) if (images := index.image_ids_of(case_id, kind))}
    grids = index.grids(list(first.values()), [], kind)
    look_of = {grid.image_id: mean_look(unpack_tokens(grid.tokens), evidence) for grid in grids}
    shown = {case_id: image_id for case_id, image_id in first.items() if image_id in look_of}
    return np.array([look_of[image_id] for image_id in shown.values()]), [cases[name].patient for name in shown]


def half_of(patients: Sequence[str]) -> NDArray[np.bool_]:
    """Which of these are of one half of the patients, chosen by a hash: no patient is on both sides."""
    ordered = sorted(set(patients), key=hash_of)
    chosen = set(ordered[: len(ordered) // 2])
    return np.array([patient in chosen for patient in patients], dtype=bool)


def _ask(
    index: CaseIndex, kind: Kind, findings: tuple[str, ...], cases: Mapping[str, StoredCase], progress: Progress | None
) -> dict[Where, list[Outcome]]:
    """What sampled questions of either form found; none for a kind whose reports no search counts, such as CT."""
    if kind != "radiograph" or not findings:
        return {}
    forms = {
        "place": draw_questions(cases, LOCATIONS, count=_MOST_PLACED),
        "whole": draw_questions(cases, [None], count=_MOST_WHOLE),
    }
    total, done = sum(map(len, forms.values())), 0
    asker = Asker(index, kind, findings)
    outcomes: dict[Where, list[Outcome]] = {"place": [], "whole": []}
    for where, some in outcomes.items():
        for case_id, place in forms[where]:
            outcome = asker.ask(cases[case_id], place)
            some += [] if outcome is None else [outcome]
            done += 1
            if progress is not None:
                progress(done, total)
    return outcomes


def _trust(outcomes: Sequence[Outcome]) -> Trust:
    best = np.array([one.agreements.max() for one in outcomes])
    succeeded = np.array([one.relevant.any() for one in outcomes])
    every = np.concatenate([one.agreements for one in outcomes])
    relevant = np.concatenate([one.relevant for one in outcomes])
    return Trust(
        lists=fit_promises(best, succeeded, smallest=FEWEST_QUESTIONS),
        hits=fit_promises(every, relevant, smallest=FEWEST_QUESTIONS),
    )


def _answered(calibration: Calibration, where: Where, outcomes: Sequence[Outcome]) -> float:
    least = calibration.trust[where].lists.least(calibration.level)
    return float(np.mean([one.agreements.max() >= least for one in outcomes]))
