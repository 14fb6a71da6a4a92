"""Promise: a region-conditioned search over 10,000 cases costs little more than scanning their vectors once.

The index is filled with clustered vectors (jittered around the encodings of a few simulated radiographs) and what their
reports state, and calibrated, so that reports are counted and verdicts given; the query is encoded before. Floor, in
the same run: a plain numpy scan of the same float32 matrices in memory (one product a term, and the ten best).

    python benchmarks/search_latency.py --archive archive
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin import CaseIndex, Fact, SearchQuery, load_encoder, search_cases
from casekin.anatomy import LOCATIONS
from casekin.imaging.manifest import read_manifest
from casekin.index import IndexedCase
from casekin.index.records import IndexedImage
from casekin.journeys.calibrate import calibrate_index
from casekin.journeys.search import encode_query
from casekin.reports import read_report
from casekin.retrieval.encode import encode_file, indexed_image
from casekin.types import CaseRow

PLACE = "left lower lobe"
_BATCH = 500


def fill(folder: Path, bases: list[tuple[IndexedImage, tuple[Fact, ...]]], cases: int, seed: int) -> None:
    """A calibrated index of `cases` cases: each a base image, its vectors jittered, and what its report states."""
    random = np.random.default_rng(seed)
    with CaseIndex(folder, create=True) as index:
        for start in range(0, cases, _BATCH):
            batch = []
            for number in range(start, min(start + _BATCH, cases)):
                base, facts = bases[number % len(bases)]
                batch.append(
                    IndexedCase(
                        case_id=f"case-{number:06d}",
                        patient_id=f"p-{number}",
                        patient=f"p-{number}",
                        stamp=str(number),
                        model_version=MODEL_VERSION[0],
                        report="Simulated.",
                        facts=facts,
                        sentences=tuple(dict.fromkeys(fact.sentence or "" for fact in facts)),
                        images=(jittered(base, random),),
                    )
                )
            index.put(batch)
        index.write_derived()
    calibrate_index(folder)


MODEL_VERSION = [""]


def jittered(base: IndexedImage, random: np.random.Generator) -> IndexedImage:
    vectors = {}
    for name, vector in base.vectors.items():
        moved = vector.astype(np.float32) + random.normal(0, 0.5 / np.sqrt(len(vector)), len(vector)).astype(np.float32)
        vectors[name] = (moved / np.linalg.norm(moved)).astype(np.float16)
    return IndexedImage(
        image=base.image, content_sha256=str(random.integers(1 << 60)), file_sha256="", width=base.width,
        height=base.height, turn=base.turn, vectors=vectors, boxes=base.boxes, tokens=base.tokens, preview=b"",
    )  # fmt: skip


def timed(call: Callable[[], object], repeats: int) -> dict[str, float]:
    """Median, 90th and 99th percentile of wall time in milliseconds, after one warm-up."""
    call()
    samples = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        samples.append((time.perf_counter() - began) * 1000)
    p50, p90, p99 = np.percentile(samples, (50, 90, 99))
    return {"p50_ms": round(p50, 3), "p90_ms": round(p90, 3), "p99_ms": round(p99, 3), "n": repeats}


def scan(matrices: list[NDArray[np.float32]], vectors: list[NDArray[np.float32]], weights: list[float]) -> None:
    scores = sum(w * (matrix @ vector) for matrix, vector, w in zip(matrices, vectors, weights, strict=True))
    best = np.argpartition(-scores, 10)[:10]
    best[np.argsort(-scores[best])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True, help="a simulated archive of a few patients")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "search_latency.json")
    args = parser.parse_args()
    encoder = load_encoder()
    MODEL_VERSION[0] = encoder.version
    rows = [row for row in read_manifest(args.archive / "manifest.jsonl") if isinstance(row, CaseRow)][:41]
    bases = [
        (
            indexed_image(encode_file(args.archive / row.image, encoder), name=row.image, file_sha256=""),
            tuple(read_report(row.report or "").facts),
        )
        for row in rows[1:]
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        fill(folder, bases, args.cases, seed=0)
        report = measure(folder, args.archive / rows[0].image, encoder, args.repeats)
    report |= {"benchmark": "search_latency", "cases": args.cases, "model_version": encoder.version, "dim": encoder.dim}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


def measure(folder: Path, image: Path, encoder: object, repeats: int) -> dict[str, object]:
    """Times of one question in each form, of opening the index, and of the numpy floor."""
    began = time.perf_counter()
    with CaseIndex(folder) as index:
        encoded = encode_query(index, image, encoder)  # type: ignore[arg-type]

        def ask(query: SearchQuery) -> Callable[[], object]:
            return lambda: search_cases(index, query, encoder=encoder, encoded=encoded)  # type: ignore[arg-type]

        ask(SearchQuery(image=image, at=(PLACE,)))()
        cold = (time.perf_counter() - began) * 1000
        terms = ["left_lower_lung_zone", "left_mid_lung_zone"]
        dim = len(next(iter(encoded.encoded.region_vectors.values())))
        matrices = [index.vectors_at(name)[1].astype(np.float32)[:, :dim] for name in terms]
        vectors = [matrix[0].copy() for matrix in matrices]
        floor = timed(lambda: scan(matrices, vectors, [0.65, 0.35]), repeats)
        forms = {
            "region": SearchQuery(image=image, at=(PLACE,)),
            "region, reports not counted": SearchQuery(image=image, at=(PLACE,), facts_weight=0.0),
            "region, filter": SearchQuery(image=image, at=(PLACE,), where="nodule"),
            "global": SearchQuery(image=image),
            "box": SearchQuery(image=image, box=encoded.encoded.boxes[LOCATIONS[10]]),
            "text": SearchQuery(text="nodule in the left lower lung zone"),
            "region + text": SearchQuery(image=image, at=(PLACE,), text="nodule"),
        }
        times = {name: timed(ask(query), repeats) for name, query in forms.items()}
    ratio = times["region"]["p50_ms"] / floor["p50_ms"]
    return {
        "numpy_scan": floor,
        "searches": times,
        "region_over_floor": round(ratio, 2),
        "cold_first_ms": round(cold, 1),
    }


if __name__ == "__main__":
    main()
