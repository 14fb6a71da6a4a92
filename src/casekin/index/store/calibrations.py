"""What was calibrated on an archive: named records beside its settings, each bound to the model it was made with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from casekin.index.store.connection import transaction
from casekin.index.store.models import active_model
from casekin.index.store.schema import count_write, read_meta, write_meta

CALIBRATION_KEYS = "calibration/"
"""What the `meta` keys of calibrations begin with."""


def read_calibration(connection: sqlite3.Connection, kind: str, name: str) -> Mapping[str, Any] | None:
    """The record under a name; None where there is none, or it was made with another model than the active one."""
    active = active_model(connection, kind)
    text = read_meta(connection, _key(kind, name))
    if active is None or text is None:
        return None
    stored: dict[str, Any] = json.loads(text)
    return stored["record"] if stored["model_version"] == active[1] else None


def write_calibration(connection: sqlite3.Connection, kind: str, name: str, record: Mapping[str, Any]) -> None:
    """Keep a record under a name, in place of the one before, bound to the active model of the kind."""
    with transaction(connection):
        active = active_model(connection, kind)
        stored = {"model_version": None if active is None else active[1], "record": record}
        write_meta(connection, _key(kind, name), json.dumps(stored, sort_keys=True, separators=(",", ":")))
        count_write(connection)


def _key(kind: str, name: str) -> str:
    return f"{CALIBRATION_KEYS}{kind}/{name}"
