"""Which format a source is in, told by its layout and first lines, never by a file's ending alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.reports.formats import imagenome, iu_xray, jsonl
from casekin.reports.formats.files import DAMAGED, SourceFile, file_names, is_archive, iter_files
from casekin.reports.formats.mimic_cxr import REPORT_PATH

_LOOKED_AT = 5000
"""Names of a folder or archive that are looked at; every known layout shows itself earlier."""
_HEAD = 1 << 20
_TABLES = (".csv", ".tsv")
_TABLES_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """A format's name, and what it was recognised by."""

    format: str
    reason: str


def detect_format(source: Path) -> Detected:
    """Recognise a file, folder or archive. InputError when nothing in it is known, naming what was looked for."""
    found = _of_names(source) if source.is_dir() or is_archive(source) else _of_file(source)
    if found is None:
        raise InputError(
            f"{source.name}: no known report format; expected text, JSON Lines, CSV, or a known collection's layout; "
            "name it with --format, or rename the columns to report_id and report (or findings, impression)"
        )
    return found


def _of_file(source: Path) -> Detected | None:
    found = [_of_content(file) for file in iter_files(source) if isinstance(file, SourceFile)]
    return found[0] if found else None


def _of_names(source: Path) -> Detected | None:
    if source.is_dir() and (source / jsonl.MANIFEST).is_file():
        return Detected(format="jsonl", reason=f"a {jsonl.MANIFEST}")
    names = file_names(source, limit=_LOOKED_AT)
    for name, reason, matches in _LAYOUTS:
        count = sum(1 for path in names if matches(path.lower()))
        if count:
            return Detected(format=name, reason=f"{reason} ({count} of {len(names)} files)")
    if any(name.lower().endswith(_TABLES) for name in names) and (found := _of_tables(source)):
        return found
    texts = sum(1 for name in names if name.lower().endswith(".txt"))
    return Detected(format="txt", reason=f"text files ({texts} of {len(names)} files)") if texts else None


_LAYOUTS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("imagenome", "scene graphs", lambda name: name.endswith(imagenome.SUFFIX)),
    ("mimic-cxr", "paths of patient and study", lambda name: bool(REPORT_PATH.search(name))),
    ("radir", "lists and tables of anatomies", lambda name: bool(re.search(r"_(?:entity|ratescore)/.", name))),
    ("padchest-gr", "grounded reports", lambda name: bool(re.search(r"grounded_reports[^/]*\.json$", name))),
    ("iu-xray", "XML files", lambda name: name.endswith(".xml")),
    ("iu-xray", "Kaggle's table", lambda name: name.rsplit("/", 1)[-1] == iu_xray.TABLE),
    ("jsonl", "JSON Lines", lambda name: name.endswith(".jsonl")),
)  # fmt: skip


def _of_tables(source: Path) -> Detected | None:
    """The first table with report columns; a list that lies beside texts is none, a damaged table may be one."""
    damaged = None
    for file in islice(iter_files(source, *_TABLES), _TABLES_LOOKED_AT):
        try:
            found = _of_content(file) if isinstance(file, SourceFile) else None
        except (OSError, *DAMAGED):
            damaged = Detected(format="csv", reason="a damaged table")
            continue
        if found is not None and found.format != "txt":
            return found
    return damaged


def _of_content(file: SourceFile) -> Detected | None:
    with file.open() as stream:
        head = stream.read(_HEAD)
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace").lstrip()
    if "\x00" in text.split("\n", 1)[0] or not text:
        return None
    if text[0] == "<":
        return Detected(format="iu-xray", reason="XML")
    if text[0] == "[":
        return Detected(format="padchest-gr", reason="a JSON list") if '"findings"' in text else None
    if text[0] == "{":
        return _of_object(text)
    return _of_header(text.split("\n", 1)[0]) or _plain(text)


def _of_object(text: str) -> Detected | None:
    first = _object(text.split("\n", 1)[0])
    if first is None:
        is_graph = '"objects"' in text and '"bbox_name"' in text
        return (
            Detected(format="imagenome", reason="a scene graph")
            if is_graph
            else Detected(format="jsonl", reason="braces")
        )
    if "bbox_name" in text and "objects" in first:
        return Detected(format="imagenome", reason="a scene graph")
    if {"name", "text"} <= first.keys() and "report_id" not in first:
        return Detected(format="radir", reason="rows of name and text")
    return Detected(format="jsonl", reason="a JSON object a line")


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _of_header(line: str) -> Detected | None:
    names = {name.strip(' "\r').lower() for name in re.split(r"[,;\t|]", line)}
    if "volumename" in names and any(name.startswith(("findings_", "impression")) for name in names):
        return Detected(format="ct-rate", reason="the column VolumeName")
    if {"uid", "findings", "impression"} <= names and "mesh" in names:
        return Detected(format="iu-xray", reason="the columns of Kaggle's table")
    if len(names) > 1 and names & {"report", "text", "report_text", "findings", "impression"}:
        return Detected(format="csv", reason="a header with report columns")
    return None


def _plain(text: str) -> Detected | None:
    """Text, unless it is binary or looks like a table whose columns tell nothing."""
    if "\x00" in text:
        return None
    lines = [line for line in text.split("\n")[:5] if line.strip()]
    counts = {tuple(line.count(mark) for mark in ",;\t|") for line in lines}
    is_table = len(lines) > 2 and len(counts) == 1 and max(next(iter(counts))) > 0 and "." not in lines[0]
    return None if is_table else Detected(format="txt", reason="plain text")
