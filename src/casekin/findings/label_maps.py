"""Other people's label sets: their names as findings, and findings as their names.

Data: `label_maps.json` (see README.md beside it).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from casekin.errors import FindingError
from casekin.findings.tree import FINDINGS, Finding, ancestors, finding


@dataclass(slots=True)
class _LabelSet:
    """One set: its names, normal spelling → name, name → ids, name → reason of refusal, id → names that mean it."""

    names: tuple[str, ...]
    spellings: dict[str, str] = field(default_factory=dict)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    meant_by: dict[str, list[str]] = field(default_factory=dict)


def label_sets() -> tuple[str, ...]:
    """The label sets that are known: 'chexpert', 'chestxray14', 'vindr_cxr', 'padchest' …"""
    return tuple(_sets())


def labels(scheme: str) -> tuple[str, ...]:
    """Every name of a label set as its authors write it, refused ones too. FindingError when the set is unknown."""
    return _set(scheme).names


def from_label(scheme: str, name: str) -> tuple[Finding, ...]:
    """The findings that `name` of a label set stands for; several where the label joins them ('Nodule/Mass').

    Case, spaces, hyphens and underscores don't matter. FindingError when the set or name is unknown (it lists the
    nearest names), or when the name is no finding (it says why: 'suboptimal study' is about the image).

    >>> [each.id for each in from_label("vindr_cxr", "Nodule/Mass")]
    ['nodule', 'mass']
    """
    known = _set(scheme)
    spelling = known.spellings.get(_normal(str(name)))
    if spelling is None:
        import difflib  # here: only errors need it

        near = difflib.get_close_matches(_normal(str(name)[:80]), known.spellings, n=5, cutoff=0.4)
        nearest = ", ".join(known.spellings[each] for each in near) or "none; see casekin.findings.labels()"
        raise FindingError(f"label: {str(name)[:80]!r} is no label of {scheme}; nearest: {nearest}")
    if spelling in known.refused:
        raise FindingError(f"label: {spelling!r} of {scheme} is no finding: {known.refused[spelling]}")
    return tuple(FINDINGS[each] for each in known.ids[spelling])


def to_labels(name: str, scheme: str) -> tuple[str, ...]:
    """What a label set calls the finding `name` (id, name or synonym), in the set's order; empty where it has no word.

    The labels that mean it, else those of its nearest ancestor that has any: 'crazy paving' is CT-RATE's
    'Interlobular septal thickening'. A label that is only a kind of the finding ('lobar atelectasis') isn't given.

    >>> to_labels("hemothorax", "chexpert")
    ('Pleural Effusion',)
    """
    meant_by = _set(scheme).meant_by
    own = finding(name).id
    return next((tuple(meant_by[each]) for each in (own, *ancestors(own)) if each in meant_by), ())


def _set(scheme: str) -> _LabelSet:
    try:
        return _sets()[scheme]
    except (KeyError, TypeError):
        raise FindingError(f"label set: expected one of {', '.join(_sets())}, got {str(scheme)[:80]!r}") from None


@lru_cache(maxsize=1)
def _sets() -> dict[str, _LabelSet]:
    raw = json.loads(Path(__file__).with_name("label_maps.json").read_text(encoding="utf-8"))
    return {scheme: _read(rows["labels"]) for scheme, rows in raw["sets"].items()}


def _read(rows: dict[str, str | list[str] | dict[str, str | list[str]]]) -> _LabelSet:
    """A name's value is an id, a list of ids, `{"kind_of": id(s)}` or `{"refused": reason}`."""
    known = _LabelSet(names=tuple(rows))
    for name, value in rows.items():
        known.spellings[_normal(name)] = name
        exact = not isinstance(value, dict)
        if isinstance(value, dict) and "refused" in value:
            known.refused[name] = str(value["refused"])
            continue
        ids = value["kind_of"] if isinstance(value, dict) else value
        known.ids[name] = (ids,) if isinstance(ids, str) else tuple(ids)
        for each in known.ids[name] if exact else ():
            known.meant_by.setdefault(each, []).append(name)
    return known


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[\s_\-/]+", " ", text.lower()).split())
