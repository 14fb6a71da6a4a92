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
    `fhir_token` (`CASEKIN_FHIR_TOKEN`): bearer token for a FHIR server; never shown.
    `fhir_user` (`CASEKIN_FHIR_USER`): or a name for it.
    `fhir_password` (`CASEKIN_FHIR_PASSWORD`): the name's password; never shown.
    `fhir_authority` (`CASEKIN_FHIR_AUTHORITY`): certificates to trust instead of the system's, a PEM file.
    """

    workers: int
    real_data: Path | None
    reader_key: str | None = field(default=None, repr=False)
    dicomweb_token: str | None = field(default=None, repr=False)
    dicomweb_user: str | None = None
    dicomweb_password: str | None = field(default=None, repr=False)
    dicomweb_authority: Path | None = None
    fhir_token: str | None = field(default=None, repr=False)
    fhir_user: str | None = None
    fhir_password: str | None = field(default=None, repr=False)
    fhir_authority: Path | None = None


def read_settings() -> Settings:
    """Read the environment once, at the door that needs it."""
    workers = os.environ.get("CASEKIN_WORKERS", "")
    return Settings(
        workers=int(workers) if workers.isdigit() and int(workers) > 0 else os.cpu_count() or 1,
        real_data=_path("CASEKIN_REAL_DATA"),
        reader_key=os.environ.get("CASEKIN_READER_KEY") or None,
        dicomweb_token=os.environ.get("CASEKIN_DICOMWEB_TOKEN") or None,
        dicomweb_user=os.environ.get("CASEKIN_DICOMWEB_USER") or None,
        dicomweb_password=os.environ.get("CASEKIN_DICOMWEB_PASSWORD") or None,
        dicomweb_authority=_path("CASEKIN_DICOMWEB_AUTHORITY"),
        fhir_token=os.environ.get("CASEKIN_FHIR_TOKEN") or None,
        fhir_user=os.environ.get("CASEKIN_FHIR_USER") or None,
        fhir_password=os.environ.get("CASEKIN_FHIR_PASSWORD") or None,
        fhir_authority=_path("CASEKIN_FHIR_AUTHORITY"),
    )


def _path(name: str) -> Path | None:
    told = os.environ.get(name)
    return Path(told) if told else None


def forbid_ray_reports() -> None:
    """Tell Ray, before it is loaded, not to report its use to its makers; what the environment says stands."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
