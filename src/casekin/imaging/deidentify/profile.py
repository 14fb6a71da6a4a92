"""The standard's table of attributes: what the Basic Application Level Confidentiality Profile does with each tag."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Action = Literal["X", "Z", "D", "U", "X/Z", "X/D", "Z/D", "X/Z/D", "X/Z/U*"]
"""Remove, empty, replace by a dummy, map a UID, and what depends on whether an object must have the attribute."""

_ACTIONS: frozenset[str] = frozenset(get_args(Action))
_GROUPS_REMOVED = frozenset((0x50, 0x60))
"""High bytes of the repeating groups of curves and overlays, graphics that may hold words: removed whole."""


def action_of(tag: int) -> Action | None:
    """What the table says of a public tag (PS3.15 table E.1-1); None for one that it doesn't list."""
    if tag >> 24 in _GROUPS_REMOVED:
        return "X"
    return _table().get(tag)


@cache
def _table() -> dict[int, Action]:
    found: dict[int, Action] = {}
    text = (files(__package__) / "profile.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        tag, action, _ = line.split("\t")
        assert action in _ACTIONS, action
        if "X" not in tag:  # repeating groups are told by `_GROUPS_REMOVED`
            found[int(tag, 16)] = action  # type: ignore[assignment]
    return found
