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
from casekin.findings.tree import FINDINGS, Finding, finding

_Value = str | list[str]


@dataclass(slots=True)
class _LabelSet:
    """One set: its names, normal spelling → name, name → ids, name → reason of refusal, id → names given for it."""

    names: tuple[str, ...]
    spellings: dict[str, str] = field(default_factory=dict)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    given_for: dict[str, list[str]] = field(default_factory=dict)


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

    The labels that mean it, else those of the nearest level of its ancestors that has any: 'crazy paving' is CT-RATE's
    'Interlobular septal thickening'. A label that is only a kind of the finding ('lobar atelectasis') isn't given.

    >>> to_labels("hydropneumothorax", "chexpert")
    ('Pneumothorax', 'Pleural Effusion')
    """
    known, level = _set(scheme), [finding(name).id]
    while level:
        found = {label for each in level for label in known.given_for.get(each, ())}
        if found:
            return tuple(label for label in known.names if label in found)
        level = [parent for each in level for parent in FINDINGS[each].parents]
    return ()


def _set(scheme: str) -> _LabelSet:
    try:
        return _sets()[scheme]
    except (KeyError, TypeError):
        raise FindingError(f"label set: expected one of {', '.join(_sets())}, got {str(scheme)[:80]!r}") from None


@lru_cache(maxsize=1)
def _sets() -> dict[str, _LabelSet]:
    raw = json.loads(Path(__file__).with_name("label_maps.json").read_text(encoding="utf-8"))
    return {scheme: _read(rows["labels"]) for scheme, rows in raw["sets"].items()}


def _read(rows: dict[str, _Value | dict[str, _Value]]) -> _LabelSet:
    """A name's value: ids, or an object of `is`, `covers` and `kind_of` ids, or of the reason why it is `refused`."""
    known = _LabelSet(names=tuple(rows))
    for name, value in rows.items():
        known.spellings[_normal(name)] = name
        told = value if isinstance(value, dict) else {"is": value}
        if "refused" in told:
            known.refused[name] = str(told["refused"])
        else:
            known.ids[name] = (*_ids(told, "is"), *_ids(told, "kind_of"))
        for each in (*_ids(told, "is"), *_ids(told, "covers")):
            known.given_for.setdefault(each, []).append(name)
    return known


def _ids(told: dict[str, _Value], key: str) -> tuple[str, ...]:
    value = told.get(key, ())
    return (value,) if isinstance(value, str) else tuple(value)


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[\s_\-/]+", " ", text.lower()).split())
