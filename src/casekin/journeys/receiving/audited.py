"""Who sent what by DICOM and HL7, and who was refused, in the audit log of the site that receives."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Literal

from casekin.errors import SiteError
from casekin.site.audit import AuditEvent, AuditLog
from casekin.site.books import Books

_log = logging.getLogger(__name__)
Route = Literal["C-STORE", "HL7"]
NOBODY = "-"
_WITHIN_S = 60.0
_MOST_STUDIES = 10_000
_MOST_REFUSALS = 20
"""Of a minute: a flood of strangers would fill the log."""


class ReceivingLog:
    """What comes in by one route. Any thread may call."""

    def __init__(self, books: Books, route: Route, *, tenant: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._route, self._tenant, self._clock = AuditLog(books), route, tenant, clock
        self._lock = Lock()
        self._studies: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._refused: list[float] = []

    def received_study(self, sender: str, case_id: str) -> None:
        """Something of a study came; a CT's hundreds of slices are one record a minute. Raises `SiteError`."""
        key, now = (sender, case_id), self._clock()
        with self._lock:
            if now - self._studies.get(key, -_WITHIN_S) < _WITHIN_S:
                return
        self._append("receive", sender, (case_id,))
        with self._lock:
            self._studies[key] = now
            self._studies.move_to_end(key)
            while len(self._studies) > _MOST_STUDIES:
                self._studies.popitem(last=False)

    def received(self, sender: str) -> None:
        """A message came. Raises `SiteError`."""
        self._append("receive", sender)

    def refused(self) -> None:
        """Somebody was not let in; who they say they are isn't proven."""
        now = self._clock()
        with self._lock:
            self._refused = [one for one in self._refused if now - one < _WITHIN_S]
            if len(self._refused) == _MOST_REFUSALS:
                return
            self._refused.append(now)
        try:
            self._append("denied", NOBODY, detail="denied")
        except SiteError as error:  # refused it is all the same
            _log.error("audit error=%s", type(error).__name__)

    def _append(self, event: str, subject: str, objects: tuple[str, ...] = (), *, detail: str = "") -> None:
        told = AuditEvent(
            event=event, subject=subject, tenant=self._tenant, route=self._route, objects=objects, detail=detail
        )
        self._log.append(told)
