"""Small made indexes to evaluate: random vectors and findings, pictures of noise, no encoder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.index import CaseIndex, IndexedCase
from casekin.index.records import GLOBAL
from casekin.types import Box, Fact, Place
from made_cases import made_case, made_fact, made_image, unit_vector

FACTS = (
    made_fact("pneumothorax", "pleural_space", "left", severity="mild"),
    made_fact("pneumothorax", "pleural_space", "right"),
    made_fact("consolidation", "lower_lobe", "left"),
    made_fact("consolidation", "lower_lobe", "right", "uncertain"),
    made_fact("nodule", "upper_lobe", "right", severity="severe"),
    made_fact("cardiomegaly", "cardiac_silhouette"),
    made_fact("pleural_effusion", "pleural_space", None, "absent"),
    made_fact("consolidation", "lung", None, "absent"),
)
NORMAL = (Place(anatomy="cardiac_silhouette"), Place(anatomy="mediastinum"), Place(anatomy="lung", side="left"))
BOXES = {str(place): Box(x0=10, y0=10, x1=60, y1=70) for place in LOCATIONS}


def noise(seed: int) -> bytes:
    """A JPEG of 80 x 100 pixels that resembles no other seed's."""
    pixels = np.random.default_rng(seed).integers(0, 256, (25, 20), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((80, 100), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def made_cases(count: int = 30, *, seed: int = 0) -> Iterator[IndexedCase]:
    """Cases `c00`, `c01` …, two a patient, each with one to three of the findings and one or two images."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        chosen: list[Fact] = [FACTS[i] for i in sorted(rng.choice(len(FACTS), rng.integers(1, 4), replace=False))]
        images = []
        for k in range(1 + number % 2):
            vectors = {name: unit_vector(rng) for name in (GLOBAL, *map(str, LOCATIONS))}
            made = made_image(vectors, content=f"{number}-{k}", boxes=BOXES)
            images.append(replace(made, preview=noise(100 * seed + 2 * number + k)))
        yield made_case(
            f"c{number:02d}",
            patient=f"p{number // 2}",
            images=images,
            modality="DX",
            view=("PA", "AP")[number % 3 == 0],
            sex="FM"[number // 2 % 2],
            age=float(30 + number),
            extra={"scanner": "A" if number % 5 else "B", "split": "train", "weight": 70},
            report=" ".join(fact.finding for fact in chosen),
            facts=tuple(chosen),
            normal_anatomies=(NORMAL[number % 3],) if number % 2 else (),
        )


def made_index(folder: Path, cases: list[IndexedCase] | None = None, **changes: Any) -> CaseIndex:
    """An open index of these cases, or of `made_cases`; `changes` maps a case id to fields that are replaced."""
    index = CaseIndex(folder, create=True)
    kept = list(made_cases()) if cases is None else cases
    index.put([replace(case, **changes.get(case.case_id, {})) for case in kept])
    return index
