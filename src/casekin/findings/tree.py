"""The findings ontology: concepts read from `findings.json`, their hierarchy, and names as people write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from casekin.anatomy import parse_place
from casekin.errors import FindingError
from casekin.types import Place

Kind = Literal["finding", "device", "normal"]
_MAX_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Words that make a finding when said of an anatomy: 'enlarged' of the cardiac silhouette is cardiomegaly."""

    words: tuple[str, ...]
    anatomies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One concept. `homes` are the anatomies where it can occur, the default one first; their parts are allowed too.

    `home_unsure` tells that the default home is too loose to be assumed when a report names no place. `tip` holds the
    anatomies where a device's tip belongs (empty: no such rule). `modalities` is `('CT',)` where radiographs don't
    usually show it, else empty. `excludes` holds ids that can't be present together with it at the same place.
    `absent_when_normal` holds the anatomies that can't be called normal while it is there. `codes` maps a scheme
    (README.md of this package) to its code, where a published table gives one.
    """

    id: str
    name: str
    kind: Kind
    parents: tuple[str, ...]
    homes: tuple[str, ...]
    home_unsure: bool
    tip: tuple[str, ...]
    modalities: tuple[str, ...]
    synonyms: tuple[str, ...]
    signs: tuple[Sign, ...]
    excludes: tuple[str, ...]
    absent_when_normal: tuple[str, ...]
    codes: Mapping[str, str]

    @property
    def home(self) -> Place:
        """The default place: where the finding is when nothing else is said. The side may be None."""
        return parse_place(self.homes[0])


def _finding(row: Mapping[str, Any]) -> Finding:
    signs = tuple(Sign(words=tuple(s["words"]), anatomies=tuple(s["anatomies"])) for s in row.get("signs", ()))
    return Finding(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        parents=tuple(row["parents"]),
        homes=tuple(row["homes"]),
        home_unsure=row.get("home_unsure", False),
        tip=tuple(row.get("tip", ())),
        modalities=tuple(row.get("modalities", ())),
        synonyms=tuple(row["synonyms"]),
        signs=signs,
        excludes=tuple(row.get("excludes", ())),
        absent_when_normal=tuple(row.get("absent_when_normal", ())),
        codes=row.get("codes", {}),
    )


def _read() -> dict[str, Finding]:
    raw = json.loads(Path(__file__).with_name("findings.json").read_text(encoding="utf-8"))
    return {row["id"]: _finding(row) for row in raw["findings"]}


FINDINGS = _read()


def finding_names() -> tuple[str, ...]:
    """Every finding id, in the data file's order."""
    return tuple(FINDINGS)


def finding(text: str) -> Finding:
    """The finding of an id, name or synonym ('PTX', 'ground-glass opacities'). FindingError names the nearest ids."""
    return FINDINGS[parse_finding(text)]


def by_id(name: str) -> Finding:
    """The finding of an id; FindingError names the nearest ids."""
    try:
        return FINDINGS[name]
    except KeyError:
        raise FindingError(f"finding: {name[:80]!r} is no known id; nearest: {', '.join(_nearest(name))}") from None


@lru_cache(maxsize=8192)
def parse_finding(text: str) -> str:
    """The id of a finding written as id, name or synonym; case, hyphens and plural s don't matter.

    Raises FindingError with the nearest names when nothing fits.
    """
    if not isinstance(text, str):
        raise FindingError(f"finding: expected a string such as 'pleural effusion', got {type(text).__name__}")
    name = _normal(text[:_MAX_LENGTH])
    found = _names().get(name) or _names().get(name.removesuffix("s"))
    if found is None:
        raise FindingError(f"finding: {text[:_MAX_LENGTH]!r} is no known finding; nearest: {', '.join(_nearest(name))}")
    return found


def ancestors(name: str) -> tuple[str, ...]:
    """All parents upwards, nearest first, itself excluded. FindingError when the id is unknown."""
    seen: dict[str, None] = {}
    level = [by_id(name).id]
    while level:
        level = [parent for child in level for parent in FINDINGS[child].parents if parent not in seen]
        seen.update(dict.fromkeys(level))
    return tuple(seen)


@lru_cache(maxsize=1 << 17)
def is_a(a: str, b: str) -> bool:
    """Whether finding `a` is `b` or a kind of it (ids). Reflexive, transitive."""
    return by_id(a).id == by_id(b).id or b in ancestors(a)


@cache
def siblings(name: str) -> tuple[str, ...]:
    """Ids that share a parent with `name`, itself excluded, in the data file's order."""
    mine = set(by_id(name).parents)
    return tuple(other.id for other in FINDINGS.values() if other.id != name and not mine.isdisjoint(other.parents))


def _nearest(name: str) -> tuple[str, ...]:
    import difflib  # here: only errors need it

    close = difflib.get_close_matches(name.replace(" ", "_"), FINDINGS, n=5, cutoff=0.4)
    return tuple(close) or tuple(FINDINGS)[:5]


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[\s_\-/]+", " ", text.lower()).split())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    table = {_normal(each.id): each.id for each in FINDINGS.values()}
    for each in FINDINGS.values():
        for name in (each.name, *each.synonyms):
            table.setdefault(_normal(name), each.id)
    return table
