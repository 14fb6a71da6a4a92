"""Drafts and references become one record: every figure with its interval, beside constant text and copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.errors import DependencyError, InputError
from casekin.evaluation.drafts.agreement import Parts, tally_agreement, tally_anatomies
from casekin.evaluation.drafts.citations import tally_citations, tally_inventions
from casekin.evaluation.drafts.ratios import Ratios
from casekin.evaluation.drafts.reference import Reference, distinct
from casekin.evaluation.drafts.reliability import StatedLikelihood, describe_reliability
from casekin.evaluation.drafts.told import ToldDraft, read_text
from casekin.evaluation.drafts.wording import diversity, overlap_measures
from casekin.evaluation.statistics import RESAMPLES
from casekin.reports import SILENT_SECTIONS

CONSTANT, COPY, RANDOM = "constant normal", "copy top 1", "random case"
"""Names of the baselines that a claim about drafts is printed beside."""
LEAD = "F1(polarity)"
"""The measure that leads: both polarities count alike."""
LOWER_IS_BETTER = frozenset(
    {"SideError", "SideError(found)", "Unsupported", "Unsupported(present)", "Uncited", "Numbers", "Dates", "Priors"}
)
_LEAST_STATED = 10  # claims and statements at an anatomy, below which its F1 says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEvaluation:
    """What is said of drafts: `as_record` is the JSON form, nothing in it rounded.

    `measures`: of the drafts; `baselines`: by name their measures and the difference of the drafts to them, with p.
    `distances`: of F1 from the constant report, how many times that of the copied first hit. `anatomies`: F1, strict
    and by kinship, at each. `reliability`: of stated likelihoods, None where none is stated. `diversity`: by system.
    `missing`: figures that couldn't be had, and why.
    """

    cases: int
    patients: int
    is_truth: bool
    seed: int
    resamples: int
    measures: Mapping[str, Mapping[str, Any]]
    baselines: Mapping[str, Mapping[str, Any]]
    distances: Mapping[str, Mapping[str, Any]]
    anatomies: Mapping[str, Mapping[str, Any]]
    reliability: Mapping[str, Any] | None
    diversity: Mapping[str, Mapping[str, float | None]]
    missing: Mapping[str, str]

    def as_record(self) -> dict[str, Any]:
        """The JSON form: the contract's for an evaluation, and what drafts have beside.

        `chance` of a measure is what the report of a random case gets; None without that baseline.
        """
        random = self.baselines.get(RANDOM, {}).get("measures", {})
        chance = {name: random[name]["mean"] if name in random else None for name in self.measures}
        return {
            "protocol": "draft",
            "n_queries": self.cases,
            "patients": self.patients,
            "chance": chance.get(LEAD),
            "labels": {"source": "truth" if self.is_truth else "mined"},
            "seed": self.seed,
            "resamples": self.resamples,
            "measures": {name: {**score, "chance": chance[name]} for name, score in self.measures.items()},
            "baselines": dict(self.baselines),
            "distances": dict(self.distances),
            "anatomies": dict(self.anatomies),
            "reliability": self.reliability,
            "diversity": dict(self.diversity),
            "missing": dict(self.missing),
        }


def score_drafts(
    drafts: Sequence[ToldDraft],
    references: Mapping[str, Reference],
    *,
    baselines: Mapping[str, Sequence[ToldDraft]] | None = None,
    cited: Mapping[str, Reference] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> DraftEvaluation:
    """Measure drafts of the cases of `references` beside baselines.

    Every case counts: one without a draft has said nothing. `cited`: by case id what the reports of cases state that
    may be cited. InputError where a draft is of no case, or a case has two.
    """
    if not references:
        raise InputError("drafts: expected cases to measure by, got none")
    systems = {"": drafts, **(baselines or {})}
    told = {name: _by_case(of_system, references) for name, of_system in systems.items()}
    patients = {case: reference.patient for case, reference in references.items()}
    missing: dict[str, str] = {}
    parts = {name: _tally(by_case, references, cited or {}, missing) for name, by_case in told.items()}
    names = {name: tuple(dict.fromkeys(key for case in of.values() for key in case)) for name, of in parts.items()}
    shared = tuple(key for key in names[""] if all(key in of for of in names.values()))
    ratios = {name: Ratios.of(of, patients, shared) for name, of in parts.items()}
    return DraftEvaluation(
        cases=len(references),
        patients=len(set(patients.values())),
        is_truth=all(reference.is_complete for reference in references.values()),
        seed=seed,
        resamples=resamples,
        measures=_measure(parts[""], patients, names[""], seed, resamples),
        baselines={
            name: {
                "measures": _measure(parts[name], patients, names[name], seed, resamples),
                "difference": _differ(ratios[""], ratios[name], seed, resamples),
            }
            for name in (baselines or {})
        },
        distances=_distances(ratios, seed, resamples),
        anatomies=_at_anatomies(told[""], references, patients, seed, resamples),
        reliability=describe_reliability(_stated(drafts, references), seed=seed),
        diversity={name or "drafts": diversity(of_system) for name, of_system in systems.items()},
        missing=missing,
    )


def _by_case(drafts: Sequence[ToldDraft], references: Mapping[str, Reference]) -> dict[str, ToldDraft]:
    """The drafts by case; a case without one has an empty one."""
    found: dict[str, ToldDraft] = {}
    for draft in drafts:
        if draft.case_id not in references or draft.case_id in found:
            what = "two" if draft.case_id in found else "one of a case that isn't measured"
            raise InputError(f"drafts: expected one for a case, got {what}: {draft.case_id[:80]!r}")
        found[draft.case_id] = draft
    cites = any(draft.cites for draft in drafts)
    silent = {case: ToldDraft(case_id=case, sentences=(), claims=(), denials=(), cites=cites) for case in references}
    return {**silent, **found}


def _tally(
    drafts: Mapping[str, ToldDraft],
    references: Mapping[str, Reference],
    cited: Mapping[str, Reference],
    missing: dict[str, str],
) -> dict[str, Parts]:
    try:
        overlaps = overlap_measures()
    except DependencyError as error:
        overlaps = {}
        missing["BLEU, ROUGE-L, METEOR"] = str(error)
    parts: dict[str, Parts] = {}
    for case, draft in drafts.items():
        reference = references[case]
        parts[case] = {
            **tally_agreement(draft, reference),
            **tally_citations(draft, cited),
            **tally_inventions(draft),
        }
        if reference.text:
            written = spoken_text(reference.text)
            parts[case] |= {name: (measure(draft.text, written), 1) for name, measure in overlaps.items()}
    return parts


def spoken_text(report: str) -> str:
    """A report's findings and impression, without indication, technique and the like."""
    return " ".join(
        sentence.text for sentence in read_text(report).sentences if sentence.section not in SILENT_SECTIONS
    )


