"""The hand-labelled reports, as training's tests read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "reports" / "labelled"


def labelled_rows(author: str, *, count: int) -> list[dict[str, Any]]:
    """The first reports of one author (a, b, c or d)."""
    lines = (FOLDER / f"authors_{author}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:count]]
