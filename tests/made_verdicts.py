"""A made archive to calibrate on: its pictures show three findings rightly most of the time, its reports state them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, overlaps
from casekin.imaging import FrontalMap, MedicalImage
from casekin.imaging.image import ImageHeader
from casekin.index import CaseIndex, IndexedCase
from casekin.index.records import GLOBAL
from casekin.models.film import FilmState
from casekin.models.geometry import Geometry
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.tokens import pack_tokens
from casekin.types import Box, Fact, Place
from made_cases import made_case, made_image

FINDINGS = ("consolidation", "nodule", "pneumothorax")
LEFT_BASE = Place(anatomy="lower_lung_zone", side="left")
SHOWN = (LEFT_BASE, Place(anatomy="upper_lung_zone", side="right"))
SOUND = FilmState(mirrored=0.0, turned_90=0.0, turned_180=0.0, turned_270=0.0, inverted=0.0, lateral=0.0, no_chest=0.0)
BOX = Box(x0=10, y0=10, x1=60, y1=70)
_DIM = 6


class Form:
    """Of a form of vectors, what packing and verdicts need."""

    findings = FINDINGS
    count = len(FINDINGS)
    sharpness = np.ones(len(FINDINGS), dtype=np.float32)


class Encoder:
    """A model in name and form."""

    version = "m1"
    form = Form()


@pytest.fixture(scope="module")
def few_questions() -> Iterator[None]:
    """Calibrations ask some hundred questions instead of thousands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casekin.journeys.calibrate._MOST_PLACED", 250)
        patch.setattr("casekin.journeys.calibrate._MOST_WHOLE", 110)
        patch.setattr("casekin.retrieval.compose.fit.QUESTIONS", 20)
        yield


def made_presence(rng: np.random.Generator, stated: str | None, *, rightly: float = 0.8) -> NDArray[np.float32]:
    """Presence of each finding: of the stated one high where the picture shows it rightly, else low."""
    presence = rng.uniform(0.0, 0.1, len(FINDINGS))
    if stated is not None and rng.uniform() < rightly:
        presence[FINDINGS.index(stated)] = rng.uniform(0.6, 1.0)
    return presence.astype(np.float32)


def made_tokens(rng: np.random.Generator, *, far: float = 0.0) -> NDArray[np.float32]:
    """Tokens of a picture whose mean look lies `far` from what is usual."""
    tokens = rng.normal(size=(4, 4, len(FINDINGS) + _DIM)).astype(np.float32)
    tokens[..., len(FINDINGS) :] += rng.normal(size=_DIM) + far
    return tokens


def made_vectors(presence: dict[Place, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Vectors of the whole and of every location: what is present at the places that it overlaps."""
    nothing = np.zeros(len(FINDINGS), dtype=np.float32)
    shown = {
        location: np.maximum.reduce([nothing, *(one for place, one in presence.items() if overlaps(place, location))])
        for location in LOCATIONS
    }
    return {str(place): found for place, found in shown.items()} | {GLOBAL: np.concatenate(list(shown.values()))}


def made_archive(count: int, *, seed: int = 0) -> list[IndexedCase]:
    """Cases of one picture, two a patient; each report states at most one finding at either of two locations."""
    rng = np.random.default_rng(seed)
    cases = []
    for number in range(count):
        facts, presence = [], {}
        for place in SHOWN:
            stated = (*FINDINGS, None)[int(rng.integers(4))]
            presence[place] = made_presence(rng, stated)
            if stated is not None:
                facts.append(Fact(finding=stated, anatomy=place.anatomy, side=place.side, polarity="present"))
        vectors = {name: vector.astype(np.float16) for name, vector in made_vectors(presence).items()}
        image = made_image(vectors, content=f"{seed}-{number}", boxes={str(place): BOX for place in LOCATIONS})
        image = replace(image, tokens=pack_tokens(made_tokens(rng), Encoder.form))  # type: ignore[arg-type]
        cases.append(
            made_case(
                f"s{seed}-{number:04d}",
                patient=f"p{seed}-{number // 2}",
                images=[image],
                report="x",
                facts=tuple(facts),
            )
        )
    return cases


def made_index(folder: Path, count: int) -> Path:
    """An index of `made_archive(count)`."""
    with CaseIndex(folder, create=True) as index:
        index.put(made_archive(count))
    return folder


def made_query(
    presence: dict[Place, NDArray[np.float32]], *, film: FilmState | None = SOUND, far: float = 0.0, seed: int = 1
) -> EncodedFile:
    """A question's image as its encoder would give it."""
    vectors = made_vectors(presence)
    encoded: Any = SimpleNamespace(
        region_vectors={place: vectors[str(place)] for place in LOCATIONS},
        global_vector=vectors[GLOBAL],
        boxes=dict.fromkeys(LOCATIONS, BOX),
        tokens=made_tokens(np.random.default_rng(seed), far=far),
        geometry=Geometry(height=100, width=80, input_size=4, grid=4),
        form=Encoder.form,
        film=film,
    )
    image = MedicalImage(
        pixels=np.zeros((100, 80), dtype=np.float32),
        window=None,
        spacing_mm=None,
        direction=None,
        origin=None,
        header=ImageHeader(modality="DX", body_part="CHEST", view="PA"),
        content_hash="query",
    )
    turn = FrontalMap(stored=(100, 80), frontal=(100, 80), transposed=False, flip_rows=False, flip_columns=False)
    return EncodedFile(image=image, encoded=encoded, turn=turn, model_version="m1")
