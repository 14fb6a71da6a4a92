"""An index's life, killed again and again: ingested, ingested anew after changes, patients erased, always gone on with.

It ends as one that nobody killed, row for row, and at every moment each case stands as it was or as it will be.
"""

from __future__ import annotations

import os
from pathlib import Path

from made_processes import run_script

KILLS = int(os.environ.get("CASEKIN_TEST_KILLS", 2))
LIVES = """
import json, os, shutil, signal, sqlite3, sys, time
from contextlib import closing
from pathlib import Path
import numpy as np
from casekin.index import CaseIndex
from casekin.index.search import derived
from casekin.index.store.store import FILE_NAME
from casekin.journeys import ingest
from casekin.journeys.ingesting import study
from casekin.journeys.upkeep import forget_cases
from casekin.models import load_encoder
from made_cases import write_png
from made_encoder import RememberingEncoder

folder, least = Path(sys.argv[1]), int(sys.argv[2])
encoder = RememberingEncoder(load_encoder("default"))
ingest.load_encoder = study.load_encoder = lambda name: encoder
ingest.BATCH, derived._LEAST_KEPT = 2, 4
rng, kills, lives = np.random.default_rng(1), 0, 0
TABLES = (
    "models", "cases", "sources", "facts", "normal_anatomies", "sentences", "images", "embeddings", "vectors",
    "journal", "quarantine", "sqlite_sequence",
)


def write_archive(name, cases):
    rows = []
    for case, picture in cases.items():
        write_png(folder / name / f"{case}-{picture}.png", picture)
        report = f"FINDINGS: Consolidation in the left lower lobe, {picture} mm."
        rows.append({"case_id": case, "patient_id": case, "image": f"{case}-{picture}.png", "report": report})
    (folder / name / "manifest.jsonl").write_text("".join(json.dumps(row) + "\\n" for row in rows))
    return folder / name


def rows_of(index):
    with closing(sqlite3.connect(index / FILE_NAME)) as db:
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


def digests_of(index):
    if not (index / FILE_NAME).exists():
        return {}
    with closing(sqlite3.connect(index / FILE_NAME)) as db:
        is_made = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return dict(db.execute("SELECT case_id, digest FROM cases")) if is_made else {}


first = {f"c{number}": number for number in range(8)}
changed = {**first, "c1": 101, "c4": 104, "c8": 8, "c9": 9, "c10": 10}
archives = write_archive("first", first), write_archive("changed", changed)
STAGES = (
    lambda index: ingest.ingest_cases([archives[0]], index=index),
    lambda index: ingest.ingest_cases([archives[1]], index=index),
    lambda index: forget_cases(index, patients=["c2", "c4"], case_ids=["c9"]),
)


def ended(stage, index, seconds):
    process = os.fork()
    if process == 0:
        os.setsid()
        stage(index)
        os._exit(0)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(process, os.WNOHANG) != (0, 0):
            return True
        time.sleep(0.001)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return False


def assert_between(index, before, after, done):
    now = digests_of(index)
    for case in {*before, *after, *now}:
        assert now.get(case) in (before.get(case), after.get(case)), case
    new = {case for case in {*before, *after} if now.get(case) == after.get(case) != before.get(case)}
    assert done <= new, "what was there is gone"
    if now:
        with CaseIndex(index) as handle:
            report = handle.upkeep.check()
            assert report.is_sound, report.as_record()
    return new


whole, states, took = folder / "whole", [{}], []
for stage in STAGES:
    began = time.monotonic()
    stage(whole)
    took.append(time.monotonic() - began)
    states.append(digests_of(whole))
    shutil.copytree(whole, folder / f"after-{len(took)}")
while kills < least:
    lives += 1
    index = folder / f"life-{lives}"
    index.mkdir()
    shutil.copy(whole / "site.key", index / "site.key")
    for number, stage in enumerate(STAGES):
        done = set()
        while not ended(stage, index, rng.uniform(0, took[number]) if kills < least else 600):
            kills += 1
            done = assert_between(index, states[number], states[number + 1], done)
        assert rows_of(index) == rows_of(folder / f"after-{number + 1}"), (lives, number)
    with CaseIndex(index) as handle:
        assert handle.upkeep.check().is_sound and not handle.info()["erasure_unfinished"]
print(json.dumps({"kills": kills, "lives": lives}))
"""


def test_an_index_killed_throughout_its_life_ends_as_one_that_was_not(tmp_path: Path) -> None:
    assert run_script(LIVES, str(tmp_path), str(KILLS))["kills"] == KILLS
