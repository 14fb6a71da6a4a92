"""Collections of reports for tests of mining."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casekin.types import Fact

FINDINGS = ("pleural effusion", "pneumothorax", "consolidation", "atelectasis", "nodule")
SIDES = ("left", "right")


def report_rows(count: int) -> list[dict[str, Any]]:
    """Reports of patients with two reports each, no two of one wording."""
    rows = []
    for number in range(count):
        finding, side = FINDINGS[number % 5], SIDES[number // 5 % 2]
        told = f"Study {number}. {side.title()} {finding}. No {FINDINGS[(number + 2) % 5]}. Item {number * 7} noted."
        rows.append({"report_id": f"r{number}", "patient_id": f"p{number // 2}", "report": told})
    return rows


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def fact_of(record: dict[str, Any]) -> Fact:
    return Fact(**{**record, "span": tuple(record["span"])})
