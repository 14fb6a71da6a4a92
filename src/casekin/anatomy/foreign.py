"""Names that published data sets and systems give to places → our places, or the reason why a name is no place."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from casekin.anatomy.tree import split_place
from casekin.errors import PlaceError
from casekin.types import Place


def foreign_schemes() -> tuple[str, ...]:
    """The vocabularies that `foreign_place` knows."""
    return tuple(_schemes())


def foreign_names(scheme: str) -> tuple[str, ...]:
    """Every name of a vocabulary in its published order, refused ones included; `PlaceError` for an unknown scheme."""
    return tuple(_names(scheme))


def foreign_place(scheme: str, name: str) -> Place:
    """The place that a name means in a vocabulary: `foreign_place("radir_ct", "bronchie")`.

    Groups that we don't keep as an anatomy give the smallest place that holds them ("alveolar": lung). Raises
    `PlaceError` for an unknown scheme or name, and with the stated reason for a name that is no place.
    """
    names = _names(scheme)
    key = _key(name)
    if key not in names:
        import difflib  # here: only errors need it

        close = difflib.get_close_matches(key, names, n=5, cutoff=0.4)
        raise PlaceError(f"place: {scheme} has no {name[:80]!r}; nearest names: {', '.join(close) or 'none'}")
    return _place_or_raise(names[key], name)


def known_elsewhere(name: str) -> Place | None:
    """The place of a name that any vocabulary has, None where none has it; `PlaceError` where it is refused."""
    found = next((names[name] for names in _schemes().values() if name in names), None)
    return None if found is None else _place_or_raise(found, name)


def _place_or_raise(entry: str | dict[str, str], name: str) -> Place:
    if isinstance(entry, str):
        return split_place(entry)
    raise PlaceError(f"place: {name!r} {entry['refused']}")


def _names(scheme: str) -> dict[str, Any]:
    try:
        return _schemes()[scheme]
    except KeyError:
        known = ", ".join(_schemes())
        raise PlaceError(f"scheme: expected one of {known}, got {scheme[:80]!r}") from None


@lru_cache(maxsize=1)
def _schemes() -> dict[str, dict[str, Any]]:
    """Scheme → name → place string, or `{"refused": reason}`."""
    raw = json.loads(Path(__file__).with_name("foreign_names.json").read_text(encoding="utf-8"))
    return {scheme: entry["names"] for scheme, entry in raw["schemes"].items()}


def _key(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())
