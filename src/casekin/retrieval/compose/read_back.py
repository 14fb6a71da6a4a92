"""The guard of every sentence: our own report reader has to find in it what is claimed, and nothing else."""

from __future__ import annotations

from functools import lru_cache

from casekin.reports import ReadReport, read_report
from casekin.retrieval.compose.draft import NORMAL, Claim
from casekin.retrieval.compose.strip import names_severity


def says_just(text: str, claim: Claim) -> bool:
    """Whether a sentence states this claim and nothing else: no other finding, place, side, polarity, size or change.

    No severity either: similar cases don't know it (decision 34). A normal place may be called so where it is the
    claim, or where a denial's own place is meant ("the heart is of normal size").
    """
    read = _read(text)
    if len(read.sentences) != 1 or read.unplaced or names_severity(text):
        return False
    normal = [place for place in read.normal_anatomies if place != claim.place]
    if claim.finding == NORMAL:
        return not read.facts and not normal and bool(read.normal_anatomies)
    if len(read.facts) != 1 or normal or (read.normal_anatomies and claim.polarity != "absent"):
        return False
    fact = read.facts[0]
    stated = Claim(finding=fact.finding, anatomy=fact.anatomy, side=fact.side, polarity=fact.polarity)
    return stated == claim and (fact.severity, fact.size_mm, fact.change) == (None, None, None)


@lru_cache(maxsize=1 << 15)
def _read(text: str) -> ReadReport:
    return read_report(text)
