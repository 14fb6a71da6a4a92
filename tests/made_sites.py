"""Sites of several tenants: copies of a small index, each with a state folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path


def copied_index(index: Path, to: Path) -> Path:
    """A copy of an index without what its site kept."""
    shutil.copytree(index, to, ignore=shutil.ignore_patterns("site", "*.lock"))
    return to
