"""Promise: 100,000 reports are mined in under 5 minutes by two processes in under 4 GB, at a flat cost a report.

Simulated reports are written without drawing images, and repeated under other ids to reach the sizes; with
CASEKIN_REAL_DATA, the real ones of `reports/iu_xray_reports.jsonl` are mined, too. The floor in the same run is the
report reader alone, on the same texts, in one process. Memory is that of all processes together, sampled. On a machine
that others use, too (`load_before`), CPU time says more than wall time.

    [CASEKIN_REAL_DATA=folder] python benchmarks/mine_rate.py [--sizes 25000 100000] [--processes 2]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from casekin.reports import read_report
from casekin.settings import read_settings
from casekin.world.case_files import report_of
from casekin.world.patients import sample_patient

SEED = 11
FLOOR_REPORTS = 2000
SAMPLE_S = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=6000, help="simulated patients behind the reports")
    parser.add_argument("--sizes", type=int, nargs="+", default=[25_000, 100_000])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "mine_rate.json")
    args = parser.parse_args()
    rows = simulated_rows(args.patients)
    texts = [row["report"] for row in rows[:FLOOR_REPORTS]]
    read_report(texts[0])
    began = time.process_time()
    for text in texts:
        read_report(text)
    floor_ms = 1000 * (time.process_time() - began) / len(texts)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        runs = {}
        for size in args.sizes:
            source = folder / f"{size}.jsonl"
            write_rows(source, rows, size)
            runs[f"simulated {size}"] = mine(source, folder / f"mined-{size}", args.processes, floor_ms)
            source.unlink()
        real_data = read_settings().real_data
        if real_data is not None:
            source = real_data / "reports" / "iu_xray_reports.jsonl"
            runs["real"] = mine(source, folder / "mined-real", args.processes, floor_ms)
    report = {
        "benchmark": "mine_rate",
        "processes": args.processes,
        "distinct_simulated_reports": len(rows),
        "reader_alone_cpu_ms_per_report": round(floor_ms, 3),
        "runs": runs,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


def simulated_rows(patients: int) -> list[dict[str, str]]:
    """Reports of simulated patients, every examination as a radiograph."""
    rows = []
    for number in range(patients):
        patient = sample_patient(number, seed=SEED)
        for exam in patient.exams:
            text = report_of(patient, exam, seed=SEED, modality="CR", view="PA").text
            ids = {"report_id": f"{patient.patient_id}-{exam.number}", "patient_id": patient.patient_id}
            rows.append({**ids, "split": patient.split, "report": text})
    return rows


def write_rows(path: Path, rows: list[dict[str, str]], size: int) -> None:
    """`size` rows: the reports over and over, under other ids and patients each time."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(size):
            turn, row = number // len(rows), rows[number % len(rows)]
            ids = {name: f"{turn}-{row[name]}" for name in ("report_id", "patient_id")}
            out.write(json.dumps(row | ids) + "\n")


def mine(source: Path, out: Path, processes: int, floor_ms: float) -> dict[str, Any]:
    """Time, CPU time and the largest memory of `casekin mine`, and of the same command once more when all is done."""
    first = run(source, out, processes)
    again = run(source, out, processes)
    record = json.loads((out / "mine.json").read_text(encoding="utf-8"))
    count = record["reports"]
    return {
        "reports": count,
        "facts": record["facts"],
        "queries": sum(split["queries"] for split in record["qrels"].values()),
        "wall_s": round(first["wall_s"], 1),
        "cpu_s": round(first["cpu_s"], 1),
        "load_before": round(first["load"], 1),
        "cpu_ms_per_report": round(1000 * first["cpu_s"] / count, 3),
        "cpu_over_reader_alone": round(1000 * first["cpu_s"] / count / floor_ms, 2),
        "peak_memory_mb": round(first["memory"] / 2**20),
        "result_mb": round(sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 2**20, 1),
        "again_wall_s": round(again["wall_s"], 1),
    }


def run(source: Path, out: Path, processes: int) -> dict[str, float]:
    """One `casekin mine`, with CPU time of all its processes."""
    command = [sys.executable, "-c", "from casekin.cli import main; main()", "mine", str(source), "--out", str(out)]
    load, memory = os.getloadavg()[0], 0
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(
        [*command, "--processes", str(processes)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        while child.poll() is None:
            memory = max(memory, session_memory(child.pid))
            time.sleep(SAMPLE_S)
    if child.returncode:
        raise SystemExit(f"casekin mine ended with {child.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": time.perf_counter() - began, "cpu_s": cpu, "memory": memory, "load": load}


def session_memory(session: int) -> int:
    """Bytes of resident memory of all processes of a session (Linux; 0 elsewhere)."""
    total, page = 0, os.sysconf("SC_PAGE_SIZE")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[21]) * page if int(fields[3]) == session else 0
    return total


if __name__ == "__main__":
    main()
