"""What a phrase asks an image for: findings, whether they are stated or denied, and weights over the 29 locations.

The report reader's rules come first; where they find nothing, a text encoder may recognise what is meant. Grounding and
pointing both start here, so that a phrase is one thing everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from casekin.anatomy import ANATOMIES, LOCATIONS, on_radiograph, sided
from casekin.errors import PlaceError
from casekin.findings import finding as concept
from casekin.reports import ReadReport
from casekin.reports import read_phrase as read_by_rules
from casekin.reports.entities import find_entities
from casekin.reports.homes import fit_place
from casekin.reports.places import find_groups
from casekin.types import Fact, Place, Polarity, Side

Source = Literal["rules", "encoder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that a phrase says.

    `finding` is None where it names a place alone; with polarity `absent` that place is called normal. `places` are
    weights over the 29 locations that sum to 1, empty where a frontal film shows no such place; `placed` tells whether
    the phrase said where, or the finding's home stands in. `source` is who recognised the finding.
    """

    finding: str | None
    polarity: Polarity
    places: Mapping[Place, float]
    placed: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseCondition:
    """All that a phrase asks for, in its order; empty where nothing was understood."""

    text: str
    asked: tuple[Asked, ...]

    @property
    def places(self) -> dict[Place, float]:
        """Weights over the locations that sum to 1: the mean over what is asked; empty where no place is known."""
        known = [each.places for each in self.asked if each.places]
        return {
            place: weight
            for place in LOCATIONS
            if (weight := sum(places.get(place, 0.0) for places in known) / max(len(known), 1)) > 0
        }

    @property
    def findings(self) -> dict[str, Polarity]:
        """The findings asked for; one that is stated here and denied there counts as stated."""
        found: dict[str, Polarity] = {}
        for each in self.asked:
            if each.finding is not None and found.get(each.finding, "absent") == "absent":
                found[each.finding] = each.polarity
        return found


class FindingGuesser(Protocol):
    """Names findings in words that no rule knows: a text encoder, or nobody (`guess_nothing`)."""

    def __call__(self, text: str, /) -> Sequence[tuple[str, Polarity]]:
        """Findings with their polarity, the likeliest first; empty where nothing is near enough."""


def guess_nothing(text: str, /) -> Sequence[tuple[str, Polarity]]:
    """Rules alone."""
    return ()


def read_phrase(text: str, *, guess: FindingGuesser = guess_nothing) -> PhraseCondition:
    """What a phrase asks for. InputError when it is no str.

    A finding stands where the phrase says, even where the report reader would move it to its home ("effusion in the
    left lower zone"), else at its home on the side said. Where rules read no finding, `guess` may; where it doesn't
    either, the places that are named stand alone.

    >>> [str(place) for place in read_phrase("effusion in the left lower lung zone").places]
    ['left_lower_lung_zone']
    """
    read = read_by_rules(text)
    said = _said_places(read)
    stated = tuple(_of_fact(fact, said.places) for fact in read.facts)
    loose = tuple(
        Asked(finding=each.finding, polarity=each.polarity, places={}, placed=False, source="rules")
        for each in read.unplaced
    )
    normal = tuple(_bare(place, "absent") for place in read.normal_anatomies)
    if stated or loose or normal:
        return PhraseCondition(text=text, asked=(*stated, *loose, *normal))
    guessed = tuple(_guessed(name, polarity, said) for name, polarity in guess(text))
    return PhraseCondition(text=text, asked=guessed or tuple(_bare(place, "present") for place in said.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Places named, and sides said without an anatomy."""

    places: tuple[Place, ...]
    sides: tuple[Side, ...]


def _said_places(read: ReadReport) -> _Said:
    groups = [group for sentence in read.sentences for group in find_groups(find_entities(sentence))]
    sides = tuple(dict.fromkeys(group.side for group in groups if group.side is not None))
    places = dict.fromkeys(place for group in groups for place in group.places)
    if len(sides) == 1:  # "apical zone on the right"
        places = dict.fromkeys(_on_side(place, sides[0]) for place in places)
    return _Said(places=tuple(places), sides=sides)


def _on_side(place: Place, side: Side) -> Place:
    node = ANATOMIES[place.anatomy]
    return sided(place.anatomy, side) if place.side is None and node.paired and node.only is None else place


def _of_fact(fact: Fact, said: Sequence[Place]) -> Asked:
    """The fact at the places said of it, where the reader only moved it home; else at its own place."""
    meant = [place for place in said if place == fact.place or fit_place(fact.finding, place) == fact.place]
    places = _spread(meant or [fact.place])
    placed = bool(meant) or fact.place != concept(fact.finding).home
    return Asked(finding=fact.finding, polarity=fact.polarity, places=places, placed=placed, source="rules")


def _guessed(name: str, polarity: Polarity, said: _Said) -> Asked:
    home = concept(name).home
    meant = [place for place in said.places if fit_place(name, place) is not None]
    meant = meant or [_on_side(home, side) for side in said.sides]
    return Asked(finding=name, polarity=polarity, places=_spread(meant or [home]), placed=bool(meant), source="encoder")


def _bare(place: Place, polarity: Polarity) -> Asked:
    return Asked(finding=None, polarity=polarity, places=_spread([place]), placed=True, source="rules")


def _spread(places: Sequence[Place]) -> dict[Place, float]:
    """Weights over locations that sum to 1; places that no frontal film shows are left out."""
    shown = [weights for place in places if (weights := _shown(place))]
    summed = {place: sum(weights.get(place, 0.0) for weights in shown) / max(len(shown), 1) for place in LOCATIONS}
    return {place: weight for place, weight in summed.items() if weight > 0}


@lru_cache(maxsize=1024)
def _shown(place: Place) -> Mapping[Place, float]:
    try:
        return on_radiograph(place)
    except PlaceError:
        return {}
