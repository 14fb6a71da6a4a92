"""Findings and signs of a sentence as mentions: what is said, and whether it is there."""

from __future__ import annotations

from dataclasses import dataclass

from casekin.reports.assertions import Assertions
from casekin.reports.entities import Parsed
from casekin.types import Polarity


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding's phrase over tokens `[first, last]`; `signs` are (finding, anatomy) pairs it means at an anatomy.

    `finding` is None for a pure sign ("enlarged"), which needs an anatomy to mean anything.
    """

    finding: str | None
    signs: tuple[tuple[str, str], ...]
    first: int
    last: int
    polarity: Polarity
    resolved: bool


def find_mentions(parsed: Parsed, assertions: Assertions) -> tuple[Mention, ...]:
    """Findings and signs of a sentence in order; those in a silent scope (history, plans) are left out."""
    mentions = []
    for entity in parsed.entities:
        finding = entity.meaning("finding")
        signs = tuple((m.value, m.side or "") for m in entity.meanings if m.kind == "sign")
        if (finding is None and not signs) or assertions.silent[entity.first]:
            continue
        mentions.append(
            Mention(
                finding.value if finding else None,
                signs,
                entity.first,
                entity.last,
                assertions.polarity[entity.first],
                assertions.resolved[entity.first],
            )
        )
    return tuple(mentions)
