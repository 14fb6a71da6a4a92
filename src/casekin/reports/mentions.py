"""Findings and signs of a sentence as mentions: what is said, and whether it is there.

An echo ("the largest", "one", "it", "none") is a mention that repeats the finding before it, at a place of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.assertions import Assertions
from casekin.reports.entities import Entity, Parsed
from casekin.types import Polarity

_BEFORE_ONE = frozenset(("a", "another", "second", "third", "further", "additional", "other"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding's phrase over tokens `[first, last]`; `signs` are (finding, anatomy) pairs it means at an anatomy.

    `finding` is None for a pure sign ("enlarged"), which needs an anatomy to mean anything. `echo` tells that the words
    name no finding themselves but repeat the one before.
    """

    finding: str | None
    signs: tuple[tuple[str, str], ...]
    first: int
    last: int
    polarity: Polarity
    resolved: bool
    echo: bool = False


def find_mentions(parsed: Parsed, assertions: Assertions, before: str | None = None) -> tuple[Mention, ...]:
    """Findings and signs of a sentence in order; those in a silent scope (history, plans) are left out.

    `before` is the finding that the sentences before spoke of last, for an echo at this one's start.
    """
    found: list[Mention] = []
    for entity in parsed.entities:
        if assertions.silent[entity.first] or _is_label(parsed, entity):
            continue
        finding = entity.meaning("finding")
        signs = tuple((m.value, m.side or "") for m in entity.meanings if m.kind == "sign")
        if finding is not None or signs:
            found.append(_mention(finding.value if finding else None, signs, entity, assertions))
        elif entity.meaning("echo"):
            echo = _echo(parsed, entity, assertions, found, before)
            if echo is not None:
                found.append(echo)
    return _with_sizes(parsed, found, assertions)


def _with_sizes(parsed: Parsed, found: list[Mention], assertions: Assertions) -> tuple[Mention, ...]:
    """The mentions, with a size that stands for its finding: "metastases: 11 mm in the RUL and 8 mm in the LUL"."""
    for size in parsed.sizes:
        before = parsed.tokens[size.first - 1].word if size.first else ""
        after = parsed.tokens[size.last + 1].word if size.last + 1 < len(parsed.tokens) else "."
        last = next((m for m in reversed(found) if m.last < size.first and m.finding is not None), None)
        if last is None or before not in (",", ":", "and") or after not in ("in", "at", "within"):
            continue
        if before != ":" and not any(m.echo for m in found):
            continue
        polarity, resolved = assertions.polarity[size.first], assertions.resolved[size.first]
        found.append(Mention(last.finding, (), size.first, size.last, polarity, resolved, echo=True))
        found.sort(key=lambda mention: mention.first)
    return tuple(found)


def _mention(
    finding: str | None, signs: tuple[tuple[str, str], ...], entity: Entity, assertions: Assertions
) -> Mention:
    at = entity.first
    return Mention(finding, signs, at, entity.last, assertions.polarity[at], assertions.resolved[at])


def _is_label(parsed: Parsed, entity: Entity) -> bool:
    """ "Support devices: a central line ..." only announces."""
    finding = entity.meaning("finding")
    colon = parsed.tokens[entity.last + 1].word if entity.last + 1 < len(parsed.tokens) else ""
    return finding is not None and finding.value == "device" and colon in (":", "/")


def _echo(
    parsed: Parsed, entity: Entity, assertions: Assertions, found: list[Mention], before: str | None
) -> Mention | None:
    word = parsed.tokens[entity.first].word
    last = next((m for m in reversed(found) if m.finding is not None), None)
    finding = last.finding if last is not None else before
    if finding is None or not _echoes(parsed, entity, word, begins=last is None):
        return None
    polarity: Polarity = "absent" if word in ("none", "nil") else assertions.polarity[entity.first]
    if last is not None and last.polarity == "uncertain" and polarity == "present":
        polarity = "uncertain"  # "possible nodules, the largest ..."; but "no effusion on the right, a tiny one left"
    if FINDINGS[finding].kind != "finding":
        return None
    return Mention(finding, (), entity.first, entity.last, polarity, assertions.resolved[entity.first], echo=True)


def _echoes(parsed: Parsed, entity: Entity, word: str, *, begins: bool) -> bool:
    """Whether the word really stands for the finding before: "it" only as the subject, "one" only as a noun."""
    words = [token.word for token in parsed.tokens]
    after = words[entity.last + 1] if entity.last + 1 < len(words) else "."
    following = parsed.entity_at(entity.last + 1)
    names_finding = following is not None and following.meaning("finding") is not None
    if word in ("it", "this", "these", "they", "those"):
        return begins and entity.first == 0 and after in (w.COPULAS | w.ECHO_VERBS)
    if word in ("none", "nil"):
        sides = (parsed.entity_at(at) for at in (entity.first - 1, entity.first - 2))
        if any(side is not None and side.meaning("side") for side in sides):
            return True  # "effusion: R small, L none"
        return after in w.PREPOSITIONS or (entity.first > 0 and begins and words[entity.first - 1] in (":", "-"))
    if names_finding or after in w.DESCRIPTORS:
        return False
    if word == "one":
        prior = parsed.entity_at(entity.first - 1)
        modified = prior is not None and any(prior.meaning(kind) for kind in ("severity", "change", "side"))
        return modified or after in ("in", "at", "within") or words[max(0, entity.first - 1)] in _BEFORE_ONE
    return True
