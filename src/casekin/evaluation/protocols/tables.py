"""Published tables of images, texts and labels: balanced classes, CT-RATE's labels, and text-to-image by identity.

Where text and image are two sides of one row, a task ranks one side for queries of the other; the ids of both are the
row's, and a text that stands in several rows makes these rows one group (`GroupR@k`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats, Judgements, Listed
from casekin.evaluation.protocols.protocol import Protocol
from casekin.evaluation.protocols.task import Task, judge_square
from casekin.reports.formats.delimited import read_table
from casekin.reports.formats.files import SourceFile
from casekin.reports.formats.rows import BadRow

Cells = Mapping[str, str]


def read_balanced(table: Path, protocol: Protocol) -> tuple[Task, ...]:
    """The image-to-text task of a table with `Path` and a 0/1 column for each class of `parameters`.

    Relevant to an image is every text of its class. Rows with no class or several are dropped and counted. InputError
    when the file can't be read, lacks a column, names an image twice, or no row is left.
    """
    classes = protocol.parameters["classes"]
    rows = _rows(table, protocol, ("path", *(name.lower() for name in classes)))
    shown = [[name for name in classes if _is_positive(row[name.lower()])] for row in rows]
    kept = [(_identifier(row["path"]), names[0]) for row, names in zip(rows, shown, strict=True) if len(names) == 1]
    names = [name for name, _ in kept]
    _check_ids(names, protocol)
    order = sorted(range(len(kept)), key=names.__getitem__)
    of_class = np.array([kept[i][1] for i in order])
    members = {
        name: Listed(np.flatnonzero(of_class == name).astype(np.int32), np.ones(int((of_class == name).sum())))
        for name in classes
    }
    counts = Counter(of_class.tolist())
    labels = Judgements(
        documents=tuple(names[i] for i in order),
        listed={names[i]: members[kept[i][1]] for i in order},
        closed=True,
    )
    return (
        Task(
            protocol=protocol,
            name="image to text",
            judgements=labels,
            dropped={
                "rows_without_one_class": len(rows) - len(kept),
                "classes_of_another_size": sum(counts[name] != protocol.parameters["per_class"] for name in classes),
            },
        ),
    )


def read_ct_rate(table: Path, protocol: Protocol) -> tuple[Task, ...]:
    """The volume-to-volume task of `valid_predicted_labels.csv`: `VolumeName` and a 0/1 column for each abnormality.

    The grade is the overlap of labels, |both| / |either|. Volumes without a label are dropped and counted. InputError
    as `read_balanced`.
    """
    rows = _rows(table, protocol, ("volumename",))
    columns = [name for name in (rows[0] if rows else {}) if name != "volumename"]
    if len(columns) != protocol.parameters["labels"]:
        raise InputError(
            f"protocol {protocol.name}: expected {protocol.parameters['labels']} columns of labels in {table.name}, "
            f"got {len(columns)}"
        )
    labels = np.array([[_is_positive(row[name]) for name in columns] for row in rows], dtype=np.float64)
    there = labels.sum(axis=1) > 0
    names = [row["volumename"] for row, has in zip(rows, there, strict=True) if has]
    _check_ids(names, protocol)
    return (
        Task(
            protocol=protocol,
            name="volume to volume",
            judgements=judge_square(names, _overlap(labels[there]), place="*"),
            dropped={"volumes_without_label": int((~there).sum())},
        ),
    )


def read_captions(table: Path, protocol: Protocol) -> tuple[Task, ...]:
    """Both directions of a table with the columns `ID` and `Caption`. InputError as `read_balanced`."""
    rows = _rows(table, protocol, ("id", "caption"))
    kept = [(row["id"], row["caption"]) for row in rows if row["caption"].strip()]
    return _both_ways(kept, protocol, dropped={"rows_without_text": len(rows) - len(kept)})


def read_m3d(source: Path, protocol: Protocol) -> tuple[Task, ...]:
    """Both directions of the first rows of `M3D_Cap.json`'s test list: `image`, and `text` as a file beside it.

    A text whose file is absent is a group of its own. InputError when the file isn't such a list.
    """
    try:
        entries = json.loads(source.read_text(encoding="utf-8"))[protocol.parameters["split"]]
        rows = [(str(entry["image"]), str(entry["text"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"protocol {protocol.name}: expected {source.name} with a list of image and text under "
            f"{protocol.parameters['split']!r}, got {type(error).__name__}"
        ) from None
    kept = rows[: protocol.parameters["most_rows"]]
    texts = [(image, _text_beside(source.parent, text)) for image, text in kept]
    dropped = {
        "rows_past_the_limit": len(rows) - len(kept),
        "texts_not_found": sum(not text for _, text in texts),
    }
    return _both_ways(texts, protocol, dropped=dropped)


def read_mimic_split(table: Path, protocol: Protocol) -> tuple[Task, ...]:
    """Both directions of the test studies of `mimic-cxr-2.0.0-split.csv`: one image a study, the first by `dicom_id`.

    InputError as `read_balanced`.
    """
    rows = _rows(table, protocol, ("dicom_id", "study_id", "subject_id", "split"))
    chosen = [row for row in rows if row["split"].strip().lower() == protocol.parameters["split"]]
    studies = sorted({row["study_id"] for row in chosen})
    dropped = {"rows_of_another_split": len(rows) - len(chosen), "further_images": len(chosen) - len(studies)}
    return _both_ways([(study, "") for study in studies], protocol, dropped=dropped)


def _both_ways(rows: Sequence[tuple[str, str]], protocol: Protocol, *, dropped: Mapping[str, int]) -> tuple[Task, ...]:
    """The tasks of rows (id, text): the query `id` has one relevant document, `id` on the other side."""
    names = [_identifier(name) for name, _ in rows]
    _check_ids(names, protocol)
    labels = Judgements.build(((name, name, 1.0) for name in names), documents=names)
    texts = {name: " ".join(text.split()) for name, (_, text) in zip(names, rows, strict=True)}
    groups = {name: hashlib.sha256((text or name).encode()).hexdigest() for name, text in texts.items()}
    return tuple(
        Task(protocol=protocol, name=direction, judgements=labels, dropped=dropped, groups=groups)
        for direction in ("text to image", "image to text")
    )


def _rows(table: Path, protocol: Protocol, columns: Sequence[str]) -> list[Cells]:
    """Rows of a table that has these columns, names in lower case."""
    expected = f"protocol {protocol.name}: expected a table with the columns {', '.join(columns)}"
    if not table.is_file():
        raise InputError(f"{expected}, got no file at {table.name}")
    rows = list(read_table(SourceFile.at(table)))
    bad = next((row for row in rows if isinstance(row, BadRow)), None)
    if bad is not None:
        raise InputError(f"{expected}; {table.name} row {bad.row}: {bad.reason}")
    cells = [row.cells for row in rows if not isinstance(row, BadRow)]
    missing = [name for name in columns if not cells or name not in cells[0]]
    if missing:
        raise InputError(f"{expected}, got {table.name} without {', '.join(missing)}")
    return cells


def _is_positive(cell: str) -> bool:
    """1 and 1.0 are; an empty cell, 0 and -1 (uncertain) aren't."""
    return cell.strip() in ("1", "1.0")


def _identifier(name: str) -> str:
    """An id without white space, as TREC files need it."""
    return "_".join(name.split())


def _check_ids(names: Sequence[str], protocol: Protocol) -> None:
    if not names or len(set(names)) != len(names):
        got = "one that comes twice" if names else "no row that can be used"
        raise InputError(f"protocol {protocol.name}: expected rows with ids, each once, got {got}")


def _overlap(labels: Floats) -> Floats:
    """|both| / |either| of every pair of rows, each with a label at least."""
    both = labels @ labels.T
    counts = labels.sum(axis=1)
    return np.asarray(both / (counts[:, None] + counts[None, :] - both), dtype=np.float64)


def _text_beside(folder: Path, name: str) -> str:
    """A text file below the folder; empty where there is none, or the name leads out of it."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return ""
    return path.read_text(encoding="utf-8", errors="replace")
