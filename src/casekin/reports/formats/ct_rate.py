"""CT-RATE's report tables: one row a reconstruction, `train_1_a_1.nii.gz` the first of scan `a` of patient `train_1`.

All reconstructions of a scan carry the same report; the first is read and the others are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from casekin.reports.formats.delimited import TableRow, read_tables
from casekin.reports.formats.rows import SPLITS, BadRow, Row, RowError, SourceReport, check_length, compose

VOLUME = re.compile(
    r"^(?P<scan>(?P<patient>(?P<split>train|valid|test)_\d+)_[a-z]+)_(?P<number>\d+)(?:\.nii(?:\.gz)?)?$"
)
_COLUMNS = {
    "clinicalinformation_en": "indication",
    "technique_en": "technique",
    "findings_en": "findings",
    "impressions_en": "impression",
    "impression_en": "impression",
}


def load_ct_rate(source: Path) -> Iterator[Row]:
    """Reports of a table, or of the tables of a folder or archive; the id is the scan's, `train_1_a`."""
    seen: set[str] = set()
    for name, row in read_tables(source, ".csv"):
        report = row if isinstance(row, BadRow) else _read_row(row, name)
        if isinstance(report, BadRow):
            yield report
        elif report.report_id not in seen:
            seen.add(report.report_id)
            yield report


def _read_row(row: TableRow, file: str) -> Row:
    volume = VOLUME.match(row.cells.get("volumename", "").strip())
    if volume is None:
        return BadRow(file=file, row=row.row, reason="VolumeName: expected a name such as train_1_a_1.nii.gz")
    parts = {part: _told(row.cells[column]) for column, part in _COLUMNS.items() if column in row.cells}
    if not parts.keys() & {"findings", "impression"}:
        return BadRow(file=file, row=row.row, reason="expected the columns Findings_EN or Impressions_EN")
    try:
        return SourceReport(
            file=file,
            row=row.row,
            report_id=volume["scan"],
            patient_id=volume["patient"],
            split=SPLITS[volume["split"]],
            text=check_length(compose(parts)),
            composed=True,
            encoding=row.encoding,
            extra={"volume_name": row.cells["volumename"].strip()},
        )
    except RowError as error:
        return BadRow(file=file, row=row.row, reason=str(error))


def _told(text: str) -> str:
    """The cell's text; the table writes 'Not given.' where a section is missing."""
    return "" if text.strip().rstrip(".").lower() in {"not given", "nan", "none"} else text
