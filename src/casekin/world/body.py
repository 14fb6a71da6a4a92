"""One simulated patient's constant anatomy: everything that stays the same over all exams.

Lengths are millimetres in the body frame: x to the patient's left, y backwards, z upwards (LPS with z superior), the
origin at mid-chest in depth, on the midline, at the height of the carina.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Sex = Literal["F", "M"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A patient's build. Scales are factors on a reference thorax; `seed` drives everything that is drawn per patient.

    `heart_axis` 0 is a vertical, 1 a horizontal heart; `aorta` is 0 in the young and 1 when unfolded;
    `bone_density` is relative to a young adult; `scoliosis_mm` is the lateral bow of the spine (+ to the left).
    """

    seed: int
    sex: Sex
    age: float
    height_cm: float
    bmi: float
    width: float
    depth: float
    length: float
    heart_size: float
    heart_axis: float
    aorta: float
    dome_right_mm: float
    dome_gap_mm: float
    dome_curve: float
    rib_slope: float
    kyphosis: float
    scoliosis_mm: float
    bone_density: float
    breast: float
    muscle: float
    clavicle_mm: float
    lung_density: float
    vessel_size: float
    stomach_gas: float
    bowel_gas: float

    @property
    def scale(self) -> tuple[float, float, float]:
        """Factors from reference millimetres to this body's, along x, y, z."""
        return (self.width, self.depth, self.length)

    @property
    def wall_mm(self) -> float:
        """Thickness of the soft tissue over the ribs at the side of the chest."""
        return float(np.clip(24.0 + 2.2 * (self.bmi - 20.0), 16.0, 75.0))


def sample_body(rng: np.random.Generator, *, sex: Sex, age: float) -> Body:
    """Draw a patient of the given sex and age in years; the same generator state gives the same body."""
    male = sex == "M"
    height = rng.normal(176 if male else 163, 7) - 0.08 * max(age - 40, 0)
    bmi = float(np.clip(rng.normal(28.0 + 0.03 * (min(age, 65) - 45), 4.5), 17, 44))
    old = float(np.clip((age - 35) / 45, 0, 1.2))
    stature = height / 172
    return Body(
        seed=int(rng.integers(1, 2**31 - 1)),
        sex=sex,
        age=age,
        height_cm=float(height),
        bmi=bmi,
        width=float((1.0 if male else 0.92) * stature**0.5 * (1 + 0.004 * (bmi - 26)) * rng.normal(1, 0.035)),
        depth=float((1.0 if male else 0.93) * (1 + 0.006 * (bmi - 26) + 0.05 * old) * rng.normal(1, 0.05)),
        length=float((1.0 if male else 0.95) * stature * rng.normal(1, 0.04)),
        heart_size=float(np.clip(rng.normal(0.95 + 0.05 * old, 0.045), 0.84, 1.06)),
        heart_axis=float(np.clip(rng.normal(0.4 + 0.02 * (bmi - 26), 0.2), 0, 1)),
        aorta=float(np.clip(old + rng.normal(0, 0.2), 0, 1.2)),
        dome_right_mm=float(rng.normal(-118, 6)),
        dome_gap_mm=float(np.clip(rng.normal(11, 5), -3, 25)),
        dome_curve=float(rng.normal(1.0, 0.12)),
        rib_slope=float(np.clip(rng.normal(1.0 - 0.05 * old, 0.12), 0.65, 1.3)),
        kyphosis=float(np.clip(rng.normal(0.8 + 0.5 * old, 0.25), 0.3, 1.8)),
        scoliosis_mm=float(rng.normal(0, 4)),
        bone_density=float(np.clip(rng.normal(1.05 - 0.28 * old - (0 if male else 0.08), 0.08), 0.5, 1.2)),
        breast=0.0 if male else float(np.clip(rng.normal(0.55 + 0.035 * (bmi - 24), 0.22), 0.1, 1.4)),
        muscle=float(np.clip(rng.normal(1.1 if male else 0.85, 0.12), 0.6, 1.5)),
        clavicle_mm=float(rng.normal(50, 7)),
        lung_density=float(np.clip(rng.normal(0.25, 0.025), 0.19, 0.32)),
        vessel_size=float(np.clip(rng.normal(1.0, 0.1), 0.75, 1.3)),
        stomach_gas=float(np.clip(rng.normal(0.6, 0.4), 0, 1.3)),
        bowel_gas=float(np.clip(rng.normal(0.4, 0.4), 0, 1.2)),
    )
