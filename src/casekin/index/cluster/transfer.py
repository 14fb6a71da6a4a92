"""One end of a move that lies on a server: rows are completed with what only the server holds."""

from __future__ import annotations

from contextlib import AbstractContextManager

from casekin.index.cluster.check import images_between
from casekin.index.cluster.replica import Replica
from casekin.index.upkeep.transfer import Transfer, span_of


class ClusterTransfer(Transfer):
    """See `CaseIndex.transfer`."""

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        self._replica = replica

    def _whole(self, number: int) -> AbstractContextManager[None]:
        images = images_between(self._replica, *span_of(number))
        return self._replica.filled(images, vectors=True, every_model=True)
