"""Shards: what became of some hundred cases as one Parquet file, so that machines that never meet can share an ingest.

A folder holds lists of cases still to encode (`*.jsonl`, paths only) and shards of encoded ones (`*.parquet`). Both are
written whole or not at all, and both are removed when their cases are in the index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import casekin
from casekin.durable import write_whole
from casekin.errors import DependencyError, InputError
from casekin.index import IndexedCase, IndexedImage
from casekin.journeys.ingesting.sources import CaseRef, Problem
from casekin.journeys.ingesting.study import Outcome
from casekin.types import Box, Fact, Place

CASES = 256
"""Cases of a shard: about 20 MB and half a minute of one core, little to lose and few files for many."""
_IMAGE_BYTES = ("vectors", "boxes", "tokens", "preview")


@lru_cache(maxsize=1)
def code_version() -> str:
    """A name for the code of this installation: machines of one ingest must read and encode alike."""
    root = Path(str(casekin.__file__)).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".json")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def shard_folder(folder: Path, *, model_version: str, key: bytes) -> Path:
    """Where shards of this model, this code and this index's pseudonyms lie; made where absent."""
    made_for = hashlib.sha256(key).hexdigest()[:12]
    inner = folder / f"{model_version}-{code_version()}-{made_for}"
    try:
        inner.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"ingest: can't make a folder for shards: {error.strerror}; expected one that every machine can write"
        ) from error
    return inner


def write_lists(folder: Path, cases: Iterable[tuple[CaseRef, str]], *, size: int = CASES) -> list[Path]:
    """Cut cases, each with its stamp, into lists; a list is named by its stamps."""
    waiting = iter(cases)
    lists = []
    while part := list(islice(waiting, size)):
        name = hashlib.sha256("".join(stamp for _, stamp in part).encode()).hexdigest()[:32]
        lines = "".join(json.dumps(ref.as_record()) + "\n" for ref, _ in part)
        lists.append(folder / f"{name}.jsonl")
        write_whole(lists[-1], lines.encode())
    return lists


def clear_lists(folder: Path) -> None:
    """Remove the lists, and the unfinished files, that an interrupted ingest left; its shards stay."""
    for path in (*folder.glob("*.jsonl"), *folder.glob(".*")):
        path.unlink(missing_ok=True)


def read_list(path: Path) -> list[CaseRef]:
    """The cases of a list."""
    return [CaseRef.from_record(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def find_shard(path: Path) -> Path | None:
    """The shard of a list, where it stands already."""
    return next(iter(sorted(path.parent.glob(f"{path.stem}-*.parquet"))), None)


def list_of(shard: Path) -> Path:
    """The list that a shard was made of."""
    return shard.with_name(f"{shard.stem.partition('-')[0]}.jsonl")


def write_shard(path: Path, outcomes: Sequence[Outcome]) -> Path:
    """Write what became of the cases of a list beside it, one row a case, in their order; named by list and content."""
    arrow, parquet = _load_arrow()
    table = arrow.Table.from_pylist([_outcome_row(outcome) for outcome in outcomes], schema=_schema(arrow))
    sink = arrow.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    data = memoryview(sink.getvalue())
    shard = path.with_name(f"{path.stem}-{_digest(data)}.parquet")
    write_whole(shard, data)
    return shard


def read_shard(path: Path) -> Iterator[Outcome]:
    """The inverse of `write_shard`. Raises `InputError` for a file that is damaged."""
    arrow, parquet = _load_arrow()
    data = path.read_bytes()
    if _digest(data) != path.stem.partition("-")[2]:
        raise InputError(f"{path.name}: expected a whole shard, got a damaged one; remove it, start again")
    for row in parquet.read_table(arrow.BufferReader(data)).to_pylist():
        yield Outcome(
            case=None if row["record"] is None else _case(json.loads(row["record"]), row["images"]),
            problems=tuple(Problem(**problem) for problem in json.loads(row["problems"])),
            warnings=tuple(Problem(**warning) for warning in json.loads(row["warnings"])),
        )


def _digest(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _load_arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DependencyError("shards are Parquet files; pip install 'casekin[ray]'") from error
    return pyarrow, pyarrow.parquet


def _schema(arrow: Any) -> Any:
    """`record` is a case's fields as JSON, null where nothing could be read; vectors are little-endian float16."""
    vector = arrow.struct([("region", arrow.string()), ("vector", arrow.binary())])
    image = arrow.struct(
        [
            ("record", arrow.string()),
            ("vectors", arrow.list_(vector)),
            ("tokens", arrow.binary()),
            ("preview", arrow.binary()),
        ]
    )
    columns = [("record", arrow.string()), ("images", arrow.list_(image))]
    return arrow.schema([*columns, ("problems", arrow.string()), ("warnings", arrow.string())])


def _outcome_row(outcome: Outcome) -> dict[str, Any]:
    told = {
        name: json.dumps([{"source": one.source, "reason": one.reason} for one in problems])
        for name, problems in (("problems", outcome.problems), ("warnings", outcome.warnings))
    }
    case = outcome.case
    if case is None:
        return {"record": None, "images": [], **told}
    record = {field.name: getattr(case, field.name) for field in fields(case) if field.name != "images"}
    record["facts"] = [fact.as_record() for fact in case.facts]
    record["normal_anatomies"] = [[place.anatomy, place.side] for place in case.normal_anatomies]
    record["extra"] = dict(case.extra)
    return {"record": json.dumps(record), "images": [_image_row(image) for image in case.images], **told}


def _image_row(image: IndexedImage) -> dict[str, Any]:
    record = {field.name: getattr(image, field.name) for field in fields(image) if field.name not in _IMAGE_BYTES}
    record["turn"] = dict(image.turn)
    record["boxes"] = {name: box.as_list() for name, box in image.boxes.items()}
    vectors = [{"region": name, "vector": vector.astype("<f2").tobytes()} for name, vector in image.vectors.items()]
    return {"record": json.dumps(record), "vectors": vectors, "tokens": image.tokens, "preview": image.preview}


def _case(record: dict[str, Any], images: Sequence[Mapping[str, Any]]) -> IndexedCase:
    record["facts"] = tuple(_fact(fact) for fact in record["facts"])
    record["normal_anatomies"] = tuple(Place(anatomy=name, side=side) for name, side in record["normal_anatomies"])
    record["sentences"] = tuple(record["sentences"])
    return IndexedCase(**record, images=tuple(_image(image) for image in images))


def _fact(record: dict[str, Any]) -> Fact:
    return Fact(**{**record, "span": None if record["span"] is None else tuple(record["span"])})


def _image(row: Mapping[str, Any]) -> IndexedImage:
    record = json.loads(row["record"])
    record["boxes"] = {name: Box.from_list(box) for name, box in record["boxes"].items()}
    vectors = {one["region"]: np.frombuffer(one["vector"], dtype="<f2") for one in row["vectors"]}
    return IndexedImage(**record, vectors=vectors, tokens=row["tokens"], preview=row["preview"])
