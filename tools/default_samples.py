"""Dense training samples from a simulated archive: letterboxed pixels, lesions' masks, locations' weights and labels.

Shared by what trains the shipped encoder; nothing here reads anything but an archive that `casekin world` wrote.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models.features import letterbox
from casekin.models.geometry import Geometry, grid_weights
from casekin.models.locator import HEART, lung_of
from casekin.training.dense_views import FINE, DenseSample
from casekin.training.views import as_bytes
from casekin.types import Place
from simulated_samples import ORGANS, Sample, read_samples

LEAST_SHARE_OF_PLACE = 0.03  # a lesion that covers less of a place, and mostly lies elsewhere, does not label it
LEAST_SHARE_OF_LESION = 0.4
ENOUGH_OF_PLACE = 0.12
NO, YES, UNCLEAR = 0, 1, 2


def read_dense_samples(archive: Path, findings: Sequence[str], only: Container[str]) -> Iterator[DenseSample]:
    """Samples of these cases in the manifest's order."""
    splits = {row["case_id"]: row["split"] for row in map(json.loads, _lines(archive / "truth.jsonl"))}
    for sample in read_samples(archive, only=only):
        image, geometry = letterbox(sample.view)
        weights = location_weights(sample, geometry)
        fine = Geometry(height=geometry.height, width=geometry.width, input_size=geometry.input_size, grid=FINE)
        masks: dict[str, NDArray[np.float32]] = {}
        by_place: dict[tuple[str, str], NDArray[np.float32]] = {}
        for name, mask in sample.masks.items():
            finding, _, place = name.rpartition("@")
            if finding in findings and mask.any():
                cells = grid_weights(fine, mask)
                masks[finding] = np.maximum(masks.get(finding, 0.0), cells)
                by_place[finding, place] = cells
        yield DenseSample(
            case_id=sample.case_id,
            split=splits[sample.case_id],
            image=as_bytes(image),
            masks={finding: as_bytes(cells) for finding, cells in masks.items()},
            weights=as_bytes(weights),
            labels=_labels(sample, findings, weights, by_place),
        )


def list_cases(archive: Path, splits: Collection[str]) -> dict[str, str]:
    """Patients of the frontal radiographs of some splits by case, in the order of `read_dense_samples`."""
    rows = [row for row in map(json.loads, _lines(archive / "truth.jsonl")) if row["split"] in splits]
    patients = {row["case_id"]: row["patient_id"] for row in rows}
    found = [sample.case_id for sample in read_samples(archive, only=patients, pixels=False)]
    return {case_id: patients[case_id] for case_id in found}


def findings_of(archives: Sequence[Path]) -> tuple[str, ...]:
    """All findings that a picture of the archives shows, sorted."""
    rows = (row for archive in archives for row in map(json.loads, _lines(archive / "truth.jsonl")))
    return tuple(sorted({fact["finding"] for row in rows for fact in row["facts"] if fact["in_image"]}))


def location_weights(sample: Sample, geometry: Geometry) -> NDArray[np.float32]:
    """Pooling weights of each location by its true box, inside the true organ for parts of a lung and for the heart."""
    organs = {name: grid_weights(geometry, mask) for name in ORGANS if (mask := sample.masks.get(name)) is not None}
    weights = np.zeros((len(LOCATIONS), geometry.grid, geometry.grid), dtype=np.float32)
    for row, place in enumerate(LOCATIONS):
        if (box := sample.boxes.get(place)) is not None:
            weights[row] = grid_weights(geometry, box)
            organ = organs.get(_organ(place))
            weights[row] *= 1.0 if organ is None else organ
    return weights


def _organ(place: Place) -> str:
    return str(lung_of(place) or (HEART if place == HEART else ""))


def _labels(
    sample: Sample,
    findings: Sequence[str],
    weights: NDArray[np.float32],
    masks: dict[tuple[str, str], NDArray[np.float32]],
) -> NDArray[np.uint8]:
    """Whether each location shows each finding `(29, F)`: by the fact's place, or by how its mask lies."""
    labels = np.full((len(LOCATIONS), len(findings)), NO, dtype=np.uint8)
    step = FINE // weights.shape[1]
    areas = weights.sum(axis=(1, 2))
    for fact in sample.facts:
        if fact["finding"] not in findings:
            continue
        column = findings.index(fact["finding"])
        place = Place(anatomy=fact["anatomy"], side=fact["side"])
        both = str(Place(anatomy=place.anatomy, side="bilateral"))  # diffuse findings have one mask for both lungs
        cells = masks.get((fact["finding"], str(place)), masks.get((fact["finding"], both)))
        coarse = None if cells is None else cells.reshape(len(weights[0]), step, -1, step).mean(axis=(1, 3))
        for row, location in enumerate(LOCATIONS):
            if location == place:
                labels[row, column] = YES
            elif coarse is not None and areas[row] > 0 and labels[row, column] != YES:
                inside = float((coarse * weights[row]).sum())
                told = _judge(inside, float(areas[row]), float(coarse.sum()))
                labels[row, column] = told if told == YES else max(labels[row, column], told)
    return labels


def _judge(inside: float, area: float, lesion: float) -> int:
    if inside > ENOUGH_OF_PLACE * area or (
        inside > LEAST_SHARE_OF_PLACE * area and inside > LEAST_SHARE_OF_LESION * lesion
    ):
        return YES
    # A lesion smaller than the least share of a large place still is there when all of it is.
    if inside > 0.8 * lesion:
        return YES
    return UNCLEAR if inside > 0.1 * lesion or inside > 0.01 * area else NO


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from file
