"""Presets of training: what `presets.toml` says under a name and a size."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from casekin.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A preset at a size. `numbers` are its dials, `augment` the spreads of `AugmentSettings`, `width` the network's.

    `views`: frames and lights under which each image is shown. `about`: what it trains, one sentence.
    """

    name: str
    size: str
    about: str
    width: int
    views: int
    numbers: dict[str, float]
    augment: dict[str, float]

    def count(self, name: str) -> int:
        """A dial that is a whole number."""
        return int(self.numbers[name])


def preset_names() -> tuple[str, ...]:
    """Names that `read_preset` takes."""
    return tuple(_file()["presets"])


def size_names() -> tuple[str, ...]:
    """Sizes from small to large."""
    return tuple(_file()["sizes"])


def read_preset(name: str, *, size: str | None = None) -> Preset:
    """The preset of a name, at its own size or the given one. InputError names the nearest where one is unknown."""
    own = _named(name, _file()["presets"], "preset")
    found = {**_file()["common"], **own}
    chosen = size or found["size"]
    dial = _named(chosen, _file()["sizes"], "size")
    text = {"about", "size", "augment"}
    return Preset(
        name=name,
        size=chosen,
        about=found["about"],
        width=dial["width"],
        views=dial["views"],
        numbers={key: float(value) for key, value in found.items() if key not in text},
        augment=dict(found["augment"]),
    )


def _named(name: str, table: dict[str, Any], what: str) -> dict[str, Any]:
    if name not in table:
        raise InputError(f"{what}: expected one of {', '.join(_nearest(name, table))}, got {name[:40]!r}")
    found: dict[str, Any] = table[name]
    return found


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """Known names, the most alike first."""
    return sorted(known, key=lambda each: -difflib.SequenceMatcher(None, name, each).ratio())


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
