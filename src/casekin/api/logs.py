"""The service's log on stderr: one line an event, as text or as JSON."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Literal

LogForm = Literal["text", "json"]
_NAMED = re.compile(r"(\w+)=%(?:\.\d+)?[sdrf]")


class JsonLines(logging.Formatter):
    """One JSON object a line: `time` (UTC, ISO 8601), `level`, `logger`, and the event's own `key=value` pairs.

    Words before the pairs stand under `event`; a line without pairs stands under `message`. Values keep their types
    where JSON has them. Tracebacks are left out: they may quote what was sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        names, values = _NAMED.findall(str(record.msg)), record.args
        if isinstance(values, tuple) and names and len(names) == len(values):
            if words := str(record.msg).partition(f"{names[0]}=")[0].strip(" :"):
                entry["event"] = words
            entry.update({name: _plain(value) for name, value in zip(names, values, strict=True)})
        else:
            entry["message"] = record.getMessage()
        return json.dumps(entry, ensure_ascii=False)


def configure_logs(form: LogForm = "text") -> None:
    """Send what casekin tells, from INFO on, and warnings of libraries to stderr, in one form."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else plain)
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("casekin").setLevel(logging.INFO)


def _plain(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value if isinstance(value, int | None) else str(value)
