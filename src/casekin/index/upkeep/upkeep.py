"""What keeps an index whole: checks and repairs, backups, snapshots, erasure. One piece of work at a time."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

from casekin.errors import IndexStoreError
from casekin.index.store.connection import transaction
from casekin.index.store.merges import one_person
from casekin.index.store.schema import count_write, read_meta, write_meta
from casekin.index.upkeep.backup import BackupSummary, back_up, find_manifest, marks_of, remove_state
from casekin.index.upkeep.check import CheckReport, check_store, repair_store
from casekin.index.upkeep.files import Files
from casekin.index.upkeep.forget import forget_cases, is_unfinished, select_for_erasure
from casekin.index.upkeep.lock import maintenance
from casekin.index.upkeep.restore import restore_in_place
from casekin.index.upkeep.targets import FolderTarget, Target

_SNAPSHOTS = "snapshots"
_PLACES = "places"
_CARD = "model_card/"


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

    def back_up(
        self, target: Target, *, name: str | None = None, keep: int | None = None, files: Files = ()
    ) -> BackupSummary:
        """Write what a target lacks of the index as it is now, and of `files` beside it.

        `keep` drops all but the latest so many states. Searches and ingests go on. Raises `IndexStoreError` where the
        name is taken, the target holds another archive or fails, or another maintenance is at work.
        """
        with maintenance(self._folder):
            return back_up(self._db, key=self._site_key(), target=target, name=name, keep=keep, files=files)

    def snapshots(self) -> Target:
        """The target in the index folder itself: `back_up` into it makes a snapshot, `restore_snapshot` goes back."""
        return FolderTarget(self._folder / _SNAPSHOTS)

    def restore_snapshot(self, name: str) -> int:
        """Bring the index back to a snapshot in one transaction; returns how many chunks of cases differed.

        What was ingested since is gone afterwards, unless a snapshot holds it. Raises `IndexStoreError` where there is
        no such snapshot, it is damaged, or an erasure is unfinished: then nothing changes.
        """
        with maintenance(self._folder):
            if is_unfinished(self._db):
                raise IndexStoreError("snapshot: an erasure is unfinished; finish it with `casekin forget` first")
            return restore_in_place(self._db, self.snapshots(), find_manifest(self.snapshots(), name))

    def remove_snapshot(self, name: str) -> int:
        """Drop a snapshot; returns how many chunks no other one needs. Raises `IndexStoreError` where there is none."""
        with maintenance(self._folder):
            return remove_state(self.snapshots(), name)

    def places(self) -> list[str]:
        """Where this index was backed up to, as it was written: what an erasure has to ask."""
        return list(json.loads(read_meta(self._db, _PLACES) or "[]"))

    def note_place(self, place: str) -> None:
        """Remember where a backup went."""
        if place not in self.places():
            with transaction(self._db):
                write_meta(self._db, _PLACES, json.dumps(sorted({*self.places(), place})))
                count_write(self._db)

    def card_of(self, version: str) -> str | None:
        """Name, or path of the card, of a model whose vectors the index may hold; None where nobody said."""
        return read_meta(self._db, _CARD + version)

    def note_card(self, version: str, card: str) -> None:
        """Remember by what a model is loaded."""
        if card != self.card_of(version):
            with transaction(self._db):
                write_meta(self._db, _CARD + version, card)
                count_write(self._db)

    def select_for_erasure(
        self,
        *,
        patients: Collection[str] = (),
        case_ids: Collection[str] = (),
        ingested_before: datetime.date | None = None,
    ) -> list[str]:
        """Ids of the cases of these (pseudonymous) patients, with these ids, or ingested before a day (UTC); sorted.

        Raises `InputError` for a day to come, `IndexStoreError` where the clock has gone back since the last ingest.
        """
        return select_for_erasure(self._db, patients=patients, case_ids=case_ids, ingested_before=ingested_before)

    def one_person(self, patients: Collection[str]) -> set[str]:
        """All (pseudonymous) ids of these patients: their own, and those that were merged with them."""
        return one_person(self._db, patients)

    def marks_of(self, *, case_ids: Collection[str] = (), patients: Collection[str] = ()) -> frozenset[str]:
        """By which `states_with` finds the states of a backup that hold these cases and (pseudonymous) patients."""
        return marks_of(self._site_key(), case_ids=case_ids, patients=patients)

    def forget(
        self, case_ids: Collection[str], *, patients: Collection[str] = (), beside: Callable[[], None] | None = None
    ) -> None:
        """Erase cases, and all of these (pseudonymous) patients, from every file of the index, snapshots too.

        `beside` erases what lies beside the index, before a backup can begin. An erasure that was interrupted is
        finished. The whole file is written anew. Raises `IndexStoreError` where a reader is in the way: then the cases
        are gone from every answer, and the same call finishes the rest.
        """
        with maintenance(self._folder):
            found = {*case_ids, *(self.select_for_erasure(patients=patients) if patients else ())}
            marks = self.marks_of(case_ids=found, patients=patients)
            forget_cases(self._db, self._folder, self.snapshots(), found, marks=marks, key=self._site_key())
            if beside is not None:
                beside()
