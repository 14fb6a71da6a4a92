"""The upkeep of an index on a server: checks and erasure. Snapshots and backups are the server's own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from casekin.errors import IndexStoreError
from casekin.index.cluster.check import check_cluster, repair_cluster
from casekin.index.cluster.replica import Replica
from casekin.index.store.connection import transaction
from casekin.index.store.merges import drop_merges
from casekin.index.store.schema import count_write, renew_store_id
from casekin.index.store.writes import delete_case
from casekin.index.upkeep.backup import BackupSummary
from casekin.index.upkeep.check import CheckReport
from casekin.index.upkeep.files import Files
from casekin.index.upkeep.targets import Target
from casekin.index.upkeep.upkeep import Upkeep


class ClusterUpkeep(Upkeep):
    """See `CaseIndex.upkeep`."""

    def __init__(self, replica: Replica, site_key: Callable[[], bytes]) -> None:
        super().__init__(replica, Path(), site_key)
        self._replica = replica

    def check(self) -> CheckReport:
        """Read all that is on the server and compare it with what was written: minutes for a large index."""
        return check_cluster(self._replica)

    def repair(self, report: CheckReport) -> tuple[str, ...]:
        """Put damaged cases into quarantine and delete what belongs to no case; returns what was done."""
        return repair_cluster(self._replica, report)

    def forget(
        self, case_ids: Collection[str], *, patients: Collection[str] = (), beside: Callable[[], None] | None = None
    ) -> None:
        """Erase cases, and all of these (pseudonymous) patients, with every version of them, and what lies beside.

        A killed erasure is finished by whoever writes next. The server frees the space when it next compacts.
        """
        with transaction(self._replica):
            found = {*case_ids, *(self.select_for_erasure(patients=patients) if patients else ())}
            for case_id in sorted(found):
                query = "SELECT case_no FROM cases WHERE case_id = ?"
                for (case_no,) in self._replica.execute(query, (case_id,)).fetchall():
                    delete_case(self._replica, case_no, verb="forget")
            drop_merges(self._replica)
            self._replica.erase_replaced()
            renew_store_id(self._replica)
            count_write(self._replica)
        if beside is not None:
            beside()

    def back_up(
        self, target: Target, *, name: str | None = None, keep: int | None = None, files: Files = ()
    ) -> BackupSummary:
        """Raises `IndexStoreError`: back the server up with its own tools."""
        raise _servers_own("backup")

    def note_place(self, place: str) -> None:
        """Raises `IndexStoreError`: back the server up with its own tools."""
        raise _servers_own("backup")

    def snapshots(self) -> Target:
        """Raises `IndexStoreError`: back the server up with its own tools."""
        raise _servers_own("snapshot")

    def restore_snapshot(self, name: str) -> int:
        """Raises `IndexStoreError`: back the server up with its own tools."""
        raise _servers_own("snapshot")

    def remove_snapshot(self, name: str) -> int:
        """Raises `IndexStoreError`: back the server up with its own tools."""
        raise _servers_own("snapshot")


def _servers_own(verb: str) -> IndexStoreError:
    return IndexStoreError(
        f"{verb}: expected an index in a folder, got one on a server; use the server's own tools, or "
        "`casekin migrate` it into a folder first"
    )
