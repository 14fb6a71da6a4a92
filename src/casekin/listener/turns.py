"""What was received becomes cases while the receivers go on: a look every second, a turn when something is due."""

from __future__ import annotations

import logging
import threading
import time

from casekin.errors import CasekinError
from casekin.journeys.receive import QUIET_S, Site, is_due, store_received

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 1.0
_TIDY_EVERY_S = 600.0
_LONGEST_PAUSE_S = 60.0
"""After a turn that failed the next ones come at longer and longer intervals, up to this."""


def take_turns(site: Site, stop: threading.Event, *, quiet_s: float = QUIET_S) -> None:
    """Work until `stop` is set; what fails is logged by its class and tried again."""
    pause, tidied = _LOOK_EVERY_S, 0.0
    while not stop.wait(pause):
        now = time.time()
        try:
            if is_due(site, now=now, quiet_s=quiet_s) or now - tidied > _TIDY_EVERY_S:
                store_received(site, now=now, quiet_s=quiet_s)
                tidied = now
            pause = _LOOK_EVERY_S
        except (CasekinError, OSError) as error:
            _log.error("turn error=%s", type(error).__name__)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
