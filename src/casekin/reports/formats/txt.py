"""Plain text: one report a file. The id is the file's path in the source, without its ending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casekin.reports.formats.decode import decode
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.rows import BadRow, Row, RowError, SourceReport, check_id, check_length


def load_txt(source: Path) -> Iterator[Row]:
    """Reports of a text file, or of the `.txt` files of a folder or archive."""
    for file in iter_files(source, ".txt"):
        yield file if isinstance(file, BadRow) else read_text_file(file)


def read_text_file(file: SourceFile, *, report_id: str | None = None, patient_id: str | None = None) -> Row:
    """One file as one report."""
    try:
        text, encoding = decode(file.read())
        return SourceReport(
            file=file.name,
            row=None,
            report_id=check_id(report_id or file.name.rsplit(".", 1)[0]),
            patient_id=patient_id,
            text=check_length(text),
            encoding=encoding,
        )
    except RowError as error:
        return BadRow(file=file.name, row=None, reason=str(error))
