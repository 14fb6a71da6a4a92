"""Promise: recall@10 of 0.99 at every filter, twice the raw engine's time at most, a million cases open in 5 s.

Synthetic indexes, written through the index's own door (`CaseIndex.put`), of clustered vectors (Zipf-sized clusters in
super-clusters, low rank within; queries unseen): a million cases with a whole-image vector of 128 numbers and one of 88
at one region; 100,000 with one of 731, as the shipped encoder makes them; 20,000 cases at 29 regions; 10,000 and
100,000 cases at two zones of a lobe. Against it, in the same run and question by question in turn:

- exact answers by a matrix product in numpy, for recall under filters that let 0.1 to 100 % of the cases pass;
- the raw engine on the same vectors, without filters, patients, order or bounds: a FAISS scan of float16, and where
  there are codes the same inverted lists with the same candidates scored exactly;
- the time that reading the float16 vectors from memory takes.

Times are the thread's own (`time.thread_time`), so that other work on the machine counts as little as it can; the
clock's medians stand beside them.

    python benchmarks/search_scale.py --work /some/empty/folder
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.index import CaseIndex, IndexedCase, IndexedImage, Term
from casekin.index.search.segments import padded
from casekin.retrieval.rank import rank_cases
from clustered_vectors import clustered

GLOBAL_DIM, REGION_DIM, WIDE_DIM = 128, 88, 731
ZONES = ("left_lower_lung_zone", "left_mid_lung_zone")
RATES = (0.001, 0.01, 0.1, 0.5, 1.0)
QUERIES = 100
_BATCH = 5000
_TOP = 10
_FRAME = {"stored": [1, 1], "frontal": [1, 1], "transposed": False, "flip_rows": False, "flip_columns": False}
Array = NDArray[np.float32]


def fill(folder: Path, cases: int, dims: dict[str, int]) -> float:
    """Write an index of cases with one image each, two cases a patient; returns seconds. Nothing where it stands."""
    if folder.exists():
        return 0.0
    began = time.perf_counter()
    with CaseIndex(folder, create=True) as index:
        for start in range(0, cases, _BATCH):
            count = min(_BATCH, cases - start)
            rows = {
                region: clustered(count, dim, seed=1 + start, family=family).astype(np.float16)
                for family, (region, dim) in enumerate(dims.items())
            }
            index.put(
                [made_case(start + n, {region: vectors[n] for region, vectors in rows.items()}) for n in range(count)]
            )
        index.write_derived()
    return time.perf_counter() - began


def fill_rows(folder: Path, rows: Array) -> None:
    """An index of one whole-image vector a case, each of a patient of its own."""
    with CaseIndex(folder, create=True) as index:
        for start in range(0, len(rows), _BATCH):
            numbers = range(start, min(start + _BATCH, len(rows)))
            cases = [made_case(n, {"global": rows[n].astype(np.float16)}) for n in numbers]
            index.put([replace(case, patient_id=case.case_id, patient=case.case_id) for case in cases])
        index.write_derived()


def made_case(number: int, vectors: dict[str, NDArray[np.float16]]) -> IndexedCase:
    image = IndexedImage(
        image="", content_sha256=str(number), file_sha256=str(number), width=1, height=1, turn=_FRAME, vectors=vectors,
        boxes={}, tokens=b"", preview=b"",
    )  # fmt: skip
    return IndexedCase(
        case_id=f"case-{number:07d}", patient_id=f"p{number // 2}", patient=f"p{number // 2}", stamp=str(number),
        model_version="made", sex="FM"[number % 2], age=float(number % 90), images=(image,),
    )  # fmt: skip


def ask(index: CaseIndex, terms: Sequence[Term], allowed: NDArray[np.bool_] | None = None) -> list[tuple[str, float]]:
    """Case ids and scores of the ten best, one a patient, as a question at a door is ranked."""
    ranked = rank_cases(
        index, terms=terms, text_scores=None, free=None, allowed=allowed,
        group_of_case=index.catalog().patient_number_of_case, limit=_TOP,
    )  # fmt: skip
    return [(case.case_id, case.score) for case in ranked]


def timed(contenders: dict[str, Sequence[Callable[[], object]]], *, rounds: int = 3) -> dict[str, dict[str, float]]:
    """Percentiles in milliseconds after a warm-up round: of the thread's own time, and of the clock.

    Contenders answer each question in turn, so that none has the processor's caches to itself.
    """
    busy: dict[str, list[float]] = {name: [] for name in contenders}
    wall: dict[str, list[float]] = {name: [] for name in contenders}
    for attempt in range(rounds + 1):
        for calls in zip(*contenders.values(), strict=True):
            for name, call in zip(contenders, calls, strict=True):
                began, used = time.perf_counter(), time.thread_time()
                call()
                if attempt:
                    busy[name].append((time.thread_time() - used) * 1000)
                    wall[name].append((time.perf_counter() - began) * 1000)
    return {name: _percentiles(busy[name], wall[name]) for name in contenders}


def _percentiles(busy: Sequence[float], wall: Sequence[float]) -> dict[str, float]:
    (p50, p99), clock = np.percentile(busy, (50, 99)), np.median(wall)
    return {"p50_ms": round(p50, 3), "p99_ms": round(p99, 3), "wall_p50_ms": round(float(clock), 3), "n": len(busy)}


def stored_parts(index: CaseIndex, region: str) -> Iterator[tuple[NDArray[np.int64], Array]]:
    """Case numbers and vectors of a region, in parts."""
    segment = index._current().segment(region)
    for block, cases in zip(segment.blocks, segment.cases, strict=True):
        for start in range(0, len(cases), 50_000):
            yield (
                cases[start : start + 50_000].astype(np.int64),
                block.vectors[start : start + 50_000].astype(np.float32),
            )


def exact_scores(index: CaseIndex, region: str, queries: Array) -> NDArray[np.float32]:
    """Similarities `(queries, case numbers)` by a matrix product."""
    scores = np.full((len(queries), index.catalog().size), -np.inf, dtype=np.float32)
    for cases, rows in stored_parts(index, region):
        scores[:, cases] = queries @ rows[:, : queries.shape[1]].T
    return scores


def recalls(index: CaseIndex, region: str, queries: Array) -> dict[str, float]:
    """Recall@10 by share of the cases that pass a random filter; a hit counts that scores as the exact tenth does."""
    scores = exact_scores(index, region, queries)
    patients = index.catalog().patient_number_of_case
    rng = np.random.default_rng(99)
    found = {}
    for rate in RATES:
        allowed = rng.random(len(patients)) < rate
        allowed[0] = False
        shares = []
        for query, row in zip(queries, scores, strict=True):
            tenth = best_of_patients(np.where(allowed, row, -np.inf), patients)[-1]
            listed = ask(index, [Term(region=region, vector=query, weight=1.0)], allowed)
            shares.append(np.mean([score >= tenth - 2e-6 for _, score in listed]) if listed else 1.0)
        found[f"{rate:.1%}"] = round(float(np.mean(shares)), 4)
    return found


def best_of_patients(scores: NDArray[np.float32], patients: NDArray[np.int32]) -> list[float]:
    """The ten best scores, one a patient."""
    best: dict[int, float] = {}
    top = np.argpartition(-scores, 4 * _TOP)[: 4 * _TOP]
    for case_no in top[np.argsort(-scores[top], kind="stable")]:
        if np.isfinite(scores[case_no]):
            best.setdefault(int(patients[case_no]), float(scores[case_no]))
    return list(best.values())[:_TOP] or [-np.inf]


def latencies(index: CaseIndex, asked: Sequence[Sequence[Term]]) -> dict[str, Any]:
    """The index's times and, on the same vectors, the raw engine's and the bound by memory."""
    segments = [index._current().segment(term.region) for term in asked[0]]
    blocks = [block for segment in segments for block in segment.blocks]
    contenders: dict[str, list[Callable[[], object]]] = {
        "own": [lambda terms=terms: ask(index, terms) for terms in asked],
        "raw_scan": [lambda terms=terms: raw_scan(index, terms) for terms in asked],
    }
    if blocks[0].codes is not None:
        contenders["raw_codes"] = [lambda terms=terms: raw_codes(index, terms) for terms in asked]
    result: dict[str, Any] = dict(timed(contenders))
    own = result["own"]["p50_ms"]
    result |= {f"over_{name}": round(own / result[name]["p50_ms"], 2) for name in contenders if name != "own"}
    bound = 1000 * sum(block.vectors.nbytes for block in blocks) / bandwidth()
    result |= {"bandwidth_bound_ms": round(bound, 3), "over_bound": round(own / bound, 2)}
    result["filtered"] = {}
    for rate in RATES[:-1]:
        allowed = np.random.default_rng(7).random(index.catalog().size) < rate
        calls = [lambda terms=terms, mask=allowed: ask(index, terms, mask) for terms in asked]
        result["filtered"][f"{rate:.1%}"] = timed({"own": calls}, rounds=1)["own"]
    return result | {"codes": None if blocks[0].codes is None else blocks[0].codes.facts()}


def raw_scan(index: CaseIndex, terms: Sequence[Term]) -> None:
    """What the engine alone takes to scan for one term after the other."""
    for term in terms:
        (block,) = index._current().segment(term.region).blocks
        block.scan.search(padded(term.vector)[None, :], _TOP)


def raw_codes(index: CaseIndex, terms: Sequence[Term]) -> None:
    """What the engine alone takes for lists of candidates, and numpy to score these."""
    for term in terms:
        (block,) = index._current().segment(term.region).blocks
        query = padded(term.vector)
        block.codes.engine.nprobe = block.codes.probes
        rows = np.sort(block.codes.engine.search(query[None, :], block.codes.depth)[1][0])
        scores = block.vectors[rows].astype(np.float32) @ query
        np.argpartition(-scores, _TOP)[:_TOP]


def bandwidth() -> float:
    """Bytes a second that one core reads, by summing 400 MB; the best of five."""
    numbers = np.ones(50_000_000)
    times = []
    for _ in range(5):
        began = time.thread_time()
        numbers.sum()
        times.append(time.thread_time() - began)
    return numbers.nbytes / min(times)


def cold(folder: Path, region: str, dim: int) -> dict[str, float]:
    """Opening in a process of its own until the first answer, and the memory that took (without the mapped files)."""
    code = (
        "import sys, json, time; sys.path.insert(0, sys.argv[1]); import search_scale as s; from pathlib import Path\n"
        "import numpy as np; print(json.dumps(s.first_answer(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))"
    )
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", code, here, str(folder), region, str(dim)], capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def first_answer(folder: Path, region: str, dim: int) -> dict[str, float]:
    """Seconds to the first and the second answer, and private memory in MB."""
    queries = clustered(2, dim, seed=0, family=0)
    before, began, busy = private_mb(), time.perf_counter(), time.process_time()
    with CaseIndex(folder) as index:
        ask(index, [Term(region=region, vector=queries[0], weight=1.0)])
        first, spent = time.perf_counter() - began, time.process_time() - busy
        ask(index, [Term(region=region, vector=queries[1], weight=1.0)])
        second = time.perf_counter() - began - first
        return {
            "first_s": round(first, 3), "first_cpu_s": round(spent, 3), "second_s": round(second, 4),
            "private_mb": round(private_mb() - before, 1),
        }  # fmt: skip


def private_mb() -> float:
    """Anonymous memory of this process, or the peak of all where the system doesn't tell."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def disk(folder: Path, cases: int) -> dict[str, int]:
    """Bytes a case: the store, and the derived files."""
    derived = sum(path.stat().st_size for path in (folder / "derived").rglob("*") if path.is_file())
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"store_bytes_a_case": (total - derived) // cases, "derived_bytes_a_case": derived // cases}


