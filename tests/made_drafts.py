"""A made archive to draft from: films with an effusion on the left, on the right, or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekin.anatomy import LOCATIONS
from casekin.index import CaseIndex, IndexedCase
from casekin.index.records import GLOBAL
from casekin.reports import read_report
from casekin.types import Box, Side
from made_cases import made_case, made_image

FINDINGS = ("pleural_effusion", "pneumothorax")
"""What the first numbers of the made vectors tell of."""
_BOX = {str(place): Box(x0=10, y0=10, x1=60, y1=70) for place in LOCATIONS}
_NOTHING = "There is no pleural effusion. "
_EFFUSION = (
    "There is a {side} pleural effusion. ",
    "A moderate {side} pleural effusion is present, unchanged from the prior examination. ",
    "There is a {side} pleural effusion measuring 34 mm. ",
    "Pt's {side} pleural effusion, d/w Dr. Smith. ",
)
_ENDINGS = ("No pneumothorax. The heart size is normal.", "There is no pneumothorax. Heart size is normal.")


def made_report(side: Side | None, number: int) -> str:
    """What a made case's report says."""
    told = _NOTHING if side is None else _EFFUSION[number % len(_EFFUSION)].format(side=side)
    return told + _ENDINGS[number % len(_ENDINGS)]


def made_film(case_id: str, side: Side | None, number: int, *, patient: str | None = None) -> IndexedCase:
    """A case whose picture shows an effusion at the places of one side, or nowhere, and says so."""
    rng = np.random.default_rng(number)
    vectors = {}
    for name in (GLOBAL, *map(str, LOCATIONS)):
        shown = 0.9 if side is not None and name.startswith(side) else 0.02
        look = rng.normal(scale=0.01, size=4)
        vectors[name] = np.array([shown + rng.normal(scale=0.01), 0.02, *look], dtype=np.float16)
    report = made_report(side, number)
    read = read_report(report)
    return made_case(
        case_id,
        patient=patient or f"p{case_id}",
        images=[made_image(vectors, content=case_id, boxes=_BOX)],
        modality="DX",
        report=report,
        facts=read.facts,
        normal_anatomies=read.normal_anatomies,
        sentences=tuple(sentence.text for sentence in read.sentences),
    )


def write_made_archive(folder: Path, *, each: int = 12) -> CaseIndex:
    """An open index of so many cases of each kind, one a patient: `l00` … left, `r00` … right, `n00` … nothing."""
    kinds: tuple[tuple[str, Side | None], ...] = (("l", "left"), ("r", "right"), ("n", None))
    cases = [
        made_film(f"{letter}{number:02d}", side, 100 * start + number)
        for start, (letter, side) in enumerate(kinds)
        for number in range(each)
    ]
    index = CaseIndex(folder, create=True)
    index.put(cases)
    return index
