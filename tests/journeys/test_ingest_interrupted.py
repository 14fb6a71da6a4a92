"""Ingests that are killed, interrupted, doubled or spread over machines: every study once, and no work done twice."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import CasekinError
from casekin.index import CaseIndex
from casekin.journeys import ingest
from casekin.journeys.ingest import IngestSummary, ingest_cases
from casekin.journeys.ingesting import case as ingest_case
from casekin.journeys.ingesting import shards as ingest_shards
from casekin.journeys.ingesting.cluster import Cluster, ShardTask, ShardWorker
from made_cases import write_png

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")

INGEST = """
import sys
from pathlib import Path
from casekin.journeys import ingest
ingest.BATCH = 2
archive, index, workers = sys.argv[1:]
print(ingest.ingest_cases([Path(archive)], index=Path(index), workers=int(workers)).as_record())
"""
POISON = """
import os, signal
from casekin.journeys.ingesting.study import Outcome
from made_cases import made_case

def start(key, model, *rest):
    pass

def work(job):
    if job.key == "charlie":
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(case=made_case(job.key))
"""
SPREAD = """
import os, signal, sys
from contextlib import suppress
from pathlib import Path
from casekin.cli import main
from casekin.journeys import ingest
from casekin.journeys.ingesting import cluster, shards

shards.write_lists.__kwdefaults__["size"] = 2
cluster._PROCESSES = 1
encode = ingest.encode_lists

def ray_workers():
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if command.read_bytes().startswith(b"ray::MapWorker(MapBatches(ShardWorker))"):
                yield int(command.parent.name)

def encode_and_kill_one(*lists, **how):
    for number, shard in enumerate(encode(*lists, **how)):
        if number == 0:
            os.kill(next(ray_workers()), signal.SIGKILL)
        yield shard