def singles(region: str, queries: Array) -> list[list[Term]]:
    return [[Term(region=region, vector=query, weight=1.0)] for query in queries]


def zoned(dim: int, families: Sequence[int]) -> list[list[Term]]:
    """Questions at a lobe: two zones, 0.65 and 0.35."""
    parts = [clustered(QUERIES, dim, seed=0, family=family) for family in families]
    return [
        [Term(region=zone, vector=part[n], weight=w) for zone, part, w in zip(ZONES, parts, (0.65, 0.35), strict=True)]
        for n in range(QUERIES)
    ]


def measure_million(work: Path, cases: int) -> dict[str, Any]:
    folder, dims = work / f"large-{cases}", {"global": GLOBAL_DIM, ZONES[0]: REGION_DIM}
    report: dict[str, Any] = {"cases": cases, "dims": dims, "filled_s": round(fill(folder, cases, dims), 1)}
    report["cold"] = cold(folder, "global", GLOBAL_DIM)
    with CaseIndex(folder) as index:
        for family, (region, dim) in enumerate(dims.items()):
            queries = clustered(QUERIES, dim, seed=0, family=family)
            report[region] = {
                "recall@10": recalls(index, region, queries), **latencies(index, singles(region, queries))
            }  # fmt: skip
    return {**report, **disk(folder, cases)}


