"""Migration: the same archive behind another engine, also when it is killed, and when the source goes on growing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from casekin.cli import run
from casekin.errors import IndexStoreError, InputError
from casekin.index import Term, open_index
from casekin.index.upkeep.transfer import Transfer
from casekin.journeys.migrate import migrate_index
from made_cases import made_case
from made_indexes import made_cases, made_index

KILLED = """
import os, signal, sys
from casekin.index.upkeep.transfer import Transfer
from casekin.journeys import migrate
write, left = Transfer.write, [int(sys.argv[3])]
migrate._WRITTEN_CHUNKS = 1
def killed(self, chunks, *, settings):
    write(self, chunks, settings=settings)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
Transfer.write = killed
migrate.migrate_index(sys.argv[1], sys.argv[2])
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An index of 70 cases in several chunks, a joined report and a model that is being built among them."""
    with made_index(tmp_path / "source", list(made_cases(70))) as index:
        index.put_report("c05", report="Joined.", facts=(), normal=(), sentences=("Joined.",))
        index.put([], remove=["c69"])
        index.put_embeddings([image for case in made_cases(3) for image in case.images], model_version="m2")
        index.site_key()
    return tmp_path / "source"


def answers(where: Path | str) -> list[tuple[list[int], list[float]]]:
    """Image ids and exact scores that the index gives for some questions."""
    rng = np.random.default_rng(1)
    found = []
    with open_index(where) as index:
        for name in ("global", "left_lung", "mediastinum"):
            term = Term(region=name, vector=rng.normal(size=8).astype(np.float32), weight=1.0)
            *_, wave = index.nearest([term], allowed_cases=None)
            scores = index.similarities([term], wave.image_ids)[:, 0]
            order = np.lexsort((wave.image_ids, -scores))[:100]
            found.append((wave.image_ids[order].tolist(), scores[order].tolist()))
    return found


def states(where: Path | str) -> tuple[dict[int, str], list[object]]:
    with open_index(where) as index:
        return index.transfer.states(), list(index.models())


def kill_in_the_middle(source: object, target: object, *, after: int) -> None:
    """Migrate in a process that is killed after so many chunks."""
    argv = [sys.executable, "-c", KILLED, str(source), str(target), str(after)]
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(argv, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_an_index_moves_to_a_server_and_back_and_answers_the_same(source: Path, tmp_path: Path, milvus: str) -> None:
    address = f"milvus://{milvus}/there_and_back"
    assert migrate_index(source, address).written == len(states(source)[0])
    assert states(address) == states(source)
    assert answers(address) == answers(source)
    migrate_index(address, tmp_path / "back")
    assert states(tmp_path / "back") == states(source)
    assert answers(tmp_path / "back") == answers(source)
    with open_index(source) as old, open_index(tmp_path / "back") as new, open_index(address) as far:
        assert old.site_key() == new.site_key() == far.site_key()
        assert new.upkeep.check().is_sound and far.upkeep.check().is_sound
        assert list(new.images([1])) == list(old.images([1])) == list(far.images([1]))


def test_a_killed_migration_to_a_server_goes_on_where_it_stopped(source: Path, milvus: str) -> None:
    address = f"milvus://{milvus}/killed"
    kill_in_the_middle(source, address, after=1)
    assert migrate_index(source, address).written == len(states(source)[0]) - 1
    assert states(address) == states(source)
    with open_index(address) as index:
        assert index.upkeep.check().is_sound


def test_a_killed_migration_between_folders_goes_on_where_it_stopped(source: Path, tmp_path: Path) -> None:
    kill_in_the_middle(source, tmp_path / "target", after=2)
    assert migrate_index(source, tmp_path / "target").written == len(states(source)[0]) - 2
    assert states(tmp_path / "target") == states(source)
    assert answers(tmp_path / "target") == answers(source)


def test_what_the_source_takes_meanwhile_is_caught_up_with(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = []

    def read(self: Transfer, number: int) -> bytes:
        chunk = original(self, number)
        if not moved:
            with open_index(source) as index:
                index.put([made_case("late")], remove=["c03"])
        moved.append(number)
        return chunk

    original = Transfer.read
    monkeypatch.setattr("casekin.journeys.migrate._LAST_ROUND", 1)
    monkeypatch.setattr(Transfer, "read", read)
    migrate_index(source, tmp_path / "target")
    assert states(tmp_path / "target") == states(source)
    with open_index(tmp_path / "target") as index:
        assert list(index.cases(["late", "c03"])) == ["late"]


def test_a_damaged_case_is_named_and_not_moved(source: Path, tmp_path: Path) -> None:
    with open_index(source) as index, index.writing():
        index._db.execute("UPDATE images SET preview = x'00' WHERE image_id = 4")
    with pytest.raises(IndexStoreError, match="number 3 is damaged"):
        migrate_index(source, tmp_path / "target")


def test_an_index_of_another_archive_is_not_written_into(source: Path, tmp_path: Path) -> None:
    made_index(tmp_path / "other", list(made_cases(2))).close()
    with pytest.raises(InputError, match="same archive"):
        migrate_index(source, tmp_path / "other")
    with pytest.raises(InputError, match="another place"):
        migrate_index(source, source)


def test_the_command_says_what_it_moved(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", str(source), str(tmp_path / "target"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    chunks = len(states(source)[0])
    assert (told["cases"], told["written"], told["chunks"]) == (69, chunks, chunks)
