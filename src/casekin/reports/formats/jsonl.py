"""JSON Lines: the contract's report rows and case manifests, one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from casekin.reports.formats.decode import parse_json, read_lines
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.rows import BadRow, Row, RowError, row_from_record

MANIFEST = "manifest.jsonl"


def load_jsonl(source: Path) -> Iterator[Row]:
    """Reports of a file, or of the `.jsonl` files of a folder or archive.

    A folder with a `manifest.jsonl`, anywhere in the source, is read through it alone: what else lies there and in its
    folders may be the truth of a benchmark.
    """
    if source.is_dir() and (source / MANIFEST).is_file():
        source = source / MANIFEST
    manifests = [PurePosixPath(file.name) for file in iter_files(source, MANIFEST) if isinstance(file, SourceFile)]
    through = {path.parent for path in manifests if path.name == MANIFEST}
    for file in iter_files(source, ".jsonl"):
        if isinstance(file, BadRow):
            yield file
            continue
        path = PurePosixPath(file.name)
        if through.intersection(path.parents[1:] if path.name == MANIFEST else path.parents):
            continue
        for number, record, encoding in read_objects(file):
            if isinstance(record, str):
                yield BadRow(file=file.name, row=number, reason=record)
            else:
                yield row_from_record(record, file=file.name, row=number, encoding=encoding)


def read_objects(file: SourceFile) -> Iterator[tuple[int, dict[str, Any] | str, str | None]]:
    """`(line, object, guessed encoding)` of every line that isn't blank; a text in the object's place is why not."""
    for line in read_lines(file):
        if line.text is None:
            yield line.number, line.reason, None
        elif line.text.strip():
            yield line.number, _parse(line.text), line.encoding


def _parse(text: str) -> dict[str, Any] | str:
    try:
        record = parse_json(text)
    except RowError:
        return "expected one JSON object in the line"
    return record if isinstance(record, dict) else "expected a JSON object"
