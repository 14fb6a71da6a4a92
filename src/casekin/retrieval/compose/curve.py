"""From evidence to a probability: a logistic curve over what the picture shows, what similar cases state, and habit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
_LEAST = 1e-4
"""Shares and presences beyond this from 0 or 1 aren't told apart."""
_RIDGE = 1.0
"""Pulls weights to 0 as one more example would: nothing beside thousands, much beside ten."""
_STEPS = 50
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for a present finding at a place, numbers in [0, 1].

    `presence`: how likely it is there by the picture, and by the archive's mean picture; None where the encoder doesn't
    look for it. One that it can't see has the same presence everywhere, and so says nothing. `share`: of the similar
    cases by how close they are at that place, those that state it. `habit`: of all cases looked at.
    """

    presence: tuple[float, float] | None
    share: float
    habit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportCurve:
    """Weights of the logits of presence (less the usual one), share and habit, an offset; and without presence.

    `seen` holds where the encoder looks for the finding, `unseen` elsewhere. `questions` is how many stored cases they
    were fitted on, each with its patient left out.
    """

    seen: tuple[float, float, float, float]
    unseen: tuple[float, float, float]
    questions: int

    def read(self, evidence: Evidence) -> float:
        """How likely the finding is there, in (0, 1)."""
        weights = self.unseen if evidence.presence is None else self.seen
        return float(_logistic(_row(evidence) @ np.array(weights)))

    def as_record(self) -> dict[str, Any]:
        """A plain form for JSON; `curve_of` reads it."""
        return {"seen": list(self.seen), "unseen": list(self.unseen), "questions": self.questions}


SHIPPED_CURVE = SupportCurve(seen=(0.46, 0.37, 0.54, -0.19), unseen=(0.95, -0.09, -0.12), questions=400)
"""For an archive that wasn't calibrated: the mean of the curves of two simulated archives (decision 34)."""


def curve_of(record: Mapping[str, Any]) -> SupportCurve:
    """The curve of its plain form."""
    seen, unseen = (tuple(float(weight) for weight in record[name]) for name in ("seen", "unseen"))
    return SupportCurve(seen=seen, unseen=unseen, questions=int(record["questions"]))  # type: ignore[arg-type]


def fit_curve(examples: Sequence[tuple[Evidence, bool]], *, questions: int) -> SupportCurve:
    """The curve that makes the examples likeliest (ridge-penalised, by Newton's method); `bool`: the case states it."""
    seen = [(_row(evidence), is_stated) for evidence, is_stated in examples if evidence.presence is not None]
    blind = [Evidence(presence=None, share=evidence.share, habit=evidence.habit) for evidence, _ in examples]
    unseen = [(_row(evidence), is_stated) for evidence, (_, is_stated) in zip(blind, examples, strict=True)]
    return SupportCurve(seen=_fit(seen, 4), unseen=_fit(unseen, 3), questions=questions)  # type: ignore[arg-type]


def _row(evidence: Evidence) -> Rows:
    told = [_logit(evidence.share), _logit(evidence.habit), 1.0]
    if evidence.presence is not None:
        here, usual = evidence.presence
        told = [_logit(here) - _logit(usual), *told]
    return np.array(told)


def _logit(p: float) -> float:
    inside = min(max(p, _LEAST), 1.0 - _LEAST)
    return math.log(inside / (1.0 - inside))


def _fit(examples: Sequence[tuple[Rows, bool]], width: int) -> tuple[float, ...]:
    rows = np.array([row for row, _ in examples]).reshape(-1, width)
    stated = np.array([float(is_stated) for _, is_stated in examples])
    weights = np.zeros(width)
    for _ in range(_STEPS):
        p = _logistic(rows @ weights)
        slope = rows.T @ (stated - p) - _RIDGE * weights
        bend = (rows * (p * (1.0 - p))[:, None]).T @ rows + _RIDGE * np.eye(width)
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return tuple(round(float(weight), 4) for weight in weights)


def _logistic(logits: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))
