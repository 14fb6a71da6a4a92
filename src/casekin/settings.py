"""The only reader of the environment: every setting has a name, a default and a meaning."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment may change.

    `workers` (`CASEKIN_WORKERS`): processes that decode and encode; default the processor count.
    `real_data` (`CASEKIN_REAL_DATA`): folder with real images and reports for measuring; None skips what needs it.
    `reader_key` (`CASEKIN_READER_KEY`): key that a report-reading server asks for; never shown; None sends none.
    """

    workers: int
    real_data: Path | None
    reader_key: str | None = field(default=None, repr=False)


def read_settings() -> Settings:
    """Read the environment once, at the door that needs it."""
    real_data = os.environ.get("CASEKIN_REAL_DATA")
    workers = os.environ.get("CASEKIN_WORKERS", "")
    return Settings(
        workers=int(workers) if workers.isdigit() and int(workers) > 0 else os.cpu_count() or 1,
        real_data=Path(real_data) if real_data else None,
        reader_key=os.environ.get("CASEKIN_READER_KEY") or None,
    )


def forbid_ray_reports() -> None:
    """Tell Ray, before it is loaded, not to report its use to its makers; what the environment says stands."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
