"""Training samples from a simulated archive: pixels, boxes and masks, with strong changes of look and frame.

Shared by the tools that train what is shipped; nothing here reads anything but an archive that `casekin world` wrote.
"""

from __future__ import annotations

import io
import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from casekin.anatomy import LOCATIONS, mirror
from casekin.evaluation.truth import facts_in_image
from casekin.imaging import frontal_view, read_image
from casekin.types import Box, Place

Floats = NDArray[np.float32]
ORGANS = ("right_lung", "left_lung", "cardiac_silhouette")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One simulated radiograph: `view` `(H, W)` in [0, 1]; `masks` by name: organs and `finding@place`.

    `mirrored` says that the picture's left shows the patient's left; sides in names are those of the picture even then.
    """

    case_id: str
    view: Floats
    boxes: dict[Place, Box]
    masks: dict[str, NDArray[np.bool_]]
    facts: list[dict[str, Any]]
    mirrored: bool = False


def read_samples(archive: Path, *, only: Container[str] | None = None, pixels: bool = True) -> Iterator[Sample]:
    """Samples of an archive in manifest order; rows whose image is no frontal radiograph are left out.

    `only`: cases to read, all of them where None. Without `pixels` no file is opened: views and masks are empty.
    """
    with (archive / "truth.jsonl").open(encoding="utf-8") as file:
        truth = {row["case_id"]: row for row in map(json.loads, file)}
    with (archive / "manifest.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row.get("modality") == "CT" or str(row.get("view", "")).upper().startswith("LAT"):
                continue
            if row["case_id"] not in truth or (only is not None and row["case_id"] not in only):
                continue  # of an archive that is still being written, or not asked for
            known = truth[row["case_id"]]
            yield Sample(
                case_id=row["case_id"],
                view=frontal_view(read_image(archive / row["image"])) if pixels else np.zeros((1, 1), dtype=np.float32),
                boxes={
                    Place(anatomy=b["anatomy"], side=b["side"]): Box(
                        x0=b["box"][0], y0=b["box"][1], x1=b["box"][2], y1=b["box"][3]
                    )
                    for b in known["boxes"]
                },
                masks={name: _read_mask(archive / path) for name, path in known["masks"].items()} if pixels else {},
                facts=[fact.as_record() for fact in facts_in_image(known["facts"])],
            )


def _read_mask(path: Path) -> NDArray[np.bool_]:
    with Image.open(path) as image:
        return np.asarray(image.convert("L")) > 0


def reframed(sample: Sample, rng: np.random.Generator, *, size: int = 512) -> Sample:
    """The sample under a random crop, scale, stretch, small rotation and, half the time, mirrored with its sides."""
    height, width = sample.view.shape
    out_h, out_w = _random_frame(rng, size)
    zoom = float(np.exp(rng.normal(0.0, 0.12))) * min(out_h / height, out_w / width) * rng.uniform(0.95, 1.25)
    stretch = float(np.exp(rng.normal(0.0, 0.06)))
    angle = np.deg2rad(rng.normal(0.0, 4.0))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    forward = turn @ np.diag([zoom * stretch, flip * zoom / stretch])  # (row, column) of the source -> of the frame
    shift = np.array([out_h, out_w]) / 2 + rng.normal(0.0, 0.05, 2) * size - forward @ (np.array([height, width]) / 2)
    backward = np.linalg.inv(forward)
    offset = backward @ -shift

    def warp(picture: NDArray[np.generic], order: int, fill: float) -> Any:
        return ndimage.affine_transform(
            picture, backward, offset=offset, output_shape=(out_h, out_w), order=order, cval=fill
        )

    fill = float(rng.choice([0.0, 0.0, 0.0, 1.0, float(np.median(sample.view))]))
    swap = flip < 0
    boxes = {
        (mirror(place) if swap else place): moved
        for place, box in sample.boxes.items()
        if (moved := _move_box(box, forward, shift, (out_h, out_w))) is not None
    }
    masks = {
        (_swapped_name(name) if swap else name): warp(mask.astype(np.float32), 1, 0.0) > 0.5
        for name, mask in sample.masks.items()
    }
    view = np.clip(warp(sample.view, 1, fill), 0.0, 1.0).astype(np.float32)
    return replace(sample, view=view, boxes=boxes, masks=masks, mirrored=sample.mirrored != swap)


def _random_frame(rng: np.random.Generator, size: int) -> tuple[int, int]:
    ratio = float(np.exp(rng.normal(0.08, 0.12)))
    return (size, round(size / ratio)) if ratio < 1 else (round(size / ratio), size)


def _move_box(box: Box, forward: NDArray[np.float64], shift: NDArray[np.float64], frame: tuple[int, int]) -> Box | None:
    """The box around the moved midpoints of its sides (corners would make a turned box grow), cut to the frame."""
    middle_x, middle_y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    points = np.array([(box.y0, middle_x), (box.y1, middle_x), (middle_y, box.x0), (middle_y, box.x1)])
    moved = points @ forward.T + shift
    y0, x0 = np.maximum(moved.min(axis=0), 0.0)
    y1, x1 = np.minimum(moved.max(axis=0), frame)
    return Box(x0=float(x0), y0=float(y0), x1=float(x1), y1=float(y1)) if x1 - x0 > 2 and y1 - y0 > 2 else None


def _swapped_name(name: str) -> str:
    finding, at, place = name.rpartition("@")
    for one, other in (("left_", "right_"), ("right_", "left_")):
        if place.startswith(one):
            return f"{finding}{at}{other}{place[len(one) :]}"
    return name


def relit(view: Floats, rng: np.random.Generator) -> Floats:
    """The view as another detector, window, print or export might show it; the anatomy stays where it is."""
    out = np.clip(view, 0.0, 1.0)
    out = out ** float(np.exp(rng.normal(0.0, 0.35)))
    if rng.random() < 0.5:  # sigmoid film curve
        slope, middle = rng.uniform(3.0, 9.0), rng.uniform(0.35, 0.65)
        curve = 1.0 / (1.0 + np.exp(-slope * (out - middle)))
        out = (curve - curve.min()) / max(float(np.ptp(curve)), 1e-6)
    if rng.random() < 0.5:  # unsharp masking of an unknown radius, as most vendors apply
        blurred = ndimage.gaussian_filter(out, float(rng.choice([2.0, 6.0, 16.0, 40.0])))
        out = out + rng.uniform(0.2, 1.2) * (out - blurred)
    if rng.random() < 0.4:  # uneven field
        field = ndimage.zoom(rng.normal(0.0, 0.12, (3, 3)), (view.shape[0] / 3, view.shape[1] / 3), order=1)
        out[: field.shape[0], : field.shape[1]] += field[: out.shape[0], : out.shape[1]]
    low, high = rng.uniform(-0.05, 0.15), rng.uniform(0.82, 1.1)
    out = np.clip((out - low) / (high - low), 0.0, 1.0)
    if rng.random() < 0.5:
        out = ndimage.gaussian_filter(out, rng.uniform(0.3, 1.8))
    if rng.random() < 0.5:
        out = out + rng.normal(0.0, rng.uniform(0.005, 0.04), out.shape)
    out = np.clip(out, 0.0, 1.0)
    return _recompressed(out, rng) if rng.random() < 0.3 else out.astype(np.float32)


def _recompressed(view: Floats, rng: np.random.Generator) -> Floats:
    buffer = io.BytesIO()
    Image.fromarray((view * 255).astype(np.uint8)).save(buffer, "JPEG", quality=int(rng.integers(30, 90)))
    return np.asarray(Image.open(buffer).convert("L"), dtype=np.float32) / 255.0


def location_targets() -> tuple[Place, ...]:
    """The order of box maps in the locator's output."""
    return LOCATIONS
