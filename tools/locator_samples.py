"""What the locator is trained on: views of simulated and openly licensed real films, with targets and their faults.

A view is shown as another detector, export or ward might show it, and now and then turned, mirrored or inverted on
purpose; the targets say how. Shared by the steps of `train_locator.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from casekin.anatomy import LOCATIONS
from casekin.imaging import frontal_view, read_image
from casekin.models.geometry import Geometry, grid_weights
from casekin.models.locator_net import MAP_SIZE
from casekin.types import Box, Place
from simulated_samples import ORGANS, Floats, Sample, reframed, relit

MAPS = len(LOCATIONS) + len(ORGANS)
UNKNOWN = 255  # in targets and faults: the truth does not say
FULL = 200  # a cell that is wholly covered
LUNG_NAMES = {"right_lung": Place(anatomy="lung", side="right"), "left_lung": Place(anatomy="lung", side="left")}
LUNG_ROWS = [len(LOCATIONS) + ORGANS.index(name) for name in LUNG_NAMES]
# How often a view is given each fault; a mirrored film comes from `reframed`, half of the time.
TURNED, INVERTED = 0.2, 0.12
FRAME = 400  # longer side of a random frame: what the network sees has 384
FRONTAL, LATERAL, OTHER = 0, 1, 2

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A view `(H, W)` with its targets `(MAPS, 48, 48)` and faults `(orientation 0..7, inverted, kind of view)`.

    Orientation is the quarter turns anticlockwise, plus 4 where the film was mirrored before it was turned.
    """

    view: Floats
    targets: Bytes
    faults: tuple[int, int, int]


def shown(sample: Sample, rng: np.random.Generator, *, framed: bool) -> Shown:
    """The sample in a random frame (or its own) and look, with a fault now and then."""
    marked = sample if sample.facts is REAL else replace(sample, view=_marked(sample.view, rng))
    seen = reframed(marked, rng, size=FRAME) if framed else marked
    view = relit(_covered(seen, rng), rng) if rng.random() < 0.8 else seen.view
    view = _exported(view, rng)
    inverted = rng.random() < INVERTED
    turns = int(rng.integers(1, 4)) if rng.random() < TURNED else 0
    return Shown(
        view=_stored(view, inverted=inverted, turns=turns),
        # Of a turned film nothing is asked but that the turn is noticed.
        targets=np.full((MAPS, MAP_SIZE, MAP_SIZE), UNKNOWN, dtype=np.uint8) if turns else targets(seen),
        faults=(turns + 4 * seen.mirrored, int(inverted), FRONTAL),
    )


def shown_plainly(sample: Sample, *, turns: int) -> tuple[Shown, ...]:
    """The sample as it is stored, with its targets; then mirrored, turned and inverted, nothing asked but the fault."""
    nothing = np.full((MAPS, MAP_SIZE, MAP_SIZE), UNKNOWN, dtype=np.uint8)
    mirrored = np.ascontiguousarray(sample.view[:, ::-1])
    turned, inverted = (_stored(sample.view, inverted=not turn, turns=turn) for turn in (turns, 0))
    return (
        Shown(view=sample.view, targets=targets(sample), faults=(0, 0, FRONTAL)),
        Shown(view=mirrored, targets=nothing, faults=(4, 0, FRONTAL)),
        Shown(view=turned, targets=nothing, faults=(turns, 0, FRONTAL)),
        Shown(view=inverted, targets=nothing, faults=(0, 1, FRONTAL)),
    )


def shown_stranger(view: Floats, kind: int, rng: np.random.Generator) -> Shown:
    """A view that is no frontal chest film, in a random frame and look."""
    sample = Sample(case_id="", view=view, boxes={}, masks={}, facts=[])
    seen = _exported(relit(reframed(sample, rng, size=FRAME).view, rng), rng)
    return Shown(
        view=_stored(seen, inverted=rng.random() < INVERTED, turns=int(rng.integers(0, 4)) if kind == OTHER else 0),
        targets=np.full((MAPS, MAP_SIZE, MAP_SIZE), UNKNOWN, dtype=np.uint8),
        faults=(UNKNOWN, UNKNOWN, kind),
    )


def _stored(view: Floats, *, inverted: bool, turns: int) -> Floats:
    return np.ascontiguousarray(np.rot90(1.0 - view if inverted else view, turns), dtype=np.float32)


