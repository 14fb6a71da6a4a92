"""What keeps an index whole: checks and repairs, backups, snapshots, erasure. One piece of work at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from casekin.index.backup import BackupSummary, back_up, find_manifest, remove_state
from casekin.index.check import CheckReport, check_store, repair_store
from casekin.index.lock import maintenance
from casekin.index.restore import restore_in_place
from casekin.index.targets import FolderTarget, Target

_SNAPSHOTS = "snapshots"


class Upkeep:
    """The upkeep of an open index; see `CaseIndex.upkeep`."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, site_key: Callable[[], bytes]) -> None:
        self._db = connection
        self._folder = folder
        self._site_key = site_key

    def check(self) -> CheckReport:
        """Read all that is stored and compare it with what was written: minutes for a large index."""
        return check_store(self._folder)

    def repair(self, report: CheckReport) -> tuple[str, ...]:
        """Mend what a check found: indexes and derived files are made anew, damaged cases put into quarantine.

        A case in quarantine is in no answer until its source is ingested again. Returns what was done. Raises
        `IndexStoreError` where only a backup helps.
        """
        return repair_store(self._folder, report)

    def back_up(self, target: Target, *, name: str | None = None, keep: int | None = None) -> BackupSummary:
        """Write what a target lacks of the index as it is now; `keep` drops all but the latest so many states.

        Searches and ingests go on. Raises `IndexStoreError` where the name is taken, the target holds another archive
        or fails, or another maintenance is at work.
        """
        with maintenance(self._folder):
            return back_up(self._db, key=self._site_key(), target=target, name=name, keep=keep)

    def snapshots(self) -> Target:
        """The target in the index folder itself: `back_up` into it makes a snapshot, `restore_snapshot` goes back."""
        return FolderTarget(self._folder / _SNAPSHOTS)

    def restore_snapshot(self, name: str) -> int:
        """Bring the index back to a snapshot in one transaction; returns how many chunks of cases differed.

        What was ingested since is gone afterwards, unless a snapshot holds it. Raises `IndexStoreError` where there is
        no such snapshot, or it is damaged: then nothing changes.
        """
        with maintenance(self._folder):
            return restore_in_place(self._db, self.snapshots(), find_manifest(self.snapshots(), name))

    def remove_snapshot(self, name: str) -> int:
        """Drop a snapshot; returns how many chunks no other one needs. Raises `IndexStoreError` where there is none."""
        with maintenance(self._folder):
            return remove_state(self.snapshots(), name)
