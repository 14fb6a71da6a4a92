"""The guard of every sentence: our own report reader has to find in it what is claimed, and nothing else."""

from __future__ import annotations

from functools import lru_cache

from casekin.reports import ReadReport, read_report
from casekin.retrieval.compose.draft import NORMAL, Claim
from casekin.retrieval.compose.strip import names_severity
from casekin.types import Severity


def says_just(text: str, claim: Claim, *, severity: Severity | None = None) -> bool:
    """Whether a sentence states this claim and nothing else: no other finding, place, side, polarity, size or change.

    A severity may only be the one that is supported. A normal place may be called so where it is the claim, or where a
    denial's own place is meant ("the heart is of normal size").
    """
    read = _read(text)
    if len(read.sentences) != 1 or read.unplaced:
        return False
    normal = [place for place in read.normal_anatomies if place != claim.place]
    if claim.finding == NORMAL:
        return not read.facts and not normal and bool(read.normal_anatomies)
    if len(read.facts) != 1 or normal or (read.normal_anatomies and claim.polarity != "absent"):
        return False
    fact = read.facts[0]
    stated = Claim(finding=fact.finding, anatomy=fact.anatomy, side=fact.side, polarity=fact.polarity)
    if fact.severity not in (None, severity) or (fact.severity is None and names_severity(text)):
        return False
    return stated == claim and fact.size_mm is None and fact.change is None


def severity_in(text: str) -> Severity | None:
    """The severity that a sentence states."""
    return next((fact.severity for fact in _read(text).facts), None)


@lru_cache(maxsize=1 << 15)
def _read(text: str) -> ReadReport:
    return read_report(text)
