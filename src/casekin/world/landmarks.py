"""Masks and the 29 boxes of a radiograph, from path lengths and projected anatomy."""

from __future__ import annotations

import numpy as np

from casekin.types import Box, Fact, Place, Side
from casekin.world.arrays import Mask
from casekin.world.beam import Beam
from casekin.world.project import Layers, Scene
from casekin.world.vessels import airway_paths

_WHOLE_LUNG = ("pulmonary_edema", "emphysema", "ground_glass_opacity", "fibrosis")


def lung_masks(layers: Layers) -> dict[str, Mask]:
    """Lung fields as drawn on films (not behind heart and diaphragm), and the heart's silhouette."""
    blocked = (layers.abdomen > 26) | (layers.middle > 62)
    heart = layers.heart > 14
    right = (layers.lung_right > 9) & ~blocked & (layers.lung_right >= layers.lung_left)
    left = (layers.lung_left > 9) & ~blocked & (layers.lung_left > layers.lung_right)
    return {
        "right_lung": right & ~heart,
        "left_lung": left & ~heart,
        "cardiac_silhouette": heart & (layers.abdomen < 60),
    }


def fact_masks(layers: Layers, masks: dict[str, Mask], facts: tuple[Fact, ...]) -> dict[str, Mask]:
    """Where each present fact shows: pixels it changes by a tenth of its most, at least a little."""
    result: dict[str, Mask] = {}
    for fact in facts:
        key = f"{fact.finding}@{fact.place}"
        if fact.finding == "cardiomegaly":
            result[key] = masks["cardiac_silhouette"]
        elif fact.finding == "mediastinal_widening":
            result[key] = _upper_middle(layers, masks)
        elif key in layers.covers:
            cover = layers.covers[key]
            share = 0.4 if fact.finding == "pneumothorax" else 0.2 if fact.finding in _WHOLE_LUNG else 0.12
            result[key] = cover > max(share * float(cover.max()), 0.03)
    return result


def _upper_middle(layers: Layers, masks: dict[str, Mask]) -> Mask:
    rows = np.flatnonzero((masks["right_lung"] | masks["left_lung"]).any(axis=1))
    wide = layers.middle > 30
    if rows.size:
        keep = np.zeros(wide.shape[0], bool)
        keep[rows[0] : rows[0] + int(0.42 * (rows[-1] - rows[0]))] = True
        wide = wide & keep[:, None]
    return wide & (layers.abdomen < 30)


def location_boxes(scene: Scene, masks: dict[str, Mask], beam: Beam) -> dict[Place, Box]:
    """Boxes of the 29 locations that lie in the picture; those outside it are left out."""
    boxes: dict[Place, Box] = {}
    spots = _spots(scene, beam)
    sides: tuple[Side, Side] = ("right", "left")
    for side in sides:
        whole = _bounds(masks[f"{side}_lung"])
        if whole is not None:
            boxes |= _lung_boxes(whole, masks[f"{side}_lung"], side, spots)
    heart = _bounds(masks["cardiac_silhouette"])
    if heart is not None:
        boxes[Place(anatomy="cardiac_silhouette")] = heart
    for name in (
        "trachea",
        "carina",
        "spine",
        "mediastinum",
        "upper_mediastinum",
        "aortic_arch",
        "svc",
        "cavoatrial_junction",
        "right_atrium",
        "abdomen",
    ):
        boxes[Place(anatomy=name)] = spots[name]
    clipped = {place: _clip(box, beam) for place, box in boxes.items()}
    return {place: box for place, box in clipped.items() if box is not None}


def _bounds(mask: Mask) -> Box | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size < 2 or columns.size < 2:
        return None
    return Box(x0=float(columns[0]), y0=float(rows[0]), x1=float(columns[-1] + 1), y1=float(rows[-1] + 1))


