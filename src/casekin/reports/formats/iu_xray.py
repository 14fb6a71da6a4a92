"""Indiana University / OpenI: one XML file a report, or Kaggle's table `indiana_reports.csv` of the same reports.

The collection names no patients, so each report counts as a patient of its own.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from casekin.reports.formats.delimited import read_table
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.rows import (
    PARTS,
    BadRow,
    Row,
    RowError,
    SourceReport,
    check_id,
    check_length,
    compose,
)
from casekin.reports.formats.safe_xml import Element, parse_xml

TABLE = "indiana_reports.csv"


def load_iu_xray(source: Path) -> Iterator[Row]:
    """Reports of a folder or archive of XML files, of one such file, or of the table; XML wins where both lie."""
    found_xml = False
    for file in iter_files(source, ".xml"):
        if isinstance(file, BadRow):
            yield file
        elif file.name.lower().endswith(".xml") or _begins_with_tag(file):
            found_xml = True
            yield read_openi(file)
    if not found_xml:
        for file in iter_files(source, ".csv"):
            yield from [file] if isinstance(file, BadRow) else _read_kaggle(file)


def read_openi(file: SourceFile) -> Row:
    """One report of the collection."""
    try:
        root = parse_xml(file.read())
        parts = {
            label: text.text
            for text in root.every("AbstractText")
            if (label := text.attributes.get("Label", "").strip().lower()) in PARTS
        }
        if not parts:
            raise RowError("expected AbstractText with the labels FINDINGS or IMPRESSION, got none")
        images = [image.attributes["id"] for image in root.every("parentImage") if "id" in image.attributes]
        codes = [code.text.strip() for mesh in root.every("MeSH") for code in mesh.every("major")]
        return SourceReport(
            file=file.name,
            row=None,
            report_id=check_id(_identifier(root) or file.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]),
            text=check_length(compose(parts)),
            composed=True,
            extra={name: values for name, values in (("image_ids", images), ("mesh_major", codes)) if values},
        )
    except RowError as error:
        return BadRow(file=file.name, row=None, reason=str(error))


def _begins_with_tag(file: SourceFile) -> bool:
    """Whether a file of another name, which can only be the whole source, is XML."""
    with file.open() as stream:
        return stream.read(64).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def _identifier(root: Element) -> str | None:
    ids = [element.attributes.get("id") for element in root.every("uId")]
    return next((value for value in ids if value), None)


def _read_kaggle(file: SourceFile) -> Iterator[Row]:
    for row in read_table(file):
        if isinstance(row, BadRow):
            yield row
            continue
        cells = row.cells
        if "uid" not in cells or not {"findings", "impression"} & cells.keys():
            yield BadRow(file=file.name, row=row.row, reason="expected the columns uid, findings, impression")
            return
        try:
            number = check_id(cells["uid"])
            extra = {name: cells[name] for name in ("mesh", "problems", "image") if cells.get(name)}
            yield SourceReport(
                file=file.name,
                row=row.row,
                report_id=number if number.upper().startswith("CXR") else f"CXR{number}",
                text=check_length(compose(cells)),
                composed=True,
                encoding=row.encoding,
                extra=extra,
            )
        except RowError as error:
            yield BadRow(file=file.name, row=row.row, reason=str(error))