def measure_wide(work: Path, cases: int) -> dict[str, Any]:
    """Whole images at the shipped encoder's size."""
    folder, dims = work / f"wide-{cases}", {"global": WIDE_DIM}
    report: dict[str, Any] = {"cases": cases, "dims": dims, "filled_s": round(fill(folder, cases, dims), 1)}
    report["cold"] = cold(folder, "global", WIDE_DIM)
    with CaseIndex(folder) as index:
        queries = clustered(QUERIES, WIDE_DIM, seed=0, family=0)
        report["global"] = {
            "recall@10": recalls(index, "global", queries),
            **latencies(index, singles("global", queries)),
        }
    return {**report, **disk(folder, cases)}


def measure_regions(work: Path, cases: int) -> dict[str, Any]:
    """All 29 regions; recall over one query of each in turn."""
    folder, names = work / f"regions-{cases}", [str(place) for place in LOCATIONS[:29]]
    report: dict[str, Any] = {"cases": cases, "regions": len(names)}
    report["filled_s"] = round(fill(folder, cases, dict.fromkeys(names, REGION_DIM)), 1)
    with CaseIndex(folder) as index:
        found: dict[str, list[float]] = {}
        for family, name in enumerate(names):
            for rate, value in recalls(index, name, clustered(10, REGION_DIM, seed=0, family=family)).items():
                found.setdefault(rate, []).append(value)
        report["recall@10"] = {rate: round(float(np.mean(values)), 4) for rate, values in found.items()}
        report |= latencies(index, singles(names[0], clustered(QUERIES, REGION_DIM, seed=0, family=0)))
    return {**report, **disk(folder, cases)}


