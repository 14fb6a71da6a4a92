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
    `dicomweb_token` (`CASEKIN_DICOMWEB_TOKEN`): bearer token for a DICOMweb server; never shown.
    `dicomweb_user` (`CASEKIN_DICOMWEB_USER`): or a name for it.
    `dicomweb_password` (`CASEKIN_DICOMWEB_PASSWORD`): the name's password; never shown.
    `dicomweb_authority` (`CASEKIN_DICOMWEB_AUTHORITY`): certificates to trust instead of the system's, a PEM file.
    """

    workers: int
    real_data: Path | None
    reader_key: str | None = field(default=None, repr=False)
    dicomweb_token: str | None = field(default=None, repr=False)
    dicomweb_user: str | None = None
    dicomweb_password: str | None = field(default=None, repr=False)
    dicomweb_authority: Path | None = None


def read_settings() -> Settings:
    """Read the environment once, at the door that needs it."""
    real_data = os.environ.get("CASEKIN_REAL_DATA")
    workers = os.environ.get("CASEKIN_WORKERS", "")
    return Settings(
        workers=int(workers) if workers.isdigit() and int(workers) > 0 else os.cpu_count() or 1,
        real_data=Path(real_data) if real_data else None,
        reader_key=os.environ.get("CASEKIN_READER_KEY") or None,
        dicomweb_token=os.environ.get("CASEKIN_DICOMWEB_TOKEN") or None,
        dicomweb_user=os.environ.get("CASEKIN_DICOMWEB_USER") or None,
        dicomweb_password=os.environ.get("CASEKIN_DICOMWEB_PASSWORD") or None,
        dicomweb_authority=Path(authority) if (authority := os.environ.get("CASEKIN_DICOMWEB_AUTHORITY")) else None,
    )


def forbid_ray_reports() -> None:
    """Tell Ray, before it is loaded, not to report its use to its makers; what the environment says stands."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