def targets(sample: Sample) -> Bytes:
    """Share of each fine cell inside each box and organ, FULL where wholly; UNKNOWN where the truth does not say."""
    height, width = sample.view.shape
    geometry = Geometry(height=height, width=width, input_size=384, grid=MAP_SIZE)
    out = np.zeros((MAPS, MAP_SIZE, MAP_SIZE), dtype=np.float32)
    for i, place in enumerate(LOCATIONS):
        if place in sample.boxes:
            out[i] = grid_weights(geometry, sample.boxes[place])
    organs = out[len(LOCATIONS) :]
    for organ, name in zip(organs, ORGANS, strict=True):
        if name in sample.masks and sample.masks[name].any():
            organ[:] = grid_weights(geometry, sample.masks[name])
    if "cardiac_silhouette" in sample.masks:  # simulated lungs stop at the heart's border, readers' go on behind it
        organs[0] = _with_heart_shadow(organs[0], organs[2], medial_is_low=False)
        organs[1] = _with_heart_shadow(organs[1], organs[2], medial_is_low=True)
    shares = np.rint(out * FULL).astype(np.uint8)
    if sample.facts is REAL:
        shares[[i for i, place in enumerate(LOCATIONS) if place not in sample.boxes]] = UNKNOWN
        shares[[len(LOCATIONS) + i for i, name in enumerate(ORGANS) if name not in sample.masks]] = UNKNOWN
    return shares


def _with_heart_shadow(lung: Floats, heart: Floats, *, medial_is_low: bool) -> Floats:
    """A lung's map `(rows, columns)` joined by the part of the heart's shadow beside the lung's medial edge.

    `medial_is_low` says that the midline is on the side of the lower columns (the patient's left lung).
    """
    inside = np.flatnonzero((lung > 0.5).any(axis=0))
    if not len(inside):
        return lung
    columns = np.arange(lung.shape[1])
    beside = columns >= inside[0] if medial_is_low else columns <= inside[-1]
    return np.where(beside, np.clip(lung + heart, None, 1.0), lung).astype(np.float32)


# Marks a sample of a real film: only what it has boxes or masks of is known.
REAL: list[dict[str, object]] = []


