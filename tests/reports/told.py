"""Facts as one readable string each: "pleural_effusion @ left_pleural_space present mild 12 new"."""

from __future__ import annotations

from casekin.reports import read_report
from casekin.types import Fact


def told(fact: Fact) -> str:
    """A fact's finding, place, polarity, severity, diameter in mm and change."""
    parts = [fact.finding, "@", str(fact.place), fact.polarity, fact.severity, fact.change]
    if fact.size_mm is not None:
        parts.insert(5, f"{fact.size_mm:g}")
    return " ".join(part for part in parts if part)


def facts_of(text: str) -> list[str]:
    """What the reader takes from a report, sorted."""
    return sorted(told(fact) for fact in read_report(text).facts)
