"""Random operations with restarts leave an index exactly as they leave a plain dictionary."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from casekin.index import CaseIndex
from casekin.index.upkeep.targets import FolderTarget
from made_operations import KEPT, Plain, draw, expected, observe, observe_kept, perform, snapshot_names

OPERATIONS = 200_000 if "CASEKIN_TEST_THOROUGH" in os.environ else 2_000
LOOK_EVERY = 25


def test_random_operations_agree_with_a_plain_dictionary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.index.search.derived._LEAST_KEPT", 4)
    rng, plain, target = np.random.default_rng(6), Plain(), FolderTarget(tmp_path / "backup")
    index = CaseIndex(tmp_path / "index", create=True)
    index._db.execute("PRAGMA synchronous = OFF")
    for step in range(1, OPERATIONS + 1):
        operation = draw(rng, plain, step)
        index = perform(index, operation, target)
        plain = plain.applied(operation)
        if operation.verb in ("reopen", "go_back", "forget", "activate") or step % LOOK_EVERY == 0:
            assert observe(index) == expected(plain.state), (step, operation)
            assert snapshot_names(index) == sorted(plain.snapshots), (step, operation)
    assert index.upkeep.check().is_sound
    assert observe_kept(target, tmp_path / "scratch") == [expected(state) for state in plain.backups[-KEPT:]]
    index.close()
