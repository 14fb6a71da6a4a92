"""The shape of a thorax at one examination: a body's constants, the breath, and what the findings do to it.

Shapes live in *reference* millimetres: body millimetres divided by `Body.scale`. Heights of a standard adult there:
carina 0, lung apex 112, top of the right dome about -118, costophrenic recess -175; the chest is 285 wide inside.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from casekin.types import SEVERITIES, Fact
from casekin.world.arrays import Array
from casekin.world.body import Body

# Inner chest wall by height: half-width, and its rear and front faces (front is negative y).
_HEIGHTS = np.array([-230, -190, -150, -120, -60, 0, 40, 60, 80, 100, 125], float)
_HALF_WIDTH = np.array([126, 134, 139, 142, 140, 131, 118, 107, 93, 74, 46], float)
_FRONT = np.array([-90, -92, -94, -94, -88, -72, -56, -46, -34, -20, 0], float)
REACH = {None: 0.55, "minimal": 0.25, "mild": 0.45, "moderate": 0.72, "severe": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class ThoraxShape:
    """What the distance functions need, in reference mm. `right`/`left` are the patient's."""

    body: Body
    supine: bool
    dome_right: float
    dome_left: float
    dome_curve: float
    heart_width: float
    heart_shift: float
    upper_width: float
    widening: float
    rho_right: float
    rho_left: float
    major_right: float
    major_left: float
    minor: float
    vessel_gain: float
    upper_flow: float

    def spine_y(self, z: Array) -> Array:
        """Depth of the vertebral bodies' centres at height z."""
        bow: Array = 62 + 3 * self.body.kyphosis - 14 * (0.5 + 0.6 * self.body.kyphosis) * ((z + 30) / 135) ** 2
        return bow

    def spine_x(self, z: Array) -> Array:
        """Sideways position of the spine at height z."""
        bow: Array = self.body.scoliosis_mm * np.cos((z + 40) / 70)
        return bow

    def cage(self, z: Array) -> tuple[Array, Array, Array]:
        """Half-width, half-depth and depth of the centre of the inner chest wall at height z."""
        half = np.interp(z, _HEIGHTS, _HALF_WIDTH)
        rear = self.spine_y(z) + 29
        front = np.interp(z, _HEIGHTS, _FRONT)
        return half, (rear - front) / 2, (rear + front) / 2

    def dome_height(self, x: Array, y: Array) -> Array:
        """Height of the diaphragm's upper face at (x, y)."""
        right = x < 0
        peak = np.where(right, self.dome_right, self.dome_left)
        away = (np.abs(x) - 52) / 91
        back = np.where(y > -15, (y + 15) / 118, (y + 15) / 105)
        r2 = np.minimum(away * away * np.where(np.abs(x) < 52, 0.3, 1.0) + back * back, 0.995)
        fall = np.where(y > -15, 84.0, 62.0) * self.dome_curve
        # Slips of muscle scallop the dome a little, each patient's in their own way.
        phase = (self.body.seed % 997) / 159.0
        wave = 2.2 * np.sin(x / 21 + phase) + 1.6 * np.sin(x / 12.5 - 2 * phase + y / 40) + 2.5 * np.sin(y / 34 + phase)
        height: Array = wave * (1 - r2) + peak - fall * (1 - np.sqrt(1 - r2)) - 10 * self.dome_curve * r2
        return height


def severity_level(fact: Fact) -> float:
    """How far a finding goes, in (0, 1]: minimal 0.25, mild 0.45, moderate 0.72, severe 1; unstated 0.55."""
    return REACH[fact.severity]


def fact_rng(body: Body, fact: Fact) -> np.random.Generator:
    """The generator of a finding's geometry: the same for a body, finding and place at every examination."""
    key = zlib.crc32(f"{fact.finding}@{fact.place}".encode())
    return np.random.default_rng([body.seed, key])