def _clip(box: Box, beam: Beam) -> Box | None:
    x0, x1 = (float(np.clip(v, 0, beam.width)) for v in (box.x0, box.x1))
    y0, y1 = (float(np.clip(v, 0, beam.height)) for v in (box.y0, box.y1))
    if x1 - x0 < 3 or y1 - y0 < 3 or (x1 - x0) * (y1 - y0) < 0.25 * box.area:
        return None
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _lung_boxes(whole: Box, mask: Mask, side: Side, spots: dict[str, Box]) -> dict[Place, Box]:
    """The lung and its four stacked zones, hilum, recess, dome and clavicle of a side."""
    clavicle, hilum = spots[f"{side}_clavicle"], spots[f"{side}_hilar_structures"]
    height = whole.y1 - whole.y0
    middle = 0.5 * (clavicle.y0 + clavicle.y1)
    apical = float(np.clip(middle, whole.y0 + 0.08 * height, whole.y0 + 0.22 * height))
    upper = float(np.clip(hilum.y0, apical + 0.12 * height, whole.y0 + 0.52 * height))
    lower = float(np.clip(hilum.y1, upper + 0.12 * height, whole.y0 + 0.78 * height))
    edges = [whole.y0, round(apical), round(upper), round(lower), whole.y1]
    boxes = {Place(anatomy="lung", side=side): whole}
    for name, top, bottom in zip(
        ("apical_zone", "upper_lung_zone", "mid_lung_zone", "lower_lung_zone"), edges[:-1], edges[1:], strict=True
    ):
        part = _bounds(mask[int(top) : int(bottom)])
        if part is not None:
            boxes[Place(anatomy=name, side=side)] = Box(x0=part.x0, y0=top, x1=part.x1, y1=bottom)
    boxes[Place(anatomy="hilar_structures", side=side)] = hilum
    boxes[Place(anatomy="clavicle", side=side)] = clavicle
    outer = whole.x0 if side == "right" else whole.x1
    sign = 1 if side == "right" else -1
    span = sorted((outer - sign * 4, outer + sign * 0.28 * (whole.x1 - whole.x0)))
    boxes[Place(anatomy="costophrenic_angle", side=side)] = Box(
        x0=span[0], y0=whole.y1 - 0.14 * height, x1=span[1], y1=whole.y1 + 6
    )
    boxes[Place(anatomy="hemidiaphragm", side=side)] = Box(
        x0=whole.x0, y0=min(spots[f"{side}_dome"].y0, whole.y1 - 10), x1=whole.x1, y1=whole.y1 + 4
    )
    return boxes


def _spots(scene: Scene, beam: Beam) -> dict[str, Box]:
    """Boxes of structures known by their points, in pixels, before clipping."""
    shape, scale = scene.shape, np.array(scene.body.scale)

    def box(points: object, margin_mm: float = 0.0) -> Box:
        column, row, _ = beam.project(np.atleast_2d(np.asarray(points, float)) * scale)
        m = margin_mm / beam.spacing_mm
        return Box(
            x0=float(column.min() - m), y0=float(row.min() - m), x1=float(column.max() + m), y1=float(row.max() + m)
        )

    airways = airway_paths(shape)
    trachea = airways["trachea"][airways["trachea"][:, 2] < 150]
    carina = trachea[-1]
    heights = np.linspace(150, -215, 40)
    spine = np.stack([shape.spine_x(heights), shape.spine_y(heights), heights], axis=1)
    s, u, knob = 0.45 * shape.heart_shift, shape.upper_width, shape.body.aorta
    wide = 38 * u + shape.widening
    c, w = scene.body.clavicle_mm, shape.heart_width
    floor = 0.5 * (shape.dome_right + shape.dome_left)
    spots = {
        "trachea": box(trachea, 9),
        "carina": box(carina, 14),
        "spine": box(spine, 19),
        "mediastinum": box([[-46 * w + s, 0, 100], [82 * w + s, 0, floor]]),
        "upper_mediastinum": box([[-wide, 0, 100], [wide, 0, 0]]),
        "aortic_arch": box([[2 + s, 0, 44 + 6 * knob], [38 + 9 * knob + s, 24, 8]]),
        "svc": box([[-38 * u**0.5 + s, -10, 58], [-12 + s, -10, -28]]),
        "cavoatrial_junction": box([-24 + s, -8, -32], 12),
        "right_atrium": box([[-44 * w + shape.heart_shift, -8, -28], [4, -8, floor + 12]]),
        "abdomen": box([[-130, 0, floor + 6], [130, 0, -330]]),
    }
    for side, sign in (("right", -1.0), ("left", 1.0)):
        top = 2.0 if side == "right" else 12.0
        spots[f"{side}_hilar_structures"] = box([[sign * 26 + s, 12, top], [sign * 68 + s, 12, top - 68]])
        spots[f"{side}_clavicle"] = box([[sign * 12, -57, c - 4], [sign * 150, 18, c + 32 + scene.pose.shrug_mm]])
        dome = shape.dome_right if side == "right" else shape.dome_left
        spots[f"{side}_dome"] = box([sign * 58, -15, dome + 4])
    return spots
