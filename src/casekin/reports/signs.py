"""Signs: words that make a finding when said of an anatomy ("enlarged heart", "the costophrenic angle is blunted")."""

from __future__ import annotations

from casekin.anatomy import parents
from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.context import Context
from casekin.reports.entities import REACH
from casekin.reports.homes import fit_place
from casekin.reports.mentions import Mention
from casekin.reports.places import Group
from casekin.reports.vicinity import HARD_STOPS, Vicinity
from casekin.types import Place

_NEAR = 9  # tokens between a sign and the anatomy after it


def sign_places(
    vicinity: Vicinity, mention: Mention, context: Context
) -> tuple[tuple[tuple[str, Place, bool], ...], Group | None]:
    """The findings that a pure sign makes at the anatomies it is said of, and their group; empty without any."""
    label = () if context.label is None else (context.label,)
    for group in (_right(vicinity, mention), *_left(vicinity, mention), *label):
        rows = [] if group is None else [(sign_at(mention, place), place) for place in group.places]
        fitted = ((name, fit_place(name, place) or FINDINGS[name].home, True) for name, place in rows if name)
        named = tuple(dict.fromkeys(fitted))
        if group is not None and named:
            return named, None if group in label else group
    return (), None


def sign_at(mention: Mention, place: Place) -> str | None:
    """The finding that the mention means at this place, by its signs; the anatomy's own sign before its whole's."""
    bare = Place(anatomy=place.anatomy)
    for whole in (bare, *parents(bare)):
        if whole.anatomy == "mediastinum" and whole != bare:
            continue  # a prominent hilum is no wide mediastinum
        for name, anatomy in mention.signs:
            if anatomy == whole.anatomy:
                return name
    return None


def _right(vicinity: Vicinity, mention: Mention) -> Group | None:
    words = vicinity.words
    for at in range(mention.last + 1, min(mention.last + _NEAR, len(words))):
        if at in vicinity.group_at:
            group = vicinity.group_at[at]
            if group.places:
                return vicinity.left_over(group)
        if at in vicinity.mention_at:
            continue  # "calcified, tortuous aorta"
        joins = words[at] in (",", "and") and at + 1 in vicinity.mention_at
        if _predicates(words, at) or (words[at] in (";", ":", "with", ",", "and") and not joins):
            return None
    return None


def _predicates(words: list[str], at: int) -> bool:
    """A copula that does more than say "is seen in"."""
    follows = words[at + 1 : at + 2]
    return words[at] in w.COPULAS and not (w.SEEN_WORDS | w.PREPOSITIONS).intersection(follows)


def _left(vicinity: Vicinity, mention: Mention) -> list[Group]:
    found: list[Group] = []
    for at in range(mention.first - 1, max(-1, mention.first - REACH), -1):
        if vicinity.words[at] in HARD_STOPS or vicinity.words[at] == ";" or vicinity.names(at) is not None:
            break
        group = vicinity.group_at.get(at)
        if group is not None and group not in found:
            found.append(group)
    return found
