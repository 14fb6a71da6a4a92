"""Promise: a restored index gives identical lists, and a second backup costs what has changed, not what is there.

A made index with bytes as an ingest leaves them (30 regions of 88 numbers, 40 kB of tokens and 25 kB of preview an
image): bytes a case, writing, backing up all and after a change of one case in a hundred, restoring, checking, erasing
one patient. Beside each in the same run: copying the file, which is the floor of what touches every byte. 1,000 queries
are asked before the backup and after the restore, 100 cases a list.

    python benchmarks/index_upkeep.py --cases 2000
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.index import CaseIndex, IndexedCase, IndexedImage, Term
from casekin.index.upkeep.backup import find_manifest
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import FolderTarget
from casekin.types import Fact

_REGIONS = ("global", *(f"region_{number}" for number in range(29)))
_DIM = 88
_TOKENS, _PREVIEW = 40_000, 25_000
_QUERIES, _LISTED = 1000, 100
_BATCH = 32
_TURN = {"stored": [100, 80], "frontal": [100, 80], "transposed": False, "flip_rows": False, "flip_columns": False}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "index_upkeep.json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        report = measure(Path(scratch), cases=args.cases)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


def measure(scratch: Path, *, cases: int, queries: int = _QUERIES) -> dict[str, Any]:
    """All figures; seconds are wall time and CPU time, `scratch` is an empty folder."""
    rng = np.random.default_rng(1)
    target, spent = FolderTarget(scratch / "backup"), {}
    with CaseIndex(scratch / "index", create=True) as index:
        batches = [
            [made_case(rng, first + part) for part in range(min(_BATCH, cases - first))]
            for first in range(0, cases, _BATCH)
        ]
        spent["write"] = timed(lambda: [index.put(batch) for batch in batches])
        file = scratch / "index" / "casekin.sqlite3"
        size = file.stat().st_size
        spent["copy"] = timed(lambda: copy_durably(file, scratch / "copy"))
        before = top_lists(index, queries)
        spent["back_up"] = timed(lambda: index.upkeep.back_up(target))
        spent["restore"] = timed(lambda: restore_folder(target, find_manifest(target, None), scratch / "restored"))
        with CaseIndex(scratch / "restored") as restored:
            identical = sum(a == b for a, b in zip(before, top_lists(restored, queries), strict=True))
        changed = [made_case(rng, number) for number in range(0, cases, 100)]
        index.put(changed)
        spent["back_up_again"] = timed(lambda: index.upkeep.back_up(target))
        spent["back_up_unchanged"] = timed(lambda: index.upkeep.back_up(target))
        spent["check"] = timed(index.upkeep.check)
        spent["forget"] = timed(lambda: index.upkeep.forget([], patients=["p7"]))
    return {
        "cases": cases,
        "bytes_per_case": round(size / cases),
        "seconds": spent,
        "wall_over_copy": {name: round(took["wall"] / spent["copy"]["wall"], 2) for name, took in spent.items()},
        "queries": queries,
        "listed": _LISTED,
        "identical_lists_after_restore": identical,
    }


def made_case(rng: np.random.Generator, number: int) -> IndexedCase:
    """A case of one image with a report of ten sentences."""
    vectors = rng.normal(size=(len(_REGIONS), _DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    image = IndexedImage(
        image=f"{number}.dcm", content_sha256=rng.bytes(32).hex(), file_sha256=rng.bytes(32).hex(), width=80,
        height=100, turn=_TURN, vectors=dict(zip(_REGIONS, vectors.astype(np.float16), strict=True)), boxes={},
        tokens=rng.bytes(_TOKENS), preview=rng.bytes(_PREVIEW),
    )  # fmt: skip
    sentences = tuple(f"Sentence {part} of report {number} says what a sentence says." for part in range(10))
    facts = tuple(
        Fact(finding="nodule", anatomy="lung", side="left", polarity="present", sentence=text) for text in sentences[:5]
    )
    return IndexedCase(
        case_id=f"c{number}", patient_id=f"p{number // 2}", patient=f"p{number // 2}", stamp=f"stamp {number}",
        model_version="made", report=" ".join(sentences), sentences=sentences, facts=facts, images=(image,),
    )  # fmt: skip


def top_lists(index: CaseIndex, queries: int) -> list[list[tuple[int, float]]]:
    """The best images of seeded queries over two regions each, with their similarities."""
    rng = np.random.default_rng(2)
    lists = []
    for _ in range(queries):
        terms = [
            Term(region=str(name), vector=unit(rng), weight=0.5) for name in rng.choice(_REGIONS, 2, replace=False)
        ]
        for wave in index.nearest(terms, allowed_cases=None):
            scores = index.similarities(terms, wave.image_ids).sum(axis=1)
            order = np.lexsort((wave.image_ids, -scores))[:_LISTED]
            if len(order) == _LISTED and scores[order[-1]] >= wave.bound:
                break
        lists.append([(int(wave.image_ids[place]), float(scores[place])) for place in order])
    return lists


def unit(rng: np.random.Generator) -> NDArray[np.float32]:
    vector = rng.normal(size=_DIM)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def copy_durably(file: Path, copy: Path) -> None:
    """Copy a file and wait for the disk."""
    shutil.copyfile(file, copy)
    with copy.open("rb") as written:
        os.fsync(written.fileno())


def timed(work: Callable[[], Any]) -> dict[str, float]:
    """Wall and CPU seconds of a piece of work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": round(time.perf_counter() - wall, 3), "cpu": round(time.process_time() - cpu, 3)}


if __name__ == "__main__":
    main()
