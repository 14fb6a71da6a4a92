"""What inputs are read against: a small archive and a picture."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from PIL import Image

_REPORT = "Small left pleural effusion. No pneumothorax."


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (24, 20), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


@cache
def archive(folder: Path) -> Any:
    """An index of two cases beside `folder`, the same each time; they have reports and no images."""
    return new_archive(folder)


def new_archive(folder: Path) -> Any:
    """Another such index."""
    from casekin.index import CaseIndex, IndexedCase
    from casekin.reports import read_report

    index = CaseIndex(Path(mkdtemp(prefix="archive-", dir=folder.parent)) / "index", create=True)
    facts = tuple(read_report(_REPORT).facts)
    index.put(
        [
            IndexedCase(
                case_id=f"c-{number}", patient_id=f"p{number}", patient=f"p{number}", sex="F", age=50.0 + number,
                report=_REPORT, facts=facts, stamp="made", model_version="made",
            )
            for number in (1, 2)
        ]
    )  # fmt: skip
    return index
