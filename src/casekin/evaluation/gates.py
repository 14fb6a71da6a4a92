"""Gates: what an evaluation has to reach, such as `nDCG@10>=0.5`, so that a site's own checks can stop on it."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from casekin.errors import InputError
from casekin.evaluation.measures import parse_measure

Bound = Literal["mean", "lo", "hi"]

_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_FIGURE = r"(?P<measure>\w+(?:\([^()]*\))?(?:@\d+)?)(?:\s*-\s*(?P<baseline>.*\S))?"
_GATE = re.compile(
    r"(?:(?P<bound>lo|hi)\s*\(\s*(?P<inner>.+?)\s*\)|(?P<plain>.+?))\s*(?P<sign>>=|<=|>|<)\s*(?P<value>[^<>=\s]+)"
)
_LONGEST = 200
LEAKS = "leaks"
"""The gate on the leak audit: how many leaks it found. An evaluation without an audit meets none."""
_EXAMPLES = "nDCG@10>=0.5, lo(nDCG@10)>=0.4, nDCG@10-random>=0.1, lo(nDCG@10-random)>0 or leaks<=0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A bound on a figure: `require` as it was written, the measure's name, and the baseline it leads over if any.

    `bound`: whether the mean is meant, or the lower or upper end of its interval.
    """

    require: str
    measure: str
    baseline: str | None
    bound: Bound
    sign: Literal[">=", "<=", ">", "<"]
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What a gate found: the `value` it looked at, None where there is none, and whether it is `met` (not, of None)."""

    require: str
    measure: str
    baseline: str | None
    bound: Bound
    value: float | None
    met: bool


def parse_gate(text: str) -> Gate:
    """The gate of a text: `MEASURE>=NUMBER`, also `<=`, `>`, `<`.

    MEASURE may be `lo(MEASURE)` or `hi(MEASURE)` for an end of the interval, and `MEASURE-BASELINE` inside or without
    these for the lead over a baseline, or over the run that is compared with. `leaks<=0` is of the leak audit.
    InputError when the text has another form, or no measure is called so.
    """
    match = _GATE.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    figure = re.fullmatch(_FIGURE, match["inner"] or match["plain"]) if match else None
    threshold = _number(match["value"]) if match else None
    told = figure is not None and figure["measure"] == LEAKS
    if match is None or figure is None or threshold is None or (told and (match["bound"] or figure["baseline"])):
        raise InputError(f"gate: expected a bound such as {_EXAMPLES}, got {text[:80]!r}")
    return Gate(
        require=text.strip(),
        measure=LEAKS if told else parse_measure(figure["measure"]).name,
        baseline=figure["baseline"],
        bound=match["bound"] or "mean",  # type: ignore[arg-type]
        sign=match["sign"],  # type: ignore[arg-type]
        threshold=threshold,
    )


def check_gates(record: Mapping[str, Any], gates: Sequence[Gate]) -> tuple[GateResult, ...]:
    """What each gate finds in an evaluation record, in order. A figure that isn't known (None) meets no gate.

    InputError when the record lacks the measure or the baseline.
    """
    return tuple(_check(record, gate) for gate in gates)


def check_gated_baselines(gates: Sequence[Gate], names: Collection[str], missing: Mapping[str, str]) -> None:
    """InputError where a gate names a baseline, or a run compared with, that won't be there; `missing` may say why."""
    for gate in gates:
        if gate.baseline is not None and gate.baseline not in names:
            why = missing.get(gate.baseline)
            told = f"it couldn't be made: {why}" if why else f"expected one of {', '.join(names) or 'none'}"
            raise InputError(f"gate: the baseline {gate.baseline[:80]!r} isn't in this evaluation; {told}")


def _check(record: Mapping[str, Any], gate: Gate) -> GateResult:
    value = _leaks(record) if gate.measure == LEAKS else _figure(record, gate)
    met = value is not None and _SIGNS[gate.sign](value, gate.threshold)
    return GateResult(
        require=gate.require, measure=gate.measure, baseline=gate.baseline, bound=gate.bound, value=value, met=met
    )


def _leaks(record: Mapping[str, Any]) -> float | None:
    return None if record["leaks"] is None else record["leaks"]["count"]


def _figure(record: Mapping[str, Any], gate: Gate) -> float | None:
    figures = record["measures"] if gate.baseline is None else _differences(record, gate)
    if gate.measure not in figures:
        raise InputError(f"gate {gate.require}: expected one of {', '.join(figures)}; {gate.measure} wasn't measured")
    value: float | None = figures[gate.measure][gate.bound]
    return value


def _differences(record: Mapping[str, Any], gate: Gate) -> Mapping[str, Any]:
    """The differences to a baseline, or to the run that this one was compared with."""
    compared = record["comparison"]
    found = {name: entry["difference"] for name, entry in record["baselines"].items()}
    if compared is not None:
        found.setdefault(compared["other"], compared["measures"])
    check_gated_baselines([gate], found, record["baselines_missing"])
    differences: Mapping[str, Any] = found[str(gate.baseline)]
    return differences


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