def read_strangers(archive: Path) -> Iterator[tuple[int, Floats]]:
    """The lateral views and the views of other things that an archive keeps apart, with their kind."""
    folder = archive / "ood"
    kinds = {"lateral": LATERAL, "other_body_part": OTHER, "noise": OTHER, "blank": OTHER}
    with (folder / "truth.jsonl").open(encoding="utf-8") as file:
        kind_of = {row["case_id"]: row["kind"] for row in map(json.loads, file)}
    with (folder / "manifest.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            if kind_of[row["case_id"]] in kinds:
                yield kinds[kind_of[row["case_id"]]], frontal_view(read_image(folder / row["image"]))


def real_rows(folder: Path) -> list[dict[str, object]]:
    """Rows of `cxr/manifest.jsonl` that may be trained on: open image licence, lungs marked, kept from every test.

    Left out are all images of patients of whom radiologists drew masks (the zone benchmark's) and near-duplicates.
    """
    with (folder / "cxr" / "manifest.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    tested = {row["patient_group"] for row in rows if set(row["masks"]) & set(LUNG_NAMES)}
    return [
        row
        for row in rows
        if row["licence_tier"] == "A"
        and row["boxes"]
        and not row["duplicate_of"]
        and row["patient_group"] not in tested
    ]


def real_sample(row: dict[str, object], folder: Path) -> Sample:
    """A real film with its lung boxes and, where it has an outline of both lungs, that outline parted by side."""
    view = frontal_view(read_image(folder / "cxr" / str(row["image"])))
    boxes = {
        LUNG_NAMES[entry["label"]]: Box(**dict(zip(("x0", "y0", "x1", "y1"), entry["xyxy"], strict=True)))
        for entry in row["boxes"]  # type: ignore[attr-defined]
        if entry["label"] in LUNG_NAMES
    }
    masks: dict[str, NDArray[np.bool_]] = {}
    outline = row["masks"].get("lungs_v7")  # type: ignore[attr-defined]
    if outline is not None and len(boxes) == 2:
        with Image.open(folder / "cxr" / outline["path"]) as image:
            both = np.asarray(image.convert("L")) > 0
        if both.shape == view.shape:
            masks = _parted(both, boxes)
    return Sample(case_id=str(row["case_id"]), view=view, boxes=boxes, masks=masks, facts=REAL)


def _parted(both: NDArray[np.bool_], boxes: dict[Place, Box]) -> dict[str, NDArray[np.bool_]]:
    """Right and left lung of an outline of both: cut half way between the boxes' medial edges."""
    right, left = (boxes[place] for place in LUNG_NAMES.values())
    middle = round((right.x1 + left.x0) / 2)
    out = {name: both.copy() for name in LUNG_NAMES}
    out["right_lung"][:, middle:] = False
    out["left_lung"][:, :middle] = False
    return out


def _covered(sample: Sample, rng: np.random.Generator) -> Floats:
    """The view with opacities that hide what lies beneath (white-outs of a lung's part or whole) and with lines."""
    view = sample.view.copy()
    height, width = view.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if rng.random() < 0.35:
        for name in LUNG_NAMES:
            rows, columns = np.nonzero(sample.masks[name]) if name in sample.masks else ((), ())
            if len(rows) == 0 or rng.random() < 0.3:
                continue
            pick = int(rng.integers(len(rows)))
            spread = rng.uniform(0.06, 0.35, 2) * (height, width)
            cloud = np.exp(-(((y - rows[pick]) / spread[0]) ** 2) - ((x - columns[pick]) / spread[1]) ** 2)
            dense = float(np.quantile(view, rng.uniform(0.6, 0.95)))
            share = rng.uniform(0.4, 1.0) * cloud
            view = view * (1 - share) + np.maximum(view, dense) * share
    if rng.random() < 0.3:
        picture = Image.fromarray(np.zeros(view.shape, dtype=np.uint8))
        draw = ImageDraw.Draw(picture)
        for _ in range(int(rng.integers(1, 6))):
            knots = rng.uniform(-0.1, 1.1, (4, 2)) * (width, height)
            t = np.linspace(0, 1, 40)[:, None]
            curve = (1 - t) ** 3 * knots[0] + 3 * t * (1 - t) ** 2 * knots[1]
            curve = curve + 3 * t**2 * (1 - t) * knots[2] + t**3 * knots[3]
            draw.line([tuple(p) for p in curve], fill=int(rng.integers(60, 200)), width=int(rng.integers(1, 5)))
        view = view + np.asarray(picture, dtype=np.float32) / 255.0 * rng.uniform(0.2, 0.8)
    return np.clip(view, 0.0, 1.0).astype(np.float32)


def _exported(view: Floats, rng: np.random.Generator) -> Floats:
    """What stations add: local contrast, letters, bars and borders, faint films."""
    out = view
    if rng.random() < 0.3:
        radius = float(rng.uniform(0.03, 0.15)) * max(view.shape)
        mean = ndimage.uniform_filter(out, int(radius) | 1)
        spread = np.sqrt(np.clip(ndimage.uniform_filter(out * out, int(radius) | 1) - mean**2, 0.0, None))
        local = np.clip(0.5 + (out - mean) / (4.0 * spread + 0.08), 0.0, 1.0)
        share = rng.uniform(0.2, 0.8)
        out = (1 - share) * out + share * local
    if rng.random() < 0.2:
        out = _lettered(out, rng)
    if rng.random() < 0.25:
        out = _bordered(out, rng)
    return np.clip(out, 0.0, 1.0).astype(np.float32)


def _marked(view: Floats, rng: np.random.Generator) -> Floats:
    """Now and then one more letter on the side that it names, of another size, weight and place than the simulator's.

    It belongs to the film: in a mirrored view it is mirrored, too.
    """
    if rng.random() > 0.5:
        return view
    picture = Image.fromarray(np.zeros(view.shape, dtype=np.uint8))
    draw = ImageDraw.Draw(picture)
    side, away = str(rng.choice(["R", "L"])), rng.uniform(0.02, 0.2)
    corner = ((away if side == "R" else 0.96 - away) * view.shape[1], rng.uniform(0.02, 0.4) * view.shape[0])
    font = ImageFont.load_default(size=round(view.shape[0] * rng.uniform(0.03, 0.075)))
    draw.text(corner, side, fill=255, font=font, stroke_width=int(rng.integers(0, 2)))
    if rng.random() < 0.15:
        left, top, right, bottom = draw.textbbox(corner, side, font=font)
        draw.ellipse((left - 5, top - 5, right + 5, bottom + 5), outline=255, width=2)
    ink = np.asarray(picture, dtype=np.float32) / 255.0 * rng.uniform(0.5, 1.0)
    return np.asarray(view * (1 - ink) + ink * rng.uniform(0.85, 1.0), dtype=np.float32)


def _lettered(view: Floats, rng: np.random.Generator) -> Floats:
    """Letters and digits that a station wrote, upright however the film lies; they say nothing of the side."""
    picture = Image.fromarray(np.zeros(view.shape, dtype=np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(1, 4))):
        text = "".join(rng.choice(list("ABDEGHKMNOPSTVX0123456789:-/ "), int(rng.integers(1, 12))))
        where = rng.uniform(0.0, 0.95, 2) * view.shape[::-1]
        draw.text(tuple(where), text, fill=255, font=ImageFont.load_default(size=int(rng.integers(9, 34))))
    ink = np.asarray(picture, dtype=np.float32) / 255.0
    return view * (1 - ink) + ink * float(rng.choice([0.0, 1.0, 1.0, rng.uniform(0.5, 1.0)]))


def _bordered(view: Floats, rng: np.random.Generator) -> Floats:
    """Up to a tenth of the width or height at some edges filled with one grey: shutters, frames, screen shots."""
    out, grey = view.copy(), float(rng.choice([0.0, 0.0, 1.0, rng.uniform(0.0, 1.0)]))
    for axis in (0, 1):
        for end in (0, 1):
            if rng.random() < 0.4:
                size = int(rng.uniform(0.0, 0.08) * view.shape[axis])
                edge = np.s_[:size] if end == 0 else np.s_[view.shape[axis] - size :]
                out[edge if axis == 0 else (slice(None), edge)] = grey
    return out


def masks_alone(sample: Sample) -> Sample:
    """The sample with its organs' masks only: what a locator learns from."""
    return replace(sample, masks={name: mask for name, mask in sample.masks.items() if name in ORGANS})
