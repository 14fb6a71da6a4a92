"""A clock that is set back or ahead: nothing is lost, nothing is erased too soon, and no answer changes."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

import casekin
from casekin.errors import IndexStoreError
from casekin.index import CaseIndex
from casekin.index.store import writes
from made_processes import run_script
from made_stores import stored_case

TODAY = datetime.datetime.now(datetime.UTC).date()
JUMPING = """
import json, os, sys, time
from pathlib import Path
import numpy as np
from casekin.index import CaseIndex
from casekin.index.search import derived
from casekin.index.upkeep.backup import read_manifests
from casekin.index.upkeep.targets import FolderTarget
from made_operations import KEPT, VERBS, Plain, draw, expected, observe, observe_kept, perform, snapshot_names

derived._LEAST_KEPT = 4
DAY = 86_400
folder, rng, plain, moments = Path(sys.argv[1]), np.random.default_rng(3), Plain(), []
weights = {**VERBS, "snapshot": 30, "back_up": 40, "go_back": 10, "forget": 10}
target, index = FolderTarget(folder / "backup"), CaseIndex(folder / "index", create=True)
for step in range(1, 300):
    os.environ["FAULT_SECONDS"] = str(rng.choice([-365 * DAY, -DAY, 0, DAY, 365 * DAY]))
    moments.append(time.time())
    operation = draw(rng, plain, step, weights)
    index = perform(index, operation, target)
    plain = plain.applied(operation)
    assert snapshot_names(index) == sorted(plain.snapshots), (step, operation)
    assert step % 20 or observe(index) == expected(plain.state), (step, operation)
assert index.upkeep.check().is_sound
assert observe_kept(target, folder / "scratch") == [expected(state) for state in plain.backups[-KEPT:]]
print(json.dumps({
    "span_days": (max(moments) - min(moments)) / DAY,
    "backups": len(plain.backups), "last": read_manifests(target)[-1].number,
}))
"""


def test_operations_under_a_jumping_clock_agree_with_a_plain_dictionary(faults: Path, tmp_path: Path) -> None:
    told = run_script(JUMPING, str(tmp_path), LD_PRELOAD=str(faults))
    assert told["span_days"] > 700
    assert told["last"] == told["backups"] > 10


def set_clock(monkeypatch: pytest.MonkeyPatch, day: datetime.date) -> None:
    """What the store takes for now."""

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Clock:
            return cls(day.year, day.month, day.day, 12, tzinfo=tz)

    monkeypatch.setattr(writes.datetime, "datetime", Clock)


@pytest.mark.parametrize("wrong", [datetime.date(1970, 1, 1), TODAY - datetime.timedelta(days=365)])
def test_a_case_that_came_while_the_clock_was_back_is_not_erased_too_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: datetime.date
) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        if wrong.year > 2000:  # else the first case of all comes then
            index.put([stored_case(1)])
        set_clock(monkeypatch, wrong)
        index.put([stored_case(2)])
        monkeypatch.undo()
        earlier = min(TODAY - datetime.timedelta(days=30), datetime.date.fromisoformat(writes._FIRST_DAY))
        assert index.upkeep.select_for_erasure(ingested_before=earlier) == []
        assert index.upkeep.check().is_sound


def test_after_a_clock_was_ahead_an_erasure_by_day_is_refused_and_one_by_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([stored_case(1)])
        set_clock(monkeypatch, TODAY + datetime.timedelta(days=365))
        index.put([stored_case(2)])
        monkeypatch.undo()
        with pytest.raises(IndexStoreError, match="set the clock, or name cases"):
            index.upkeep.select_for_erasure(ingested_before=TODAY)
        assert index.upkeep.select_for_erasure(case_ids=["case-1"]) == ["case-1"]


def test_the_wall_clock_decides_about_an_archive_only_for_a_day_of_ingest_retention_and_the_date_of_an_export() -> None:
    """Doors and what the site keeps tell times of events; nothing that makes, keeps or answers from an index does."""
    root = Path(casekin.__file__).parent
    timed = {"api", "cli", "listener", "site", "web", "journeys/jobs.py", "journeys/receive.py", "journeys/receiving"}
    clocks = re.compile(r"datetime\.now|utcnow|\.today\(|time\.time\(|time_ns\(|localtime|gmtime|CURRENT_|'now'")
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if clocks.search(path.read_text("utf-8"))}
    found = {name for name in found if not any(name == part or name.startswith(f"{part}/") for part in timed)}
    assert found == {"index/store/writes.py", "index/upkeep/forget.py", "journeys/draft_files.py"}
