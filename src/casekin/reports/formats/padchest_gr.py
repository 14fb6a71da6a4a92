"""PadChest-GR: a JSON list of studies, each with sentences, labels, locations and boxes (shares of the image, 0 to 1).

A sentence with labels gives ready-made facts. One without (most normal and negative sentences have none) is read by the
rules. A `master_table.csv` beside it gives split and patient, where it has those columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from casekin.reports.formats.decode import decode, parse_json
from casekin.reports.formats.delimited import read_table
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.ready_made import fitting_places, join_facts, known_findings, known_place, polarity_of
from casekin.reports.formats.rows import SPLITS, BadRow, Row, RowError, SourceReport, check_id, check_length
from casekin.reports.normality import normal_places
from casekin.reports.reader import read_phrase
from casekin.types import Change, Fact, Place, Side

_SCHEME = "padchest"
_TABLE = "master_table.csv"
_SIDES: dict[str, Side] = {"left": "left", "right": "right", "bilateral": "bilateral"}
_CHANGES: dict[str, Change] = {
    "new": "new", "stable": "stable", "unchanged": "stable", "improving": "decreased", "improved": "decreased",
    "decreased": "decreased", "worsening": "increased", "worsened": "increased", "progression": "increased",
    "increased": "increased", "resolved": "resolved",
}  # fmt: skip


def load_padchest_gr(source: Path) -> Iterator[Row]:
    """Reports of a file, or of the JSON files of a folder or archive; one study is one report."""
    table = {row["studyid"]: row for row in _master_table(source)}
    for file in iter_files(source, ".json"):
        if isinstance(file, BadRow):
            yield file
            continue
        try:
            studies = parse_json(decode(file.read())[0])
        except RowError as error:
            yield BadRow(file=file.name, row=None, reason=str(error))
            continue
        if not isinstance(studies, list):
            yield BadRow(file=file.name, row=None, reason="expected a JSON list of studies")
            continue
        for number, study in enumerate(studies, start=1):
            try:
                yield _report(study, file.name, number, table)
            except RowError as error:
                yield BadRow(file=file.name, row=number, reason=str(error))


def _master_table(source: Path) -> Iterator[Mapping[str, str]]:
    for file in iter_files(source, _TABLE):
        if isinstance(file, SourceFile) and file.name.endswith(_TABLE):
            rows = (row for row in read_table(file) if not isinstance(row, BadRow))
            yield from (row.cells for row in rows if row.cells.get("studyid"))


def _report(study: object, file: str, row: int, table: Mapping[str, Mapping[str, str]]) -> SourceReport:
    if not isinstance(study, dict) or not isinstance(study.get("findings"), list):
        raise RowError("expected an object with ImageID, StudyID and a list of findings")
    report_id = check_id(str(study.get("StudyID") or study.get("ImageID") or ""))
    known = table.get(report_id, {})
    text = ""
    facts: list[Fact] = []
    normal: list[Place] = []
    unplaced: dict[str, None] = {}
    grounding: list[dict[str, Any]] = []
    for entry in study["findings"]:
        if not isinstance(entry, dict):
            raise RowError("findings: expected objects with sentence_en and labels")
        sentence = " ".join(str(entry.get("sentence_en") or "").split())
        start = len(text) + 1 if text else 0
        text = f"{text}\n{sentence}" if text else sentence
        labels, places = _strings(entry, "labels"), _places(_strings(entry, "locations"), unplaced)
        told = _stated(entry, labels, places, sentence, start, unplaced)
        if not labels and sentence:
            read = read_phrase(sentence)
            told = [_moved(fact, start) for fact in read.facts]
            normal += read.normal_anatomies
        facts += told
        grounding += _boxes(entry, told)
    joined = join_facts(facts)
    split = known.get("split", "").strip().lower()
    return SourceReport(
        file=file,
        row=row,
        report_id=report_id,
        patient_id=known.get("patientid") or None,
        split=SPLITS.get(split),
        text=check_length(text),
        composed=True,
        facts=joined,
        normal=normal_places(normal, joined),
        unplaced=tuple(unplaced),
        extra={"image_id": str(study.get("ImageID") or ""), "grounding": grounding},
    )


def _stated(
    entry: Mapping[str, Any],
    labels: Sequence[str],
    places: Sequence[Place | Side],
    sentence: str,
    start: int,
    unplaced: dict[str, None],
) -> list[Fact]:
    """The facts of a labelled sentence; a side without an anatomy is the side of the finding's home."""
    change = _CHANGES.get(str(entry.get("progression") or "").strip().lower())
    sides = [place for place in places if isinstance(place, str)]
    facts = []
    for label in labels:
        found = known_findings(_SCHEME, label)
        if not found:
            unplaced[label] = None
        for finding in found:
            named = [place for place in places if isinstance(place, Place)]
            stands = fitting_places(finding, named or [Place(anatomy="lung", side=side) for side in sides])
            facts += [
                Fact(
                    finding=finding,
                    anatomy=place.anatomy,
                    side=place.side,
                    polarity=polarity_of(found, stated=entry.get("abnormal") is not False),
                    change=change,
                    sentence=sentence,
                    span=(start, start + len(sentence)),
                )
                for place in stands
            ]
    return facts


def _places(locations: Sequence[str], unplaced: dict[str, None]) -> list[Place | Side]:
    """Places; a bare 'left' lends its side to anatomies named without one, or stands alone."""
    names = [location.lower().removeprefix("loc ").strip() for location in locations]
    sides: list[Side] = [_SIDES[name] for name in names if name in _SIDES]
    side: Side | None = "bilateral" if len(set(sides)) > 1 else sides[0] if sides else None
    found: list[Place | Side] = []
    for name in names:
        place = None if name in _SIDES else known_place(name)
        if place is not None:
            sided = known_place(f"{side} {name}") if side and place.side is None else None
            found.append(sided or place)
        elif name not in _SIDES:
            unplaced[name] = None
    return found or ([side] if side else [])


def _moved(fact: Fact, start: int) -> Fact:
    return fact if fact.span is None else replace(fact, span=(fact.span[0] + start, fact.span[1] + start))


def _boxes(entry: Mapping[str, Any], facts: Sequence[Fact]) -> list[dict[str, Any]]:
    boxes = [box for name in ("boxes", "extra_boxes") for box in entry.get(name) or () if _is_box(box)]
    places = {(fact.finding, fact.anatomy, fact.side) for fact in facts} if boxes else set()
    return [
        {"finding": finding, "anatomy": anatomy, "side": side, "boxes_share": boxes}
        for finding, anatomy, side in sorted(places, key=str)
    ]


def _is_box(box: object) -> bool:
    return isinstance(box, list) and len(box) == 4 and all(isinstance(value, int | float) for value in box)


def _strings(entry: Mapping[str, Any], name: str) -> list[str]:
    value = entry.get(name)
    return [str(item).strip() for item in value if str(item).strip()] if isinstance(value, list) else []
