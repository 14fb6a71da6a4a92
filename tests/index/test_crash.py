"""Killed at any moment, an index holds what was acknowledged and nothing by halves.

A process does random operations and acknowledges each; another kills it after some milliseconds and looks. What stands
there must be the state after the last acknowledged operation or after the one in flight, in every file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from made_processes import run_script

KILLS = int(os.environ.get("CASEKIN_TEST_KILLS", 2))
"""Processes that are killed for each kind of work."""
WORK = {
    "put": {"put": 6, "remove": 2, "report": 1, "reopen": 1},
    "forget": {"put": 2, "snapshot": 1, "drop_snapshot": 1, "forget": 4},
    "back_up": {"put": 3, "back_up": 4, "remove": 1},
    "snapshot": {"put": 3, "snapshot": 3, "drop_snapshot": 2},
    "go_back": {"put": 3, "snapshot": 2, "go_back": 4, "drop_snapshot": 1},
    "embed": {"put": 2, "embed": 6},
    "activate": {"put": 2, "embed": 3, "activate": 4, "derive": 1},
}

KILLER = """
import json, os, select, shutil, signal, sys, time
from pathlib import Path
import numpy as np
from casekin.index import CaseIndex
from casekin.index.search import derived
from casekin.index.upkeep.backup import read_manifests
from casekin.index.upkeep.targets import FolderTarget
from made_operations import KEPT, Plain, draw, expected, observe, observe_kept, perform, snapshot_names

folder, verb, weights, kills = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
derived._LEAST_KEPT = 4
rng = np.random.default_rng(sum(map(ord, verb)))
target, plain, step, landed, acknowledged = FolderTarget(folder / "backup"), Plain(), 0, 0, 0
unpruned = 0  # killed between its manifest and the removal of the oldest, a backup leaves that to the next


def work(first, plain, tell):
    index = CaseIndex(folder / "index", create=True)
    for step in range(first, first + 10_000):
        operation = draw(np.random.default_rng(step), plain, step, weights)
        index = perform(index, operation, target)
        plain = plain.applied(operation)
        os.write(tell, b".")


def killed(child):
    told, tell = os.pipe()
    process = os.fork()
    if process == 0:
        child(tell)
        os._exit(0)
    os.close(tell)
    heard = os.read(told, 1)
    until = time.monotonic() + float(rng.uniform(0.0, 0.08))
    while (left := until - time.monotonic()) > 0:
        if select.select([told], [], [], left)[0]:
            heard += os.read(told, 65536)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while more := os.read(told, 65536):
        heard += more
    os.close(told)
    return len(heard)


def looks_as(index, plain):
    return observe(index) == expected(plain.state) and snapshot_names(index) == sorted(plain.snapshots)


def backups_are(plain):
    made, numbers = len(plain.backups), [manifest.number for manifest in read_manifests(target)]
    if max(numbers, default=0) != made or not min(KEPT, made) <= len(numbers) <= KEPT + unpruned:
        return False
    shutil.rmtree(folder / "scratch", ignore_errors=True)
    kept = plain.backups[made - len(numbers) :]
    return observe_kept(target, folder / "scratch") == [expected(state) for state in kept]


def chunks_are_whole(index):
    for kept in (target, index.upkeep.snapshots()):
        used = set().union(*(manifest.used for manifest in read_manifests(kept)))
        there = {name.rpartition("/")[2] for name in kept.names("chunks")}
        assert used <= there
        assert kept is not target or unpruned or used == there


for kill in range(kills):
    base = step
    done = killed(lambda tell: work(base + 1, plain, tell))
    for _ in range(done):
        step += 1
        operation = draw(np.random.default_rng(step), plain, step, weights)
        plain, unpruned = plain.applied(operation), 0 if operation.verb == "back_up" else unpruned
    step += 1
    operation = draw(np.random.default_rng(step), plain, step, weights)
    after, unpruned = plain.applied(operation), unpruned + (operation.verb == "back_up")
    acknowledged += done
    with CaseIndex(folder / "index", create=True) as index:
        report = index.upkeep.check()
        assert report.is_sound, (kill, operation, report.as_record())
        candidates = [state for state in (plain, after) if looks_as(index, state)]
        assert candidates, (kill, operation, observe(index), expected(plain.state), expected(after.state))
        candidates = [state for state in candidates if backups_are(state)]
        assert candidates, (kill, operation, "backups")
        chunks_are_whole(index)
        landed += candidates[0] is after and plain is not candidates[0]
        plain = candidates[0]
        if operation.verb == "forget":
            # Half done, the cases are gone, or none is; the next erasure takes what is left of them.
            index.upkeep.forget([f"case-{number}" for number in operation.numbers])
            plain = after
            assert looks_as(index, plain), (kill, operation)
print(json.dumps({"kills": kills, "acknowledged": acknowledged, "landed": landed}))
"""


@pytest.mark.parametrize("verb", sorted(WORK))
def test_killed_at_any_moment_an_index_holds_what_was_acknowledged(verb: str, tmp_path: Path) -> None:
    told = run_script(KILLER, str(tmp_path), verb, json.dumps(WORK[verb]), str(KILLS))
    assert told["kills"] == KILLS
    assert told["acknowledged"] >= KILLS


RESTORER = """
import json, os, signal, sys, time
from pathlib import Path
import numpy as np
from casekin.errors import IndexStoreError
from casekin.index import CaseIndex
from casekin.index.upkeep.backup import find_manifest
from casekin.index.upkeep.restore import restore_folder
from casekin.index.store.store import FILE_NAME
from casekin.index.upkeep.targets import FolderTarget
from made_stores import everything, stored_case

folder, kills = Path(sys.argv[1]), int(sys.argv[2])
rng, target, interrupted = np.random.default_rng(4), FolderTarget(folder / "backup"), 0
with CaseIndex(folder / "index", create=True) as index:
    index.put([stored_case(number) for number in range(320)])
    index.upkeep.back_up(target)
    before = everything(index)
number = 0
for kill in range(kills):
    restored = folder / f"restored-{number}"
    process = os.fork()
    if process == 0:
        restore_folder(target, find_manifest(target, None), restored)
        os._exit(0)
    time.sleep(float(rng.uniform(0.0, 0.25)))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    if (restored / FILE_NAME).exists():
        with CaseIndex(restored) as index:
            assert everything(index) == before and index.upkeep.check().is_sound
            assert len(index.site_key()) == 32
        number += 1
    else:
        interrupted += 1
        if rng.random() < 0.3:
            restore_folder(target, find_manifest(target, None), restored)
            with CaseIndex(restored) as index:
                assert everything(index) == before
            number += 1
print(json.dumps({"kills": kills, "interrupted": interrupted}))
"""


def test_a_killed_restore_leaves_no_index_or_a_whole_one_and_goes_on(tmp_path: Path) -> None:
    told = run_script(RESTORER, str(tmp_path), str(KILLS))
    assert told["interrupted"] > 0