def _measure(
    parts: Mapping[str, Parts], patients: Mapping[str, str], names: Sequence[str], seed: int, resamples: int
) -> dict[str, dict[str, Any]]:
    found = Ratios.of(parts, patients, names).intervals(seed=seed, resamples=resamples)
    return {name: interval.as_record() for name, interval in found.items()}


def _differ(ours: Ratios, theirs: Ratios, seed: int, resamples: int) -> dict[str, dict[str, Any]]:
    found = ours.minus(theirs, seed=seed, resamples=resamples)
    return {name: {**gap.as_record(), "p_value": p} for name, (gap, p) in found.items()}


def _distances(ratios: Mapping[str, Ratios], seed: int, resamples: int) -> dict[str, dict[str, Any]]:
    """Of every F1: (drafts - constant) / (copy - constant); empty without these baselines."""
    if CONSTANT not in ratios or COPY not in ratios:
        return {}
    found = ratios[""].distance(ratios[COPY], ratios[CONSTANT], seed=seed, resamples=resamples)
    return {name: ratio.as_record() for name, ratio in found.items() if name.startswith("F1")}


def _at_anatomies(
    drafts: Mapping[str, ToldDraft],
    references: Mapping[str, Reference],
    patients: Mapping[str, str],
    seed: int,
    resamples: int,
) -> dict[str, dict[str, Any]]:
    tallied: dict[str, dict[str, Parts]] = {}
    for case, draft in drafts.items():
        for anatomy, parts in tally_anatomies(draft, references[case]).items():
            tallied.setdefault(anatomy, {})[case] = parts
    there = {
        anatomy: cases
        for anatomy, cases in sorted(tallied.items())
        if sum(parts["F1"][1] for parts in cases.values()) >= _LEAST_STATED
    }
    names = ("F1", "F1(kin)", "F1(present)", "F1(present,kin)")
    return {anatomy: _measure(cases, patients, names, seed, resamples) for anatomy, cases in there.items()}


def _stated(drafts: Sequence[ToldDraft], references: Mapping[str, Reference]) -> list[StatedLikelihood]:
    """Of every sentence that says how likely its claim is, whether the claim is true."""
    return [
        StatedLikelihood(
            p=sentence.p,
            is_true=all(references[draft.case_id].holds(claim) for claim in distinct([sentence.claim])),
            patient=references[draft.case_id].patient,
        )
        for draft in drafts
        for sentence in draft.sentences
        if sentence.p is not None and sentence.claim is not None
    ]