def measure_zones(work: Path, cases: int) -> dict[str, Any]:
    """A region-conditioned question as a radiologist asks it: a lobe, two zones, ten patients."""
    folder = work / f"zones-{cases}"
    report: dict[str, Any] = {
        "cases": cases,
        "filled_s": round(fill(folder, cases, dict.fromkeys(ZONES, REGION_DIM)), 1),
    }
    with CaseIndex(folder) as index:
        report["one zone"] = latencies(index, singles(ZONES[0], clustered(QUERIES, REGION_DIM, seed=0, family=0)))
        report["lobe of two zones"] = latencies(index, zoned(REGION_DIM, (0, 1)))
        report["lobe of two zones"]["recall@10"] = lobe_recall(index, zoned(REGION_DIM, (0, 1)))
    return {**report, **disk(folder, cases)}


def lobe_recall(index: CaseIndex, asked: Sequence[Sequence[Term]]) -> float:
    """Recall@10 of questions of several terms against weighted sums of matrix products."""
    patients = index.catalog().patient_number_of_case
    total = sum(
        terms[0] * exact_scores(index, terms[1], np.stack([question[n].vector for question in asked]))
        for n, terms in enumerate([(term.weight, term.region) for term in asked[0]])
    )
    shares = []
    for terms, scores in zip(asked, total, strict=True):
        tenth = best_of_patients(scores, patients)[-1]
        shares.append(np.mean([score >= tenth - 2e-6 for _, score in ask(index, terms)]))
    return round(float(np.mean(shares)), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the indexes; kept ones are used again")
    parser.add_argument("--million", type=int, default=1_000_000, help="cases of the largest index")
    parser.add_argument("--only", choices=["zones", "wide", "regions", "million"], help="one of the parts, for a trial")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "search_scale.json")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Callable[[], Any]] = {
        "zones": lambda: [measure_zones(args.work, cases) for cases in (10_000, 100_000)],
        "wide": lambda: measure_wide(args.work, 100_000),
        "regions": lambda: measure_regions(args.work, 20_000),
        "million": lambda: measure_million(args.work, args.million),
    }
    report = json.loads(args.out.read_text(encoding="utf-8")) if args.only and args.out.exists() else {}
    report |= {"benchmark": "search_scale", "queries": QUERIES}
    report |= {name: part() for name, part in parts.items() if args.only in (None, name)}
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