ingest.encode_lists = encode_and_kill_one
main(["ingest", sys.argv[1], "--index", sys.argv[2], "--shards", sys.argv[3], "--workers", "2", "--json"])
"""
CASES = 8
LONGEST_S = 120
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "OMP_NUM_THREADS": "1"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "archive", "case")


def write_cases(folder: Path, prefix: str) -> Path:
    """Eight cases of eight patients; the pictures don't depend on the prefix of their ids."""
    rows = [{"case_id": f"{prefix}{n}", "patient_id": f"p{n}", "image": f"{n}.png"} for n in range(CASES)]
    for n in range(CASES):
        write_png(folder / f"{n}.png", n)
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def begin_ingest(archive: Path, index: Path, *, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", INGEST, str(archive), str(index), str(workers)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def stored_cases(index: Path) -> dict[str, tuple[str, ...]]:
    """Pixels' hashes by case id; nothing while there is no index."""
    with suppress(CasekinError), CaseIndex(index) as handle:
        return handle.content_hashes()
    return {}


def wait_until_stored(index: Path, count: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LONGEST_S
    while len(stored_cases(index)) < count and running.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(("workers", "how"), [(1, signal.SIGKILL), (2, signal.SIGKILL), (2, signal.SIGINT)])
def test_an_ingest_that_is_ended_anywhere_goes_on_with_the_rest(
    archive: Path, tmp_path: Path, workers: int, how: signal.Signals
) -> None:
    rng = random.Random(workers * 100 + how)
    index = tmp_path / "index"
    with begin_ingest(archive, index, workers=workers) as running:
        wait_until_stored(index, rng.choice([2, 4, 6]), running)
        time.sleep(rng.uniform(0, 0.1))
        before = stored_cases(index)
        running.send_signal(how)
        running.communicate(timeout=LONGEST_S)
    kept = stored_cases(index)
    assert 2 <= len(before) <= len(kept)
    summary = ingest_cases([archive], index=index)
    assert (summary.unchanged, summary.added, summary.problems) == (len(kept), CASES - len(kept), ())
    assert {name: len(hashes) for name, hashes in stored_cases(index).items()} == {f"case{n}": 1 for n in range(CASES)}
    with CaseIndex(index) as handle:
        assert handle.info()["integrity"] == "ok"


def test_two_ingests_at_once_store_every_study_once(archive: Path, tmp_path: Path) -> None:
    other, index = write_cases(tmp_path / "other", "again"), tmp_path / "index"
    running = [begin_ingest(folder, index, workers=1) for folder in (archive, other, archive)]
    for process in running:
        _, told = process.communicate(timeout=LONGEST_S)
        assert process.returncode == 0, told
    hashes = stored_cases(index)
    assert len(hashes) == len(set(hashes.values())) == CASES
    for folder in (archive, other):
        assert ingest_cases([folder], index=index).unchanged == CASES


def test_a_worker_that_is_killed_costs_nothing(archive: Path, tmp_path: Path) -> None:
    def kill_one(done: int, total: int) -> None:
        if done == 2:
            (child, *_) = multiprocessing.active_children()
            os.kill(int(child.pid or 0), signal.SIGKILL)

    summary = ingest_cases([archive], index=tmp_path / "index", workers=2, progress=kill_one)
    assert (summary.added, summary.problems) == (CASES, ())


def test_a_case_that_kills_every_worker_is_listed_and_the_rest_goes_in(
    make_archive: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "poison_work.py").write_text(POISON, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    poison = importlib.import_module("poison_work")
    monkeypatch.setattr(ingest_case, "try_case", poison.work)
    monkeypatch.setattr(ingest_case, "start_worker", poison.start)
    summary = ingest_cases([make_archive()], index=tmp_path / "index", workers=2)
    assert [problem.source for problem in summary.problems] == ["charlie"]
    assert "ended two processes" in summary.problems[0].reason
    assert summary.added == 5


def shared_lists(monkeypatch: pytest.MonkeyPatch, *, size: int) -> None:
    """Lists of a few cases instead of hundreds."""
    monkeypatch.setitem(ingest_shards.write_lists.__kwdefaults__, "size", size)


def encode_lists_here(stop_after: int | None) -> Any:
    """A stand-in for Ray: the same worker, in this process; it fails after some lists."""

    def encode(lists: list[Path], task: ShardTask, *, address: str | None, workers: int) -> Any:
        assert (address, workers) == ("auto", 2)
        assert "key" not in repr(task)
        worker = ShardWorker(task, 1)
        try:
            for number, path in enumerate(lists):
                shard = worker.encode(path)
                if number == stop_after:
                    raise KeyboardInterrupt
                yield shard
        finally:
            worker.close()

    return encode


def test_a_spread_ingest_goes_on_from_the_shards_that_an_interrupted_one_left(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_lists(monkeypatch, size=3)
    cluster, index = Cluster(shards=tmp_path / "shards", address="auto"), tmp_path / "index"
    heard: list[tuple[int, int]] = []

    def spread(stop_after: int | None) -> IngestSummary:
        monkeypatch.setattr(ingest, "encode_lists", encode_lists_here(stop_after))
        return ingest_cases(
            [archive], index=index, workers=2, cluster=cluster, progress=lambda *told: heard.append(told)
        )

    with pytest.raises(KeyboardInterrupt):
        spread(1)
    assert len(stored_cases(index)) == 3
    left = [path for path in (tmp_path / "shards").rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in left) == [".jsonl", ".jsonl", ".parquet"]
    # One shard more is done and damaged on its way: its cases are encoded again.
    (done,) = (path for path in left if path.suffix == ".parquet")
    shutil.copy(done, done.with_name(f"{'0' * 32}-{'1' * 32}.parquet"))
    summary = spread(None)
    assert (summary.added, summary.unchanged, summary.problems) == (CASES - 3, 6, ())
    assert heard[-1] == (2, 2)
    assert len(stored_cases(index)) == CASES
    assert [path for path in (tmp_path / "shards").rglob("*") if path.is_file()] == []
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(index / "site.key", alone / "site.key")
    ingest_cases([archive], index=alone)
    assert vectors_of(index) == vectors_of(alone)


def vectors_of(index: Path) -> dict[str, Any]:
    """All vectors of all cases."""
    with CaseIndex(index) as handle:
        return {
            name: [
                {region: vector.tobytes() for region, vector in handle.vectors_of(image_id).items()}
                for image_id in handle.image_ids_of(name)
            ]
            for name in handle.content_hashes()
        }


def test_two_ray_workers_do_what_one_machine_does_and_one_may_be_killed(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray for an ingest on many machines: `make test` installs it")
    index, shards = tmp_path / "index", tmp_path / "shards"
    done = subprocess.run(
        [sys.executable, "-c", SPREAD, str(archive), str(index), str(shards)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=3 * LONGEST_S,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)  # what Ray says of the lost worker isn't in the answer
    assert (told["added"], told["problems"]) == (CASES, [])
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(index / "site.key", alone / "site.key")
    ingest_cases([archive], index=alone)
    assert vectors_of(index) == vectors_of(alone)
    assert ingest_cases([archive], index=index, workers=2, cluster=Cluster(shards=shards)).unchanged == CASES
