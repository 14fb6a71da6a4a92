"""RadIR's layout, read and written: `<split>.jsonl` (`name`, `text`), and for each anatomy a list of images in
`<split>_entity/<anatomy>.csv` with the square table of their similarities in `<split>_ratescore/<anatomy>.npy`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.reports.formats.ct_rate import VOLUME
from casekin.reports.formats.delimited import read_table
from casekin.reports.formats.files import SourceFile, iter_files
from casekin.reports.formats.jsonl import read_objects
from casekin.reports.formats.ready_made import known_place
from casekin.reports.formats.rows import SPLITS, BadRow, Row, row_from_record

_ENTITY, _TABLE = "_entity", "_ratescore"
_NAME_COLUMNS = ("file path", "volumename")
_MIMIC = re.compile(r"(?:^|[/_])(p\d{6,})(?=[/_])")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionTable:
    """Similarities of images at one anatomy: `values[i, j]` in [0, 1] of `names[i]` and `names[j]`, symmetric."""

    anatomy: str
    names: tuple[str, ...]
    values: NDArray[np.float32]


def load_radir(source: Path) -> Iterator[Row]:
    """Reports of the `.jsonl` files; tables that don't fit their lists, or name no anatomy, are bad rows."""
    for file in iter_files(source, ".jsonl"):
        if isinstance(file, BadRow):
            yield file
            continue
        split = SPLITS.get(re.split(r"[^a-z]", Path(file.name).stem.lower())[0])
        for number, record, encoding in read_objects(file):
            if isinstance(record, str):
                yield BadRow(file=file.name, row=number, reason=record)
                continue
            row = row_from_record(
                {"split": split, "report_id": record.get("name"), **record},
                file=file.name,
                row=number,
                encoding=encoding,
            )
            yield _with_patient(row)
    for path in region_files(source) if source.is_dir() else ():
        try:
            read_region(path)
        except InputError as error:
            yield BadRow(file=path.relative_to(source).as_posix(), row=None, reason=str(error))


def region_files(source: Path) -> list[Path]:
    """The lists of images, one an anatomy and split, by name."""
    return sorted(path for path in source.glob(f"**/*{_ENTITY}/*.csv") if path.is_file())


def read_region(path: Path) -> RegionTable:
    """One anatomy's list with its table; the stored triangle is mirrored (the larger of both), integers are hundredths.

    InputError when the name is no known anatomy, or list and table don't fit together.
    """
    if known_place(path.stem) is None:
        raise InputError("the file's name is no known anatomy")
    rows = [row for row in read_table(SourceFile.at(path)) if not isinstance(row, BadRow)]
    names = tuple(next((row.cells[name] for name in _NAME_COLUMNS if name in row.cells), "") for row in rows)
    if not names or not all(names):
        raise InputError("expected a column File Path with a name in every row")
    split = path.parent.name.removesuffix(_ENTITY)
    table = path.parent.parent / f"{split}{_TABLE}" / f"{path.stem}.npy"
    try:
        stored = np.load(table, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        raise InputError(f"expected a table of numbers at {split}{_TABLE}/{path.stem}.npy, found none") from None
    if stored.shape != (len(names), len(names)) or stored.dtype.kind not in "fiu":
        raise InputError(f"expected a table of {len(names)} × {len(names)} numbers, got shape {stored.shape}")
    values = np.asarray(stored, dtype=np.float32) / (1 if stored.dtype.kind == "f" else 100)
    values = np.clip(np.nan_to_num(values), 0.0, 1.0)
    return RegionTable(anatomy=path.stem, names=names, values=np.maximum(values, values.T))


def write_radir(
    folder: Path, *, split: str, reports: Iterable[tuple[str, str]], regions: Iterable[RegionTable]
) -> None:
    """Write reports `(name, text)` and tables of one split in the layout, each table in one `.npy` of float32."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{split}.jsonl").open("w", encoding="utf-8") as out:
        for name, text in reports:
            out.write(json.dumps({"name": name, "img_path": name, "text": text}, ensure_ascii=False) + "\n")
    for region in regions:
        spoken = region.anatomy.replace("_", " ")
        for kind in (_ENTITY, _TABLE):
            (folder / f"{split}{kind}").mkdir(exist_ok=True)
        _write_names(folder / f"{split}{_ENTITY}" / f"{spoken}.csv", region.names)
        np.save(folder / f"{split}{_TABLE}" / f"{spoken}.npy", region.values.astype(np.float32), allow_pickle=False)


def _write_names(path: Path, names: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([("File Path",), *((name,) for name in names)])


def _with_patient(row: Row) -> Row:
    """The patient told by the name: CT-RATE's volume names and MIMIC-CXR's paths hold it."""
    if isinstance(row, BadRow) or row.patient_id is not None:
        return row
    volume, path = VOLUME.match(Path(row.report_id).name), _MIMIC.search(row.report_id)
    patient = volume["patient"] if volume else path[1] if path else None
    return replace(row, patient_id=patient)
