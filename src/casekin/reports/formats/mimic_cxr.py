"""MIMIC-CXR's tree of reports: `files/p10/p10000032/s50414267.txt`; patient and study are in the path.

A file `mimic-cxr-2.0.0-split.csv` beside the tree gives the split; it is optional, as are the folders above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from casekin.reports.formats.delimited import read_table
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.rows import SPLITS, BadRow, Row, SourceReport
from casekin.reports.formats.txt import read_text_file

REPORT_PATH = re.compile(r"(?:^|/)(p\d+)/(s\d+)\.txt$")
_SPLIT_FILE = re.compile(r"(?:^|/)mimic-cxr-[\d.]+-split\.csv$")


def load_mimic_cxr(source: Path) -> Iterator[Row]:
    """Reports of the tree, as a folder or archive; text files elsewhere in it are not reports."""
    splits = _read_splits(source)
    for file in iter_files(source, ".txt"):
        if isinstance(file, BadRow):
            yield file
        elif found := REPORT_PATH.search(file.name):
            row = read_text_file(file, report_id=found[2], patient_id=found[1])
            yield replace(row, split=splits.get(found[2])) if isinstance(row, SourceReport) else row


def _read_splits(source: Path) -> dict[str, str]:
    """Study → split of the split file, empty where there is none; one image a row there."""
    splits: dict[str, str] = {}
    for file in iter_files(source, "-split.csv"):
        if isinstance(file, SourceFile) and _SPLIT_FILE.search(file.name):
            for row in read_table(file):
                if not isinstance(row, BadRow) and row.cells.get("split", "") in SPLITS:
                    splits["s" + row.cells.get("study_id", "").removeprefix("s")] = SPLITS[row.cells["split"]]
    return splits
