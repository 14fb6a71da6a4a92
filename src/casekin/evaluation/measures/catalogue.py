"""Every measure of a ranking by name: `parse_measure("nDCG@10")` gives the object that scores it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from casekin.errors import InputError
from casekin.evaluation.measures.conditional import (
    ConditionSensitivity,
    Contradiction,
    PatientDiversity,
    RegionAgreement,
    SamePatient,
    SideError,
)
from casekin.evaluation.measures.measure import Measure
from casekin.evaluation.measures.ranking import (
    AveragePrecisionWithin,
    CorrectedHitRate,
    Coverage,
    FirstRank,
    GradedRecall,
    GroupRecall,
    HitRate,
    MedianRank,
)
from casekin.evaluation.measures.trec import (
    NDCG,
    AveragePrecision,
    Judged,
    Precision,
    Recall,
    ReciprocalRank,
    RPrecision,
    Success,
)

MEASURES: Mapping[str, type[Measure]] = {
    kind.label: kind
    for kind in (
        NDCG,
        AveragePrecision,
        Precision,
        Recall,
        ReciprocalRank,
        Success,
        RPrecision,
        Judged,
        GradedRecall,
        HitRate,
        CorrectedHitRate,
        AveragePrecisionWithin,
        FirstRank,
        MedianRank,
        GroupRecall,
        Coverage,
        SideError,
        Contradiction,
        ConditionSensitivity,
        SamePatient,
        PatientDiversity,
        RegionAgreement,
    )
}
"""Kinds of measures by the label that names begin with."""
DEFAULT_MEASURES = (
    "nDCG@10",
    "AP",
    "R@10",
    "P@5",
    "P@10",
    "Rprec",
    "RR",
    "Success@5",
    "CorrectedHitRate@5",
    "FirstRank",
    "Judged@10",
    "Coverage",
    "SamePatient@10",
    "PatientDiversity@10",
    "ConditionSensitivity@10",
)
"""What an evaluation prints unless told otherwise."""

_LONGEST = 100
_NAME = re.compile(r"(?P<label>\w+)(?:\((?P<parameters>[^()]*)\))?(?:@(?P<cutoff>\d{1,9}))?")


def parse_measure(name: str) -> Measure:
    """The measure of a name in ir-measures' form: `nDCG@10`, `P(rel=2)@5`, `AP`, `nDCG(dcg='exp-log2')@10`.

    InputError when the name has another form, no measure is called so (the message has the nearest), or a parameter
    is unknown or not a number or quoted word.
    """
    match = _NAME.fullmatch(name.strip()) if len(name) <= _LONGEST else None
    if match is None:
        raise InputError(f"measure: expected a name such as nDCG@10 or P(rel=2)@5, got {name[:80]!r}")
    kind = MEASURES.get(match["label"])
    if kind is None:
        by_lower = {label.lower(): label for label in MEASURES}
        near = [by_lower[label] for label in get_close_matches(match["label"].lower(), by_lower, n=3, cutoff=0.4)]
        raise InputError(f"measure: {match['label'][:40]!r} is none; nearest: {', '.join(near or sorted(MEASURES))}")
    parameters = _parameters(match["parameters"] or "", name)
    if match["cutoff"]:
        parameters["cutoff"] = int(match["cutoff"])
    try:
        return kind(**parameters)
    except TypeError:
        raise InputError(
            f"measure: {kind.label} takes no such parameter: {name[:80]!r}; see the table of measures"
        ) from None


def parse_measures(names: Iterable[str]) -> tuple[Measure, ...]:
    """The measures of several names, in order, each once."""
    return tuple({measure.name: measure for measure in map(parse_measure, names)}.values())


def _parameters(text: str, name: str) -> dict[str, Any]:
    """`rel=2, dcg='log2'` as a mapping."""
    parameters: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = part.partition("=")
        try:
            parameters[key.strip()] = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError):
            raise InputError(f"measure: expected parameter=value, got {part[:40]!r} in {name[:80]!r}") from None
        if key.strip() not in ("rel", "dcg", "p") or not isinstance(parameters[key.strip()], int | float | str):
            raise InputError(f"measure: expected the parameters rel, dcg or p, got {part[:40]!r} in {name[:80]!r}")
    return parameters
