"""Names of places as people write them: synonyms, abbreviations, sides in any position → `Place`."""

from __future__ import annotations

import re
from functools import lru_cache

from casekin.anatomy.foreign import known_elsewhere
from casekin.anatomy.tree import ANATOMIES, LOCATIONS, Anatomy
from casekin.errors import PlaceError
from casekin.types import Place, Side

SIDE_WORDS: dict[str, Side] = {
    "left": "left", "lt": "left", "l": "left", "left-sided": "left", "leftsided": "left",
    "right": "right", "rt": "right", "r": "right", "right-sided": "right", "rightsided": "right",
    "bilateral": "bilateral", "both": "bilateral", "bilaterally": "bilateral", "bilat": "bilateral",
    "midline": "midline", "median": "midline",
}  # fmt: skip
_FILLER = frozenset({"the", "of", "in", "at", "on", "side", "sided", "a", "an", "to", "and"})
_MAX_LENGTH = 120


@lru_cache(maxsize=8192)
def parse_place(text: str) -> Place:
    """Read a place: 'left lower lobe', 'Left-Lower_Lobe', 'RLL', 'right CP angle', 'heart', 'base of the left lung'.

    Plural paired names without a side ('lungs') are bilateral; singular ones have side None. Names of published
    vocabularies (`foreign_place`) are read too. Raises PlaceError with the nearest names when nothing fits, with the
    reason where a name is known to be no place ('nasogastric'), and when the side can't be ('left middle lobe').
    """
    if not isinstance(text, str):
        raise PlaceError(f"place: expected a string such as 'left lower lobe', got {type(text).__name__}")
    words = _words(text)
    if not words or len(text) > _MAX_LENGTH:
        raise PlaceError("place: expected a name such as 'left lower lobe', got an empty or overlong text")
    whole = _lookup(" ".join(words))
    if whole is not None:
        return whole
    sides = {SIDE_WORDS[word] for word in words if word in SIDE_WORDS}
    rest = [word for word in words if word not in SIDE_WORDS]
    own_name = _lookup(" ".join((*sides, *rest))) if len(sides) == 1 else None  # "ventricle, left" has an id of its own
    if own_name is not None:
        return own_name
    found = _lookup(" ".join(rest)) or _lookup(_without_fillers(rest)) or _part_of_lung(rest)
    found = found or known_elsewhere(" ".join(words)) or known_elsewhere(" ".join(rest))
    if found is None:
        raise PlaceError(f"place: {text!r} is no known anatomy; nearest names: {', '.join(nearest_places(text))}")
    if not sides:
        return found
    side: Side = "bilateral" if sides == {"left", "right"} else sorted(sides)[0]
    return sided(found.anatomy, side)


def sided(name: str, side: Side | None) -> Place:
    """A place of a known anatomy id on a side; PlaceError when that anatomy has no such side."""
    node = ANATOMIES[name]
    if side == "midline" and not node.paired:
        side = None
    if side is not None and not node.paired:
        raise PlaceError(f"place: {node.name!r} has no side, got {side!r}; leave the side out")
    if node.only is not None:
        if side not in (None, node.only):
            raise PlaceError(f"place: {node.name!r} exists on the {node.only} only, got {side!r}")
        side = node.only
    return Place(anatomy=name, side=side)


@lru_cache(maxsize=512)  # looking is slow, and what is unknown once is asked again
def nearest_places(text: str, *, limit: int = 5) -> tuple[str, ...]:
    """Names that look like the text, nearest first, for error messages."""
    import difflib  # here: only errors need it

    names = [str(place) for place in LOCATIONS] + list(ANATOMIES)
    wanted = "_".join(_words(text[:_MAX_LENGTH]))
    close = difflib.get_close_matches(wanted, dict.fromkeys(names), n=limit, cutoff=0.4)
    return tuple(close) or tuple(str(place) for place in LOCATIONS[:limit])


def _words(text: str) -> list[str]:
    return re.sub(r"[\s_\-/,.]+", " ", text.lower()).split()


def _part_of_lung(words: list[str]) -> Place | None:
    """'base of the left lung', 'upper lobe of the right lung': drop the trailing 'lung' and try again."""
    return _lookup(_without_fillers([word for word in words if word not in ("lung", "lungs")]))


def _without_fillers(words: list[str]) -> str:
    return " ".join(word for word in words if word not in _FILLER)


def _lookup(name: str) -> Place | None:
    return _names().get(name)


@lru_cache(maxsize=1)
def _names() -> dict[str, Place]:
    """Every name in lower case, with fillers and without; ids win over synonyms, earlier nodes over later ones."""
    table: dict[str, Place] = {}
    for node in ANATOMIES.values():
        table[node.id.replace("_", " ")] = Place(anatomy=node.id, side=node.only)
    spelled = [
        (name, Place(anatomy=node.id, side=side)) for node in ANATOMIES.values() for name, side in spellings(node)
    ]
    for name, place in (*spelled, *((_without_fillers(name.split()), place) for name, place in spelled)):
        table.setdefault(name, place)
    return table


def spellings(node: Anatomy) -> tuple[tuple[str, Side | None], ...]:
    """All spellings of a node with the side each implies, in lower case with single spaces."""
    rows: list[tuple[str, Side | None]] = [(node.id.replace("_", " "), node.only), (node.name, node.only)]
    rows += [(name, node.only) for name in node.synonyms]
    rows += [(name, "bilateral" if node.paired else None) for name in node.plurals]
    rows += [(name, _side(side)) for side, names in node.sided_synonyms.items() for name in names]
    return tuple((" ".join(_words(name)), side) for name, side in rows)


def _side(text: str) -> Side:
    return SIDE_WORDS[text]
