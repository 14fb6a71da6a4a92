"""What readers answered, read back and checked; and the one grade of each pair that follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from casekin.errors import InputError
from casekin.evaluation.judging.pool import Session

GRADES = (0, 1, 2, 3)
How = Literal["agreed", "lower", "adjudicated", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One reader's grades by pair number, None where they couldn't tell; `again`: those of the second showings."""

    reader: int
    first: Mapping[int, int | None]
    again: Mapping[int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a pair. `grade` is None while it is open: readers far apart, or one who couldn't tell."""

    pair: int
    grade: int | None
    how: How


def read_answers(path: Path, session: Session) -> Answers:
    """A reader's answers, as their page saved them.

    InputError when the file is of another session or of several readers, an item is unknown, twice or missing, or a
    line isn't an answer.
    """
    reader, grades = 0, dict[int, int | None]()
    for row, record in _records(path):
        _check_session(path, row, record, session)
        told = _number(path, row, record, "reader", highest=len(session.orders))
        if reader not in (0, told):
            raise InputError(
                f"{path.name} row {row}: expected reader {reader} alone, got {told}; give one file for each reader"
            )
        reader = told
        item = _number(path, row, record, "item", highest=len(session.orders[reader - 1]))
        if item in grades:
            raise InputError(f"{path.name} row {row}: pair {item} is there twice; save the answers again")
        grades[item] = _grade(path, row, record)
    if not reader:
        raise InputError(f"{path.name}: expected answers, got none; save them from the reader's page")
    missing = [item for item in range(1, len(session.orders[reader - 1]) + 1) if item not in grades]
    if missing:
        raise InputError(
            f"{path.name}: {len(missing)} pairs have no answer, the first is pair {missing[0]}; finish the page of "
            f"reader {reader} and save the answers again"
        )
    shown = list(enumerate(session.orders[reader - 1], start=1))
    return Answers(
        reader=reader,
        first={one.pair: grades[item] for item, one in shown if not one.again},
        again={one.pair: grades[item] for item, one in shown if one.again},
    )


def read_adjudicated(path: Path, session: Session, verdicts: Sequence[Verdict]) -> dict[int, int]:
    """Grades by pair number that a third person gave to open pairs; those left null stay open.

    InputError when a pair is not open, comes twice, or a line isn't one of `adjudicate.jsonl`.
    """
    still_open = {verdict.pair for verdict in verdicts if verdict.how == "open"}
    seen: set[int] = set()
    grades: dict[int, int] = {}
    for row, record in _records(path):
        _check_session(path, row, record, session)
        pair = record.get("pair")
        if pair not in still_open:
            raise InputError(f"{path.name} row {row}: expected a pair of adjudicate.jsonl, got {pair!r:.20}")
        if pair in seen:
            raise InputError(f"{path.name} row {row}: pair {pair} is there twice; leave one line")
        seen.add(pair)
        grade = _grade(path, row, record)
        if grade is not None:
            grades[pair] = grade
    return grades


def holds_grades(adjudicated: Path) -> bool:
    """Whether anyone has filled in a grade of an `adjudicate.jsonl`. InputError when a line isn't an object."""
    return any(record.get("grade") is not None for _, record in _records(adjudicated))


def settle(session: Session, readers: Sequence[Answers]) -> list[Verdict]:
    """The grade of each pair: the readers', or the lowest where they are one step apart, else it is open.

    The lower of two neighbours is what both granted: labels err towards calling cases less alike.
    """
    verdicts = []
    for pair in range(len(session.pairs)):
        given = [answers.first[pair] for answers in readers]
        known = [grade for grade in given if grade is not None]
        if len(known) < len(given) or max(known) - min(known) > 1:
            verdicts.append(Verdict(pair=pair, grade=None, how="open"))
        else:
            how: How = "agreed" if len(set(known)) == 1 else "lower"
            verdicts.append(Verdict(pair=pair, grade=min(known), how=how))
    return verdicts


def adjudicate(verdicts: Sequence[Verdict], grades: Mapping[int, int]) -> list[Verdict]:
    """The verdicts with the grades that `read_adjudicated` found."""
    return [
        Verdict(pair=one.pair, grade=grades[one.pair], how="adjudicated") if one.pair in grades else one
        for one in verdicts
    ]


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Row number and content of each line that isn't blank."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: expected JSON Lines in UTF-8, got {type(error).__name__}") from None
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            raise InputError(f"{path.name} row {row}: expected a JSON object, got something else; save the file again")
        yield row, record


def _check_session(path: Path, row: int, record: Mapping[str, Any], session: Session) -> None:
    if record.get("session") != session.id:
        raise InputError(
            f"{path.name} row {row}: expected answers of session {session.id}, got {record.get('session')!r:.40}; "
            "name the folder whose pages were read"
        )


def _number(path: Path, row: int, record: Mapping[str, Any], name: str, *, highest: int) -> int:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= highest:
        return value
    raise InputError(
        f"{path.name} row {row}: expected {name} from 1 to {highest}, got {value!r:.20}; give the file as it was saved"
    )


def _grade(path: Path, row: int, record: Mapping[str, Any]) -> int | None:
    grade = record.get("grade", "nothing")
    if grade is None or (isinstance(grade, int) and not isinstance(grade, bool) and grade in GRADES):
        return grade
    raise InputError(f"{path.name} row {row}: expected a grade from 0 to 3, or null, got {grade!r:.20}")
