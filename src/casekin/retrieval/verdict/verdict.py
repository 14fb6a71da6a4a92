"""The verdict: whether a picture belongs here, whether anything comparable was found, and what may be promised."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casekin.index import CaseIndex
from casekin.retrieval.answer import Verdict
from casekin.retrieval.counted import ShownPresence, StatedFacts, shown_presence
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.hit import Hit
from casekin.retrieval.understand import Understood
from casekin.retrieval.verdict.agreement import FIRST_HITS, agreements
from casekin.retrieval.verdict.calibration import Calibration, Trust, read_calibration
from casekin.retrieval.verdict.checks import Check, check_image
from casekin.retrieval.verdict.conformal import p_value
from casekin.retrieval.verdict.distance import mean_look

UNCALIBRATED = "uncalibrated"
_SEEN = 0.5
"""Presence from which a picture is said to show a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason in plain words, the checks behind it, and what is promised.

    `promise`: how often at least one of the first `FIRST_HITS` cases of such questions is relevant; `confidences`: the
    same of each hit; both None without a calibration. `strangeness`: from 1 a picture is out of distribution; 0 where
    there is no picture.
    """

    verdict: Verdict
    reason: str
    checks: tuple[Check, ...] = ()
    promise: float | None = None
    confidences: tuple[float | None, ...] = ()
    strangeness: float = 0.0

    def told_of(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The same hits with how likely each is relevant."""
        return tuple(
            replace(hit, confidence=confidence) for hit, confidence in zip(hits, self.confidences, strict=True)
        )


def judge_answer(index: CaseIndex, asked: Understood, hits: Sequence[Hit], *, numbers: Sequence[int]) -> Judgement:
    """Judge the hits that a question got, best first, by the index's own calibration as far as it has one.

    `numbers` are the hits' case numbers. Hits at wider places than were asked for promise nothing.
    """
    calibration = read_calibration(index, asked.kind)
    checks = () if asked.image is None else check_image(asked.image)
    strangeness, why = strangeness_of(asked.image, checks, calibration)
    trust, shown = _trust(asked, calibration), shown_presence(asked)
    promise: float | None = None
    confidences: tuple[float | None, ...] = (None,) * len(hits)
    if trust is not None and shown is not None and hits and strangeness < 1.0:
        stated = StatedFacts.of(index, shown.findings).at(numbers, shown.locations)
        agreed = agreements(shown, stated).tolist()
        there = [one for one, hit in zip(agreed, hits, strict=True) if hit.step == 0]
        promise = trust.lists.read(max(there[:FIRST_HITS], default=0.0))
        confidences = tuple(trust.hits.read(one) for one in agreed)
    verdict, reason = _verdict(asked, hits, why, shown, promise, calibration)
    return Judgement(
        verdict=verdict,
        reason=reason,
        checks=checks,
        promise=promise,
        confidences=confidences,
        strangeness=strangeness,
    )


def strangeness_of(
    image: EncodedFile | None, checks: Sequence[Check], calibration: Calibration | None
) -> tuple[float, str | None]:
    """The largest of a picture's checks and its distance over the farthest of the archive's own; why, from 1 on."""
    if image is None:
        return 0.0, None
    if image.lone is not None:
        return 1.0, f"{image.lone}; give all slices of its series"
    worst = max(checks, key=lambda one: one.strangeness, default=None)
    looks = 0.0 if worst is None else worst.strangeness
    far = lies = 0.0
    if calibration is not None:
        lies = float(calibration.distance.of(mean_look(image.encoded.tokens, image.encoded.form.count)))
        far = lies / calibration.farthest
    if worst is not None and worst.mismatch:  # what it looks like says more than that it is far
        return max(looks, far), _told(worst)
    if calibration is not None and far >= 1.0:
        p = p_value(calibration.distances, lies)
        return far, f"the picture lies farther from the archive's than theirs do from each other (p = {p:.3f})"
    return max(looks, far), None


def _told(check: Check) -> str:
    stated = "what is taken for granted" if check.header is None else f"its header ({check.header})"
    about = check.name.replace("_", " ")
    return f"the picture contradicts {stated} on {about}: {check.pixels}, with probability {check.score:.2f}"


def _trust(asked: Understood, calibration: Calibration | None) -> Trust | None:
    """The promises for questions of this form; None where none were calibrated."""
    if calibration is None or asked.query.combine != "mean":
        return None
    return calibration.trust.get("place" if asked.pointing.regions else "whole")


def _verdict(
    asked: Understood,
    hits: Sequence[Hit],
    strange: str | None,
    shown: ShownPresence | None,
    promise: float | None,
    calibration: Calibration | None,
) -> tuple[Verdict, str]:
    if strange is not None:
        return "out_of_distribution", strange
    if not hits:
        return "no_comparable_case", "no case of the archive may answer this question"
    words = () if asked.scored is None else asked.scored.asked
    if words and all(len(hit.missing) >= len(words) for hit in hits):
        return "no_comparable_case", "no report of a listed case states what is asked"
    trust = _trust(asked, calibration)
    if promise is None or trust is None or shown is None or calibration is None:
        return "answered", _uncalibrated(asked, calibration)
    told = f"promised {math.floor(100 * promise)} %, calibrated on {trust.lists.total} questions"
    if promise >= calibration.level:
        return "answered", f"at least one of the first {FIRST_HITS} cases is relevant: {told}"
    most = shown.values.max(axis=0)
    if most.max() >= _SEEN:
        seen = shown.findings[int(most.argmax())].replace("_", " ")
        return "no_comparable_case", f"no report of a similar case surely states the {seen} that is seen: {told}"
    return "low_confidence", f"little is seen that reports of similar cases state: {told}"


def _uncalibrated(asked: Understood, calibration: Calibration | None) -> str:
    if calibration is None:
        return UNCALIBRATED
    if asked.scored is not None:
        return f"{UNCALIBRATED}: nothing is promised for questions in words"
    return f"{UNCALIBRATED}: nothing is promised for questions of this form"