def make_shape(body: Body, facts: Sequence[Fact], *, inspiration: float, supine: bool) -> ThoraxShape:
    """The thorax at one exam. `inspiration` is 0 (end of expiration) to 1 (full); `facts` are those present."""
    lift = (1 - inspiration) * 42 + (8 if supine else 0)
    right = body.dome_right_mm + lift
    shape = ThoraxShape(
        body=body,
        supine=supine,
        dome_right=right,
        dome_left=right - body.dome_gap_mm,
        dome_curve=body.dome_curve,
        heart_width=body.heart_size * (1 + 0.05 * (1 - inspiration) + (0.05 if supine else 0)),
        heart_shift=0.0,
        upper_width=1.0 + 0.1 * supine + 0.1 * (1 - inspiration) + 0.012 * max(body.bmi - 24, 0),
        widening=0.0,
        rho_right=body.lung_density * (1 + 0.5 * (1 - inspiration)),
        rho_left=body.lung_density * (1 + 0.5 * (1 - inspiration)),
        major_right=0.0,
        major_left=0.0,
        minor=-34.0,
        vessel_gain=body.vessel_size,
        upper_flow=0.35 if supine else 0.0,
    )
    for fact in facts:
        shape = _deform(shape, fact)
    return shape


def _deform(shape: ThoraxShape, fact: Fact) -> ThoraxShape:
    level = severity_level(fact)
    match fact.finding:
        case "cardiomegaly":
            return replace(shape, heart_width=max(shape.heart_width, 1.0) * (1.13 + 0.36 * level))
        case "mediastinal_widening":
            return replace(shape, widening=8 + 26 * level)
        case "emphysema":
            return _inflate(shape, fact, level)
        case "fibrosis":
            raised = 14 * level
            right, left = fact.side != "left", fact.side != "right"
            return replace(
                shape, dome_right=shape.dome_right + raised * right, dome_left=shape.dome_left + raised * left
            )
        case "atelectasis":
            return _lose_volume(shape, fact, level)
        case "pulmonary_edema":
            return replace(shape, vessel_gain=shape.vessel_gain * (1 + 0.25 * level), upper_flow=0.3 + 0.7 * level)
        case "pneumothorax" if SEVERITIES.index(fact.severity or "mild") >= 3:
            return replace(shape, heart_shift=shape.heart_shift + (22 if fact.side == "right" else -22))
        case "pleural_effusion" if level > 0.9:
            return replace(shape, heart_shift=shape.heart_shift + (12 if fact.side == "right" else -12))
    return shape


def _inflate(shape: ThoraxShape, fact: Fact, level: float) -> ThoraxShape:
    whole = fact.anatomy == "lung"
    down = (22 if whole else 6) * level
    thin = 1 - (0.42 if whole else 0.15) * level
    right, left = fact.side in ("right", "bilateral", None), fact.side in ("left", "bilateral", None)
    return replace(
        shape,
        dome_right=shape.dome_right - down * right,
        dome_left=shape.dome_left - down * left,
        dome_curve=shape.dome_curve * (1 - (0.6 if whole else 0.15) * level),
        rho_right=shape.rho_right * (thin if right else 1),
        rho_left=shape.rho_left * (thin if left else 1),
        heart_width=shape.heart_width * (1 - (0.12 if whole else 0) * level),
        vessel_gain=shape.vessel_gain * (1 - (0.25 if whole else 0.05) * level),
    )


def _lose_volume(shape: ThoraxShape, fact: Fact, level: float) -> ThoraxShape:
    """Collapse of a lobe pulls the diaphragm up, the fissures and the heart towards it; bands (mild) hardly do."""
    pull = max(level - 0.4, 0.05)
    right = fact.side == "right"
    lower = fact.anatomy == "lower_lobe"
    raised = (26 if lower else 12) * pull
    shape = replace(shape, heart_shift=shape.heart_shift + (-20 if right else 20) * pull)
    if right:
        shape = replace(shape, dome_right=shape.dome_right + raised, rho_right=shape.rho_right * (1 - 0.1 * pull))
        if fact.anatomy == "upper_lobe":
            shape = replace(shape, minor=shape.minor + 75 * pull)
        return replace(shape, major_right=-30 * pull if lower else 0.0)
    shape = replace(shape, dome_left=shape.dome_left + raised, rho_left=shape.rho_left * (1 - 0.1 * pull))
    return replace(shape, major_left=-30 * pull if lower else 0.0)
