"""One end of a move that lies on a server: rows are completed with what only the server holds."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from casekin.index.cluster.check import images_between
from casekin.index.cluster.replica import Replica
from casekin.index.upkeep.transfer import Transfer, span_of


class ClusterTransfer(Transfer):
    """See `CaseIndex.transfer`."""

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        self._replica = replica

    def _whole(self, numbers: Iterable[int]) -> AbstractContextManager[None]:
        images = [image_id for number in numbers for image_id in images_between(self._replica, *span_of(number))]
        return self._replica.filled(images, vectors=True, every_model=True)
