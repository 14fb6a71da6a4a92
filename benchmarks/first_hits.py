"""Promise: the first list of hits comes within 1.5 s (p95) after an image is dropped, on an archive of 10,000 cases.

A real server process over such an index (filled as `search_latency.py` does it) and a client over loopback: each film
is new to the server, is uploaded, then asked with: as a whole, at a place, under a drawn box. Beside it, in this
process, what the steps take: reading the file, encoding it, searching, writing the answer as JSON.

    python benchmarks/first_hits.py --archive archive
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from casekin import CaseIndex, SearchQuery, load_encoder, search_cases
from casekin.imaging import read_image
from casekin.imaging.manifest import read_manifest
from casekin.reports import read_report
from casekin.retrieval.encode import encode_file, encode_image, indexed_image
from casekin.types import Box, CaseRow
from search_latency import MODEL_VERSION, fill

PROMISED_P95_MS = 1500.0
BASES = 40
PLACE = "left lower lobe"
KINDS = ("image", "place", "box")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True, help="a simulated archive of some hundred images")
    parser.add_argument("--films", type=Path, help="ask with the files of this folder instead")
    parser.add_argument("--index", type=Path, help="an index that was filled before, instead of a new one")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=40, help="films for each kind of question")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "first_hits.json")
    args = parser.parse_args()
    rows = [row for row in read_manifest(args.archive / "manifest.jsonl") if isinstance(row, CaseRow)]
    films = [args.archive / row.image for row in rows[BASES:]]
    if args.films is not None:
        films = sorted(path for path in args.films.rglob("*") if path.is_file())
    wanted = len(KINDS) * args.repeats
    films = films[:: max(1, len(films) // wanted)][:wanted]
    with tempfile.TemporaryDirectory() as scratch:
        index = args.index or Path(scratch) / "index"
        if args.index is None:
            fill_index(index, args.archive, rows[:BASES], args.cases)
        with served(index, Path(scratch) / "site") as url:
            over_http = {kind: ask(url, films[number :: len(KINDS)], kind) for number, kind in enumerate(KINDS)}
        steps = in_process(index, films[: args.repeats])
    report = {
        "benchmark": "first_hits",
        "cases": args.cases,
        "promised_p95_ms": PROMISED_P95_MS,
        "cores": os.cpu_count(),
        "load_average": [round(one, 1) for one in os.getloadavg()],
        "kept": all(one["first_list"]["p95_ms"] < PROMISED_P95_MS for one in over_http.values()),
        "over_http": over_http,
        "steps": steps,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


def fill_index(index: Path, archive: Path, rows: Sequence[CaseRow], cases: int) -> None:
    """A calibrated index of so many cases around the encodings of a few."""
    encoder = load_encoder()
    MODEL_VERSION[0] = encoder.version
    bases = [
        (
            indexed_image(encode_file(archive / row.image, encoder), name=row.image, file_sha256=""),
            tuple(read_report(row.report or "").facts),
        )
        for row in rows
    ]
    fill(index, bases, cases, seed=0)


@contextmanager
def served(index: Path, site: Path) -> Iterator[str]:
    """The address of a server process over an index."""
    command = "from casekin.cli import main; main()"
    options = ["serve", "--index", str(index), "--site", str(site), "--port", "0", "--json"]
    with subprocess.Popen([sys.executable, "-c", command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"]).rstrip("/")
        finally:
            process.terminate()


def ask(url: str, films: Sequence[Path], kind: str) -> dict[str, dict[str, float]]:
    """Upload each film and ask with it; the first one warms up."""
    times: dict[str, list[float]] = {"upload": [], "search": [], "first_list": []}
    with httpx.Client(base_url=url, timeout=60.0) as client:
        for film in films:
            began = time.perf_counter()
            upload = client.post("/v1/uploads", files={"image": film.read_bytes()}).raise_for_status().json()
            sent = time.perf_counter()
            fields = {"upload": upload["upload_id"], **_pointing(kind, upload["width"], upload["height"])}
            client.post("/v1/searches", json=fields).raise_for_status().json()
            done = time.perf_counter()
            for name, seconds in (("upload", sent - began), ("search", done - sent), ("first_list", done - began)):
                times[name].append(seconds)
    return {name: summary(values[1:]) for name, values in times.items()}


def _pointing(kind: str, width: int, height: int) -> dict[str, Any]:
    box = [0.6 * width, 0.5 * height, 0.85 * width, 0.8 * height]
    return {"image": {}, "place": {"at": [PLACE]}, "box": {"box": box}}[kind]


def in_process(index: Path, films: Sequence[Path]) -> dict[str, dict[str, float]]:
    """What the steps of an answer take, one after the other."""
    encoder = load_encoder()
    times: dict[str, list[float]] = {}

    def timed(name: str, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        made = call(*given, **named)
        times.setdefault(name, []).append(time.perf_counter() - began)
        return made

    with CaseIndex(index) as handle:
        for film in films:
            image = timed("read", read_image, film)
            encoded = timed("encode", encode_image, image, encoder)
            rows, columns = encoded.turn.stored
            box = Box(x0=0.6 * columns, y0=0.5 * rows, x1=0.85 * columns, y1=0.8 * rows)
            asked = {"image": {}, "place": {"at": (PLACE,)}, "box": {"box": box}}
            for kind, fields in asked.items():
                query = SearchQuery(image=film, **fields)  # type: ignore[arg-type]
                answer = timed(f"search, {kind}", search_cases, handle, query, encoded=encoded)
            timed("json", json.dumps, answer.as_record())
    return {name: summary(values[1:]) for name, values in times.items()}


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    p50, p95 = np.percentile(seconds, (50, 95)) * 1000
    return {"p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1), "n": len(seconds)}


if __name__ == "__main__":
    main()
