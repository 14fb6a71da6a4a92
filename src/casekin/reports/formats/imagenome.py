"""Chest ImaGenome scene graphs: `<image>_SceneGraph.json`, locations with phrases and `category|yes|name` attributes.

A graph is an image's; `case_id` (`s` + study) joins those of one study, and agrees with MIMIC-CXR's reports, as the
patient (`p` + number) does. Boxes become `regions`, in pixels of the original image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from casekin.reports.formats.decode import decode, parse_json
from casekin.reports.formats.files import iter_files
from casekin.reports.formats.ready_made import fitting_places, join_facts, known_findings, known_place, polarity_of
from casekin.reports.formats.rows import BadRow, Row, RowError, SourceReport, check_id, check_length
from casekin.reports.normality import normal_places
from casekin.types import Change, Fact, Place, Severity

SUFFIX = "_scenegraph.json"
_SCHEME = "chest_imagenome"
_FINDINGS = frozenset({"anatomicalfinding", "disease", "tubesandlines", "device"})
_SEVERITIES: dict[str, Severity] = {"mild": "mild", "moderate": "moderate", "severe": "severe"}
_CHANGES: dict[str, Change] = {"improved": "decreased", "worsened": "increased", "no change": "stable"}


def load_imagenome(source: Path) -> Iterator[Row]:
    """One report for each scene graph of a file, folder or archive, its facts ready-made."""
    for file in iter_files(source, SUFFIX):
        if isinstance(file, BadRow):
            yield file
            continue
        try:
            graph = parse_json(decode(file.read())[0])
            yield _report(_record(graph, "the file"), file.name)
        except RowError as error:
            yield BadRow(file=file.name, row=None, reason=str(error))


def _report(graph: Mapping[str, Any], file: str) -> SourceReport:
    image = check_id(str(graph.get("image_id") or ""))
    locations = [_record(entry, "attributes") for entry in _list(graph.get("attributes"), "attributes")]
    phrases = {phrase: None for entry in locations for phrase in _phrases(entry)}
    text = check_length("\n".join(phrases))
    starts = {phrase: text.index(phrase) for phrase in phrases}
    facts: list[Fact] = []
    normal: list[Place] = []
    unplaced: dict[str, None] = {}
    for entry in locations:
        name = str(entry.get("bbox_name") or "")
        place = known_place(name, scheme=_SCHEME)
        if place is None and name != "unknown":
            unplaced[name] = None
        _read_location(entry, place, starts, facts=facts, normal=normal, unplaced=unplaced)
    joined = join_facts(facts)
    study, patient = graph.get("study_id"), graph.get("patient_id")
    return SourceReport(
        file=file,
        row=None,
        report_id=image,
        case_id=None if study is None else f"s{study}",
        patient_id=None if patient is None else f"p{patient}",
        text=text,
        composed=True,
        facts=joined,
        normal=normal_places(normal, joined),
        unplaced=tuple(unplaced),
        extra={"regions": _regions(graph)},
    )


def _read_location(
    entry: Mapping[str, Any],
    place: Place | None,
    starts: Mapping[str, int],
    *,
    facts: list[Fact],
    normal: list[Place],
    unplaced: dict[str, None],
) -> None:
    """Append what the phrases of one location state."""
    said = _list(entry.get("attributes"), "attributes")
    for number, phrase in enumerate(_phrases(entry)):
        words = [_attribute(word) for word in _list(said[number] if number < len(said) else [], "attributes")]
        cues = words + [
            _attribute(word) for name in ("severity_cues", "comparison_cues") for word in _at(entry, name, number)
        ]
        severity = next((_SEVERITIES[name] for _, yes, name in cues if yes and name in _SEVERITIES), None)
        change = next((_CHANGES[name] for _, yes, name in cues if yes and name in _CHANGES), None)
        for category, yes, name in words:
            if category == "nlp" and yes and name == "normal" and place is not None:
                normal.append(place)
            if category not in _FINDINGS:
                continue
            found = known_findings(_SCHEME, name)
            if not found:
                unplaced[name] = None
            for finding in found:
                for stands in fitting_places(finding, [] if place is None else [place]):
                    facts.append(
                        Fact(
                            finding=finding,
                            anatomy=stands.anatomy,
                            side=stands.side,
                            polarity=polarity_of(found, stated=yes),
                            severity=severity if yes else None,
                            change=change if yes else None,
                            sentence=phrase,
                            span=(starts[phrase], starts[phrase] + len(phrase)),
                        )
                    )


def _phrases(entry: Mapping[str, Any]) -> list[str]:
    return [" ".join(str(phrase).split()) for phrase in _list(entry.get("phrases"), "phrases")]


def _attribute(word: object) -> tuple[str, bool, str]:
    """`category|yes|name` as its parts; anything else is of no category."""
    parts = str(word).split("|")
    return (
        (parts[0].strip().lower(), parts[1].strip().lower() == "yes", parts[2].strip().lower())
        if len(parts) == 3
        else ("", False, "")
    )


def _at(entry: Mapping[str, Any], name: str, number: int) -> Sequence[object]:
    values = entry.get(name)
    inner = values[number] if isinstance(values, list) and number < len(values) else []
    return inner if isinstance(inner, list) else []


def _regions(graph: Mapping[str, Any]) -> list[dict[str, Any]]:
    regions = []
    for entry in _list(graph.get("objects"), "objects"):
        place = known_place(str(_record(entry, "objects").get("bbox_name") or ""), scheme=_SCHEME)
        box = [entry.get(f"original_{corner}") for corner in ("x1", "y1", "x2", "y2")]
        numbers = [float(value) for value in box if isinstance(value, int | float) and not isinstance(value, bool)]
        if place is not None and len(numbers) == 4 and numbers[2] > numbers[0] and numbers[3] > numbers[1]:
            regions.append({"anatomy": place.anatomy, "side": place.side, "box": numbers})
    return regions


def _record(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RowError(f"{name}: expected a JSON object, got {type(value).__name__}")
    return value


def _list(value: object, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise RowError(f"{name}: expected a list, got {type(value).__name__}")
    return value
