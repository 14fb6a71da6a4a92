"""Tables with a header: comma, semicolon, tab or bar between cells, quoted as RFC 4180 has it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from casekin.reports.formats.decode import Line, read_lines
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.rows import MAX_REPORT, BadRow, Row, row_from_record

_DELIMITERS = ",;\t|"
_LONGEST_ROW = 2 * MAX_REPORT
# The csv module's own limit, 131072, is shorter than a long report; ours is checked per report.
csv.field_size_limit(_LONGEST_ROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table: the line it starts at, from 1, and its cells by lower-case column name."""

    row: int
    cells: Mapping[str, str]
    encoding: str | None


def load_csv(source: Path) -> Iterator[Row]:
    """Reports of a table, or of the tables of a folder or archive; columns as in JSON Lines."""
    for name, row in read_tables(source, ".csv", ".tsv"):
        if isinstance(row, BadRow):
            yield row
        else:
            yield row_from_record(row.cells, file=name, row=row.row, encoding=row.encoding)


def read_tables(source: Path, *suffixes: str) -> Iterator[tuple[str, TableRow | BadRow]]:
    """Rows of every table of a source, each with the name of its file; a file that can't be used is one bad row."""
    for file in iter_files(source, *suffixes):
        if isinstance(file, BadRow):
            yield file.file, file
        else:
            yield from ((file.name, row) for row in read_table(file))


def read_table(file: SourceFile) -> Iterator[TableRow | BadRow]:
    """Rows under the header. A row that doesn't fit it is bad, and reading goes on at the next line."""
    lines = _Lines(read_lines(file))
    header = lines.take()
    if header is None or not header.text:
        reason = "expected a header with column names, got nothing"
        yield BadRow(file=file.name, row=1, reason=(header and header.reason) or reason)
        return
    delimiter = max(_DELIMITERS, key=header.text.count)
    names = [name.strip().lower() for name in _cells([header], delimiter) or ()]
    if len(set(names)) != len(names) or not any(names):
        yield BadRow(file=file.name, row=1, reason="the header: expected column names, each once")
        return
    while (line := lines.take()) is not None:
        if line.text is None:
            yield BadRow(file=file.name, row=line.number, reason=line.reason)
        elif line.text.strip():
            yield _read_row(line, lines, names, delimiter, file.name)


def _read_row(line: Line, lines: _Lines, names: list[str], delimiter: str, file: str) -> TableRow | BadRow:
    """The row that starts at a line: quotes may carry it over the following ones, unless that makes no sense."""
    taken = [line]
    cells = _cells(taken, delimiter)
    if cells is None:
        taken = _take_quoted(line, lines)
        cells = _cells(taken, delimiter)
    if cells is not None and len(cells) == len(names):
        encoding = next((item.encoding for item in taken if item.encoding), None)
        named = dict(zip(names, cells, strict=True))
        return TableRow(row=line.number, cells=named, encoding=encoding)
    lines.give_back(taken[1:])
    got = "a quote that is never closed" if cells is None else f"{len(cells)}"
    return BadRow(file=file, row=line.number, reason=f"expected {len(names)} cells, got {got}")


def _take_quoted(line: Line, lines: _Lines) -> list[Line]:
    """The line and those after it, up to the one that closes its last quote."""
    taken = [line]
    size = quotes = 0
    while True:
        text = taken[-1].text or ""
        size, quotes = size + len(text), quotes + text.count('"')
        if quotes % 2 == 0 or size > _LONGEST_ROW:
            return taken
        following = lines.take()
        if following is None:
            return taken
        if following.text is None:
            lines.give_back([following])
            return taken
        taken.append(following)


def _cells(lines: list[Line], delimiter: str) -> list[str] | None:
    """The cells of one row; None where the lines are none. A quote within an unquoted cell (5" of tube) is a letter."""
    try:
        rows = list(csv.reader([f"{line.text or ''}\n" for line in lines], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


class _Lines:
    """Lines that can be given back: a wrong quote may have taken too many."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._returned: deque[Line] = deque()

    def take(self) -> Line | None:
        return self._returned.popleft() if self._returned else next(self._lines, None)

    def give_back(self, lines: list[Line]) -> None:
        self._returned.extendleft(reversed(lines))
