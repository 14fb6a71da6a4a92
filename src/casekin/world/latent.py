"""Lesions: what a simulated patient has, where, how much of it, and how it behaves over time.

Everything that is drawn here is the truth behind the images; the diseases that put lesions together are in
`casekin.world.diseases`. Sides are drawn almost evenly, so that every sided finding occurs on either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from casekin.types import SEVERITIES, Place, Severity, Side

Course = Literal["acute", "chronic", "growing", "device"]

LOBES: tuple[tuple[str, Side], ...] = (
    ("upper_lobe", "right"),
    ("middle_lobe", "right"),
    ("lower_lobe", "right"),
    ("upper_lobe", "left"),
    ("lingula", "left"),
    ("lower_lobe", "left"),
)
PARENCHYMAL = frozenset(
    {"consolidation", "ground_glass_opacity", "nodule", "mass", "atelectasis", "calcified_granuloma"}
)
DEVICES: tuple[str, ...] = (
    "endotracheal_tube",
    "nasogastric_tube",
    "central_venous_catheter",
    "pacemaker",
    "chest_tube",
)
FINDINGS: tuple[str, ...] = (
    "consolidation",
    "ground_glass_opacity",
    "nodule",
    "mass",
    "atelectasis",
    "pleural_effusion",
    "pneumothorax",
    "cardiomegaly",
    "pulmonary_edema",
    "hilar_enlargement",
    "mediastinal_widening",
    "emphysema",
    "fibrosis",
    "pleural_thickening",
    "calcified_granuloma",
    "rib_fracture",
    "hiatal_hernia",
    "pneumoperitoneum",
    *DEVICES,
)

_COURSES: dict[str, Course] = {
    "nodule": "growing",
    "mass": "growing",
    "cardiomegaly": "chronic",
    "emphysema": "chronic",
    "fibrosis": "chronic",
    "pleural_thickening": "chronic",
    "calcified_granuloma": "chronic",
    "rib_fracture": "chronic",
    "hiatal_hernia": "chronic",
    "hilar_enlargement": "chronic",
    "mediastinal_widening": "chronic",
    "pacemaker": "chronic",
    **{device: "device" for device in DEVICES if device != "pacemaker"},
}
_HOMES: dict[str, str] = {
    "pleural_effusion": "pleural_space",
    "pneumothorax": "pleural_space",
    "chest_tube": "pleural_space",
    "pleural_thickening": "pleura",
    "hilar_enlargement": "hilar_structures",
    "rib_fracture": "rib",
    "pacemaker": "chest_wall",
    "cardiomegaly": "cardiac_silhouette",
    "pulmonary_edema": "lung",
    "mediastinal_widening": "upper_mediastinum",
    "hiatal_hernia": "mediastinum",
    "pneumoperitoneum": "abdomen",
    "endotracheal_tube": "trachea",
}
# Smallest and largest first diameter in mm; a nodule is below 30 mm, a mass is not (Fleischner Society glossary).
_SIZES_MM: dict[str, tuple[int, int]] = {"nodule": (6, 27), "mass": (31, 78), "calcified_granuloma": (4, 9)}
_SIZE_STEPS_MM: dict[str, tuple[int, int, int]] = {
    "nodule": (8, 15, 22),
    "mass": (36, 46, 60),
    "calcified_granuloma": (6, 10, 10),
}
SIZE_LIMITS_MM: dict[str, tuple[int, int]] = {"nodule": (4, 29), "mass": (30, 95), "calcified_granuloma": (3, 9)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One finding of one patient: where it is, how severe or large at first, and how it behaves over time.

    `severity` is None for devices; `size_mm` is a whole number for nodules, masses and granulomas, else None.
    """

    finding: str
    anatomy: str
    side: Side | None
    severity: Severity | None
    size_mm: int | None
    course: Course

    @property
    def place(self) -> Place:
        return Place(anatomy=self.anatomy, side=self.side)


def severity_of_size(finding: str, size_mm: float) -> Severity:
    """The severity step that a diameter in mm counts as, for the findings that are measured."""
    return SEVERITIES[sum(size_mm >= step for step in _SIZE_STEPS_MM[finding])]


def home_anatomy(finding: str) -> str:
    """The anatomy a finding outside the lobes is placed at; parenchymal findings fall back to the lung."""
    return _HOMES.get(finding, "lung")


def lesion(
    rng: np.random.Generator, finding: str, *, anatomy: str | None = None, side: Side | None = None, worst: int = 3
) -> Lesion:
    """A lesion at the given place (default: the finding's home), as severe as index `worst` of SEVERITIES at most."""
    size_mm: int | None = None
    severity: Severity | None = None
    if finding in _SIZES_MM:
        low, high = _SIZES_MM[finding]
        size_mm = int(rng.integers(low, high + 1))
        severity = severity_of_size(finding, size_mm)
    elif finding not in DEVICES:
        severity = SEVERITIES[min(int(rng.choice(4, p=(0.15, 0.35, 0.33, 0.17))), worst)]
    return Lesion(
        finding=finding,
        anatomy=anatomy if anatomy is not None else home_anatomy(finding),
        side=side,
        severity=severity,
        size_mm=size_mm,
        course=_COURSES.get(finding, "acute"),
    )


def device(rng: np.random.Generator, name: str, *, side: Side | None = None) -> Lesion:
    """A tube, line or pacemaker with its tip where it is found in practice."""
    if name == "nasogastric_tube":
        return lesion(rng, name, anatomy="esophagus" if rng.random() < 0.15 else "stomach")
    if name == "central_venous_catheter":
        return lesion(rng, name, anatomy="right_atrium" if rng.random() < 0.3 else "svc")
    if name == "pacemaker":
        return lesion(rng, name, side="right" if rng.random() < 0.3 else "left")
    if name == "chest_tube":
        return lesion(rng, name, side=side or draw_side(rng))
    return lesion(rng, name)


def draw_side(rng: np.random.Generator) -> Side:
    return "right" if rng.random() < 0.52 else "left"


def draw_lobe(rng: np.random.Generator, *, side: Side | None = None) -> tuple[str, Side]:
    """A lobe (the lingula counts as one), of the given side if one is given; lower lobes are the commonest."""
    lobes = [lobe for lobe in LOBES if side is None or lobe[1] == side]
    weights = np.array([{"lower_lobe": 1.5, "upper_lobe": 1.1}.get(anatomy, 0.7) for anatomy, _ in lobes])
    return lobes[int(rng.choice(len(lobes), p=weights / weights.sum()))]


def in_lobe(rng: np.random.Generator, finding: str, *, side: Side | None = None, worst: int = 3) -> Lesion:
    """A lesion in a drawn lobe, of the given side if one is given; `worst` is the highest severity it may have."""
    anatomy, drawn = draw_lobe(rng, side=side)
    return lesion(rng, finding, anatomy=anatomy, side=drawn, worst=worst)


def other_side(side: Side) -> Side:
    return "left" if side == "right" else "right"
