"""The simulated archive: patients, diseases, bodies, images, reports and their truth, all from one seed.

Used by the demo, the tests and the benchmarks. What is simulated and what is not: `docs/concepts/simulated-archive.md`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekin.world.archive import ArchiveSummary, write_archive

__all__ = ["ArchiveSummary", "write_archive"]


def __getattr__(name: str) -> Any:
    """Load the archive's writer, and with it pydicom and nibabel, only when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("casekin.world.archive"), name)
