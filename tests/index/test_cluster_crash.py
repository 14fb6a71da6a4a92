"""Killed at any moment, a migration goes on where it stopped, and a server holds what was acknowledged and no more.

A process works on an index and tells each step; another kills it after a while and looks. What is there is proven by
the digests of every case, image and embedding, and every row of the server belongs to one of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from casekin.index import CaseIndex, open_index
from casekin.index.cluster import ClusterIndex
from casekin.index.cluster.sweeping import waiting_images
from made_operations import Operation, Plain, draw, expected, observe
from made_stores import stored_case

KILLS = int(os.environ.get("CASEKIN_TEST_KILLS", 2))
"""Migrations between folders that are killed."""
SERVER_KILLS = max(1, KILLS // 4)
"""Processes that are killed while they work on a server, for each kind of work."""
WORK = {"put": 6, "remove": 2, "report": 2, "embed": 3, "activate": 1, "forget": 2}
WORKER = """
import json, os, sys
import numpy as np
from casekin.index import open_index
from casekin.index.cluster.sweeping import waiting_images
from made_operations import draw, perform
from test_cluster_crash import WORK, replayed
landed, first = json.loads(sys.argv[2]), int(sys.argv[3])
plain, index = replayed(landed), open_index(sys.argv[1], create=True)
os.write(1, b"+")
for step in range(first, first + 1000):
    operation = draw(np.random.default_rng(step), plain, step, WORK)
    index = perform(index, operation, None)
    plain = plain.applied(operation)
    os.write(1, b".")
"""
MIGRATION = """
import os, sys
from casekin.journeys import migrate
migrate._WRITTEN_CHUNKS = 1
os.write(1, b"+")
migrate.migrate_index(sys.argv[1], sys.argv[2], progress=lambda done, all: os.write(1, b"."))
"""


def test_killed_at_any_moment_a_server_s_index_holds_what_was_acknowledged(milvus: str) -> None:
    address, rng = f"milvus://{milvus}/crash", np.random.default_rng(1)
    landed: list[int] = []
    first = 1
    for kill in range(SERVER_KILLS):
        told = killed(WORKER, address, json.dumps(landed), str(first), after=float(rng.uniform(0.0, 4.0)))
        acknowledged = range(first, first + told.count("."))
        plain = replayed([*landed, *acknowledged])
        first = acknowledged.stop
        after = plain.applied(operation_of(first, plain))
        with ClusterIndex(address, create=True) as index:
            held = observe(index)
            assert held in (expected(plain.state), expected(after.state)), (kill, first)
            index.put([])  # takes the dead writer's place, and what it left with it
            assert observe(index) == held
            prove_whole(index)
        landed += acknowledged
        if held != expected(plain.state):
            landed.append(first)
        first += 1


@pytest.mark.parametrize(
    ("source", "target", "kills"), [("folder", "folder", KILLS), ("folder", "server", SERVER_KILLS)]
)
def test_a_migration_killed_at_any_moment_loses_nothing_and_goes_on(
    source: str, target: str, kills: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """There and back again, while the source changes from kill to kill."""
    places = [str(tmp_path / "source"), str(tmp_path / "target")]
    if target == "server":
        places[1] = f"milvus://{request.getfixturevalue('milvus')}/crash_migration"
    rng = np.random.default_rng(2)
    with open_index(places[0], create=True) as index:
        index.put([stored_case(number) for number in range(60)])
    for kill in range(kills):
        old, new = places if kill % 2 == 0 else reversed(places)
        with open_index(old, create=True) as index:
            changed = sorted(rng.choice(60, 9, replace=False).tolist())
            index.put([stored_case(n, version=kill + 1) for n in changed[1:]], remove=[f"case-{changed[0]}"])
            before = index.transfer.states()
        killed(MIGRATION, old, new, after=float(rng.uniform(0.0, 6.0 if target == "server" else 0.4)))
        with open_index(old) as index:
            assert index.transfer.states() == before
            prove_whole(index)
        with open_index(new, create=True) as index:
            index.put([])
            prove_whole(index)
        finish(old, new)
        with open_index(new) as index:
            assert index.transfer.states() == before
            prove_whole(index)


def operation_of(step: int, plain: Plain) -> Operation:
    return draw(np.random.default_rng(step), plain, step, WORK)


def replayed(steps: list[int]) -> Plain:
    """What a plain dictionary holds after the operations of these steps."""
    plain = Plain()
    for step in steps:
        plain = plain.applied(operation_of(step, plain))
    return plain


def prove_whole(index: CaseIndex) -> None:
    """Every digest is that of what is there, and a server holds no row that nothing names or waits to delete."""
    report = index.upkeep.check()
    assert report.is_sound, report.as_record()
    if not isinstance(index, ClusterIndex):
        return
    known = {(0, image_id) for (image_id,) in index._db.execute("SELECT image_id FROM images")}
    known |= set(index._db.execute("SELECT model_no, image_id FROM embeddings").fetchall())
    server = index._replica.server
    waiting = waiting_images(server, index._replica.head)
    for name in server.collections():
        if name != server.records:
            rows = server.rows(name, "image_id > 0", ["image_id", "model_no"])
            held = {(row["model_no"], row["image_id"]) for row in rows if row["image_id"] not in waiting}
            assert held <= known, name


def killed(script: str, *arguments: str, after: float) -> str:
    """What a process told until it was killed, so many seconds after it began to work."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], env=environment(), stdout=subprocess.PIPE
    ) as work:
        assert work.stdout is not None
        told = work.stdout.read(1)
        time.sleep(after)
        work.kill()
        told += work.stdout.read()
    assert told.startswith(b"+"), "the process didn't get to work"
    return told[1:].decode()


def finish(source: str, target: str) -> None:
    """The same migration once more, to its end."""
    subprocess.run(
        [sys.executable, "-c", MIGRATION, source, target], env=environment(), check=True, capture_output=True
    )


def environment() -> dict[str, str]:
    """A process's that finds what these tests import."""
    paths = [str(Path(__file__).parents[1]), str(Path(__file__).parent), *sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
