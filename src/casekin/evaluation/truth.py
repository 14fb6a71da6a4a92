"""The truth of a simulated archive, read back: what each picture shows, whatever the report makes of it, and where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.types import Box, Fact, Place, Side

_FIELDS = ("finding", "anatomy", "side", "severity", "size_mm", "change")
# Findings that fill both lungs are one lesion; any other on both sides is two.
_DIFFUSE = "lung"
_BOTH: tuple[Side, Side] = ("left", "right")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueCase:
    """A line of `truth.jsonl`.

    `facts`: the findings in the picture, present, and what the report denies, absent. `boxes` by location, in pixels of
    the stored image; `masks`: files by place, or by `finding@place`, relative to the truth. `header`: any other field
    with a plain value, such as `site`.
    """

    case_id: str
    split: str | None
    facts: tuple[Fact, ...]
    normal_anatomies: tuple[Place, ...] = ()
    boxes: Mapping[Place, Box] = field(default_factory=dict)
    masks: Mapping[str, str] = field(default_factory=dict)
    header: Mapping[str, str] = field(default_factory=dict)


def read_truth(path: Path) -> dict[str, TrueCase]:
    """The cases of a `truth.jsonl`, by id. InputError names the row where a line isn't one, or its id came before."""
    cases: dict[str, TrueCase] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"truth: expected a readable text file, got {type(error).__name__} at {path.name}") from None
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = _case(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(
                f"{path.name} row {row}: expected a line of truth.jsonl with case_id and facts, got "
                f"{type(error).__name__}"
            ) from None
        if case.case_id in cases:
            raise InputError(f"{path.name} row {row}: the case {case.case_id[:80]!r} is there twice; expected it once")
        cases[case.case_id] = case
    return cases


def facts_in_image(records: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """The findings of a case's `facts` that are in the picture, present, one for each side that has one.

    Without `in_image` a fact is in the picture unless it is absent.

    >>> both = {"finding": "pleural_effusion", "anatomy": "pleural_space", "side": "bilateral", "in_image": True}
    >>> [str(fact.place) for fact in facts_in_image([{**both, "polarity": "uncertain"}])]
    ['left_pleural_space', 'right_pleural_space']
    """
    return tuple(fact for record in records if _is_in_image(record) for fact in _lesions(record))


def by_side(fact: Fact) -> tuple[Fact, ...]:
    """A bilateral fact as one of either side; any other, and one that fills both lungs, as it is."""
    if fact.side == "bilateral" and fact.anatomy != _DIFFUSE:
        return tuple(replace(fact, side=side) for side in _BOTH)
    return (fact,)


def _case(record: Mapping[str, Any]) -> TrueCase:
    places = {Place(anatomy=at["anatomy"], side=at["side"]): at["box"] for at in record.get("boxes", ())}
    told = {"case_id", "patient_id", "split"}
    return TrueCase(
        case_id=str(record["case_id"]),
        split=record.get("split"),
        facts=(*facts_in_image(record["facts"]), *_denials(record["facts"])),
        normal_anatomies=tuple(
            Place(anatomy=at["anatomy"], side=at["side"]) for at in record.get("normal_anatomies", ())
        ),
        boxes={place: Box.from_list(box) for place, box in places.items()},
        masks=dict(record.get("masks", {})),
        header={name: value for name, value in record.items() if isinstance(value, str) and name not in told},
    )


def _is_in_image(record: Mapping[str, Any]) -> bool:
    return bool(record.get("in_image", record["polarity"] != "absent"))


def _denials(records: Iterable[Mapping[str, Any]]) -> Iterator[Fact]:
    for record in records:
        if not _is_in_image(record) and record["polarity"] == "absent":
            known: dict[str, Any] = {name: record.get(name) for name in _FIELDS}
            yield Fact(**known, polarity="absent")


def _lesions(record: Mapping[str, Any]) -> tuple[Fact, ...]:
    known: dict[str, Any] = {name: record.get(name) for name in _FIELDS}
    return by_side(Fact(**known, polarity="present"))
