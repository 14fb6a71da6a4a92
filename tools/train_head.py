"""Fit the linear head, which says how a region looks, in closed form on a simulated archive; write its `.npz` file.

    python tools/train_head.py --archive DIR --out head_lite0.npz [--views 3] [--seed 0]

Every radiograph gives, under several exposures, the pooled features of its 29 locations, labelled with the findings
that lie there by the simulated truth. The head is Fisher's discriminant for several labels at once: findings' mean
shifts `B` (one for each group of places) by least squares, the remaining covariance `W` (of patients, sites and
exposures) shrunk towards its diagonal, and the projection `(G + s I)^(-1/2) B W^-1` with `G = B W^-1 B'`, where the
dial `s` (`separation`) keeps directions small in which findings hardly part. The largest remaining whitened directions
follow at a small scale, and a constant, against which normal places align.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models.features import CHANNELS, LEVEL_CHANNELS, PLAIN_CHANNELS
from casekin.models.head import Head, save_head
from casekin.models.image_encoder import ImageEncoder, load_encoder, mean_cell, reference_cells, weights_and_boxes
from casekin.types import Place
from simulated_samples import Sample, read_samples, reframed, relit

Floats = NDArray[np.float32]
LEAST_SHARE_OF_PLACE = 0.03  # a lesion that covers less of a place, and mostly lies elsewhere, does not label it
LEAST_SHARE_OF_LESION = 0.4
LEAST_ROWS = 60  # a finding seen less often in a group of places has no trustworthy mean there
# Stride 32 looks past the place and gained nothing on held-out sites: its channels keep weight 0.
USED = np.r_[0 : LEVEL_CHANNELS["stride8"] + LEVEL_CHANNELS["stride16"], CHANNELS - PLAIN_CHANNELS : CHANNELS]
SEVERITY = {"minimal": 0.5, "mild": 0.75, "moderate": 1.0, "severe": 1.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Pooled features of every location of every view.

    `x` `(views, 29, channels)`, `whole` `(views, channels)`, `reference` `(views, 2 * channels)`, `y` `(views, 29,
    findings)` severity weights with 0 for absent, `case` and `site` by view.
    """

    x: Floats
    whole: Floats
    reference: Floats
    y: Floats
    case: NDArray[np.str_]
    site: NDArray[np.str_]
    findings: tuple[str, ...]

    def rows(self, keep: NDArray[np.bool_]) -> Table:
        return Table(
            x=self.x[keep],
            whole=self.whole[keep],
            reference=self.reference[keep],
            y=self.y[keep],
            case=self.case[keep],
            site=self.site[keep],
            findings=self.findings,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The dials of the fit; the defaults are what validation on held-out sites chose (see docs/log.md)."""

    shrinkage: float = 0.1
    normal: float = 0.2
    residual_scale: float = 0.2
    dim: int = 96
    context: bool = True
    separation: float = 30.0


def collect(archive: Path, encoder: ImageEncoder, *, views: int, seed: int) -> Table:
    """Features and labels of every radiograph, shown once as it is and `views - 1` times under other exposures."""
    sites = {row["case_id"]: row.get("site", "") for row in _rows(archive / "manifest.jsonl")}
    findings = tuple(
        sorted({f["finding"] for row in _rows(archive / "truth.jsonl") for f in row["facts"] if f["in_image"]})
    )
    parts: list[tuple[Floats, Floats, Floats, Floats, str, str]] = []
    for number, sample in enumerate(read_samples(archive)):
        for turn in range(views):
            rng = np.random.default_rng([seed, number, turn, 1])
            shown = reframed(sample, rng) if turn else sample
            features = encoder.features(relit(shown.view, rng) if turn else shown.view)
            located = encoder.locate(features)
            regions = shown.boxes if turn % 2 == 0 else {}  # half with true boxes, half as the product will find them
            weights, _ = weights_and_boxes(located, regions, features.geometry)
            x = np.stack([mean_cell(features.cells, weights[place]) for place in LOCATIONS])
            whole = mean_cell(features.cells, features.geometry.content())
            reference = reference_cells(features, located)
            y = labels(shown, findings, encoder)
            parts.append((x, whole, reference, y, sample.case_id, sites[sample.case_id]))
    columns = list(zip(*parts, strict=True))
    return Table(
        x=np.stack(columns[0]),
        whole=np.stack(columns[1]),
        reference=np.stack(columns[2]),
        y=np.stack(columns[3]),
        case=np.array(columns[4]),
        site=np.array(columns[5]),
        findings=findings,
    )


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def labels(sample: Sample, findings: tuple[str, ...], encoder: ImageEncoder) -> Floats:
    """Severity weight of each finding at each location, `(29, findings)`, by where the lesion's mask projects."""
    y = np.zeros((len(LOCATIONS), len(findings)), dtype=np.float32)
    for fact in sample.facts:
        place = Place(anatomy=fact["anatomy"], side=fact["side"])
        weight = SEVERITY.get(fact["severity"] or "moderate", 1.0)
        column = findings.index(fact["finding"])
        mask = sample.masks.get(f"{fact['finding']}@{place}")
        for row, location in enumerate(LOCATIONS):
            if location not in sample.boxes:
                continue
            if location == place or (mask is not None and mask.any() and _lies_in(mask, sample, location)):
                y[row, column] = max(y[row, column], weight)
    return y


def _lies_in(mask: NDArray[np.bool_], sample: Sample, location: Place) -> bool:
    box = sample.boxes[location]
    inside = mask[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    if location.side is not None and (lung := sample.masks.get(f"{location.side}_lung")) is not None:
        organ = lung[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
        area = max(float(organ.sum()), 0.3 * inside.size)
    else:
        area = float(inside.size)
    covered = float(inside.sum())
    return covered > 0.12 * area or (
        covered > LEAST_SHARE_OF_PLACE * area and covered > LEAST_SHARE_OF_LESION * float(mask.sum())
    )


def fit(table: Table, settings: Settings) -> Head:
    """The head of a table; see the module's text for the algebra."""
    places = len(LOCATIONS)
    normal = ~(table.y > 0).any(axis=2)
    z, scale = _inputs(table, settings)
    centers = np.stack([z[normal[:, p], p].mean(axis=0) for p in range(places)])
    flat = (z - centers).reshape(-1, z.shape[2]).astype(np.float64)
    y = by_group(table.y).reshape(len(flat), -1).astype(np.float64)
    y = y[:, (y > 0).sum(axis=0) >= LEAST_ROWS]
    shifts = np.linalg.solve(y.T @ y + 5.0 * np.eye(y.shape[1]), y.T @ flat)
    rest = flat - y @ shifts
    within = rest.T @ rest / len(rest)
    variance = np.diag(within).copy()
    within = (1 - settings.shrinkage) * within + settings.shrinkage * np.diag(variance + 1e-3 * variance.mean())
    whitening = _inverse_root(within)
    directions = shifts @ whitening  # findings in whitened space
    basis = _inverse_root(directions @ directions.T + settings.separation * np.eye(len(directions))) @ directions
    wide = flat @ whitening
    wide = wide - wide @ basis.T @ np.linalg.pinv(basis.T)
    values, vectors = np.linalg.eigh(wide.T @ wide / len(wide))
    largest = vectors[:, np.argsort(values)[::-1][: settings.dim - 1 - len(basis)]]
    matrix = (
        np.concatenate([whitening @ basis.T, settings.residual_scale * whitening @ largest], axis=1) / scale[:, None]
    )
    return _head(table, matrix, normal, settings)


def by_group(y: Floats) -> Floats:
    """Labels `(views, 29, findings)` with a column for each finding and group of places: looks differ there."""
    groups = np.array([_group(place.anatomy) for place in LOCATIONS])
    return np.concatenate([y * (groups == g)[None, :, None] for g in range(3)], axis=2)


def _group(anatomy: str) -> int:
    """0 for lungs and their zones, 1 for where the lung ends on the diaphragm, 2 for what lies between the lungs."""
    if anatomy == "lung" or anatomy.endswith("_zone"):
        return 0
    return 1 if anatomy in ("costophrenic_angle", "hemidiaphragm", "abdomen") else 2


def _inputs(table: Table, settings: Settings) -> tuple[Floats, Floats]:
    """Pooled features beside the image's references, `(views, 29, channels')`, each scaled by its spread."""
    reference = np.repeat(table.reference[:, None], len(LOCATIONS), axis=1)
    raw = table.x[:, :, USED]
    if settings.context:
        raw = np.concatenate([raw, reference[:, :, USED], reference[:, :, CHANNELS + USED]], axis=2)
    scale = raw.reshape(-1, raw.shape[2]).std(axis=0) + 1e-4
    return (raw / scale).astype(np.float32), scale


def _inverse_root(symmetric: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(symmetric)
    return (vectors / np.sqrt(np.maximum(values, 1e-10))) @ vectors.T


def _head(table: Table, matrix: NDArray[np.float64], normal: NDArray[np.bool_], settings: Settings) -> Head:
    """A head whose last axis is 0 in every token and -`settings.normal` in every center."""
    full = np.zeros((3 * CHANNELS, matrix.shape[1] + 1), dtype=np.float32)
    used = np.concatenate([USED, CHANNELS + USED, 2 * CHANNELS + USED]) if settings.context else USED
    full[used, :-1] = matrix
    projection, context = full[:CHANNELS], full[CHANNELS:]
    shift = table.reference @ context
    pooled = table.x @ projection + shift[:, None]
    whole = table.whole @ projection + shift
    bias = -whole.mean(axis=0)  # keeps tokens near 0, where float16 is finest
    centers = np.stack([pooled[normal[:, p], p].mean(axis=0) for p in range(len(LOCATIONS))]) + bias
    global_center = whole.mean(axis=0) + bias
    centers[:, -1] = global_center[-1] = -settings.normal
    return Head(
        projection=projection,
        context=context,
        bias=bias,
        centers=dict(zip(LOCATIONS, centers.astype(np.float32), strict=True)),
        global_center=global_center.astype(np.float32),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    table = collect(args.archive, load_encoder(), views=args.views, seed=args.seed)
    print(f"{len(table.x)} views of {len(set(table.case.tolist()))} radiographs, {len(table.findings)} findings")
    save_head(fit(table, Settings()), args.out, LOCATIONS)


if __name__ == "__main__":
    main()
