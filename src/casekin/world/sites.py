"""Sites and exposures: whose machine made the picture, how it processes, and how the patient was placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casekin.world.beam import Beam, View
from casekin.world.body import Body
from casekin.world.skeleton import Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A hospital's radiography: hardware and the look its processing gives.

    `contrast` is the slope of the display curve at its middle, `shoulder` how softly it ends; `edge` and `local`
    amplify fine and coarse detail; `equalize` flattens large-scale differences (0 none, 1 all); `noise` scales quantum
    noise, `scatter` is the scattered share behind the grid, `blur_mm` the detector's spread; `bits` the stored depth.
    `text` is what the console burns in: "" nothing, "view" projection and position. `monochrome1` pictures are written
    inverted by the DICOM writer, never here.
    """

    name: str
    manufacturer: str
    model: str
    pixel_spacing: float
    contrast: float
    shoulder: float
    brightness: float
    edge: float
    local: float
    equalize: float
    noise: float
    scatter: float
    blur_mm: float
    monochrome1: bool
    marker: str
    text: str
    bits: int


def _site(
    names: tuple[str, str, str],
    look: tuple[float, float, float, float, float, float, float, float, float, float],
    *,
    marker: str = "L",
    text: str = "",
    bits: int = 12,
    monochrome1: bool = False,
) -> Site:
    """A site from its names and its look: pixel spacing, contrast, shoulder, brightness, edge, local, equalize, noise,
    scatter, blur."""
    spacing, contrast, shoulder, brightness, edge, local, equalize, noise, scatter, blur = look
    return Site(
        name=names[0],
        manufacturer=names[1],
        model=names[2],
        pixel_spacing=spacing,
        contrast=contrast,
        shoulder=shoulder,
        brightness=brightness,
        edge=edge,
        local=local,
        equalize=equalize,
        noise=noise,
        scatter=scatter,
        blur_mm=blur,
        monochrome1=monochrome1,
        marker=marker,
        text=text,
        bits=bits,
    )


SITES: tuple[Site, ...] = (
    _site(("north", "Northlight", "DR 500"), (0.148, 1.15, 0.5, 0.5, 0.95, 0.5, 0.4, 1.0, 0.1, 0.3)),
    _site(
        ("harbour", "Meridian", "FlatPanel X"),
        (0.143, 1.35, 0.7, 0.46, 1.75, 0.8, 0.6, 0.8, 0.07, 0.22),
        marker="R",
        bits=14,
    ),
    _site(
        ("hill", "Okano", "CR Reader 8"), (0.2, 0.85, 0.4, 0.58, 0.55, 0.28, 0.25, 1.8, 0.22, 0.65), marker="", bits=10
    ),
    _site(
        ("river", "Okano", "CR Reader 12"),
        (0.175, 1.0, 0.5, 0.55, 0.95, 0.5, 0.45, 1.3, 0.16, 0.45),
        monochrome1=True,
    ),
    _site(
        ("field", "Bedford", "Mobile 3"),
        (0.16, 0.8, 0.4, 0.6, 0.75, 0.45, 0.35, 2.2, 0.34, 0.55),
        text="view",
    ),
    _site(
        ("crown", "Meridian", "Vision 2"),
        (0.139, 1.25, 0.6, 0.44, 1.25, 1.1, 0.75, 0.7, 0.06, 0.2),
        marker="R",
        text="view",
        bits=14,
    ),
    _site(
        ("lake", "Northlight", "DR Mobile"),
        (0.139, 1.0, 0.6, 0.55, 1.35, 0.7, 0.55, 1.6, 0.25, 0.35),
        marker="R",
        text="view",
    ),
    _site(
        ("old", "Film archive", "Digitizer"), (0.17, 1.05, 0.3, 0.52, 0.45, 0.2, 0.15, 1.2, 0.2, 0.8), marker="", bits=8
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """One exposure. `inspiration` is 0..1; `tilt_deg` > 0 aims upwards (lordotic); `field_mm` is the picture's width.

    `size` is the longer side in pixels; `aspect` is height over width; offsets in mm move the picture's middle;
    `collimation` is the share of the picture its leaves cover at the top, bottom, left and right; `exposure` is
    relative; `black` and `white` are the display values of thin and dense tissue; `seed` draws what lies on the chest.
    """

    site: Site
    view: View = "PA"
    supine: bool = False
    portable: bool = False
    rotation_deg: float = 0.0
    tilt_deg: float = 0.0
    inspiration: float = 0.9
    abduct: float = 1.0
    raised: bool = False
    shrug_mm: float = 0.0
    field_mm: float = 400.0
    aspect: float = 1.0
    offset_x_mm: float = 0.0
    offset_z_mm: float = 0.0
    collimation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    exposure: float = 1.0
    black: float = 0.02
    white: float = 0.9
    size: int = 512
    seed: int = 0

    @property
    def pose(self) -> Pose:
        """Where the shoulders are."""
        return Pose(abduct=self.abduct, shrug_mm=self.shrug_mm, raised=self.raised or self.view == "LATERAL")


def sample_acquisition(
    rng: np.random.Generator, *, site: Site, supine: bool = False, portable: bool = False
) -> Acquisition:
    """Draw an exposure: PA upright by default, AP when `supine` or `portable`, with the slips that come with each."""
    bedside = supine or portable
    sloppy = 1.0 if bedside else 0.35
    strips = np.clip(rng.normal(-0.02, 0.02, 4), 0, 0.05)
    return Acquisition(
        site=site,
        view="AP" if bedside else "PA",
        supine=supine,
        portable=portable,
        rotation_deg=float(np.clip(rng.normal(0, 4.5) * sloppy, -12, 12)),
        tilt_deg=float(np.clip(rng.normal(0, 5) * sloppy, -12, 12)),
        inspiration=float(np.clip(rng.normal(0.5, 0.2) if bedside else rng.normal(0.88, 0.12), 0.05, 1.0)),
        abduct=float(np.clip(rng.normal(0.15, 0.12) if bedside else rng.normal(0.85, 0.15), 0, 1)),
        shrug_mm=float(rng.normal(8 if bedside else 0, 5)),
        field_mm=float(np.clip(rng.normal(392 if bedside else 372, 32), 315, 460)),
        aspect=float(rng.choice([1.0, 0.82, 0.9, 1.0, 1.06] if not bedside else [0.82, 0.82, 0.9, 1.0])),
        offset_x_mm=float(rng.normal(0, 12) * (0.4 + sloppy)),
        offset_z_mm=float(rng.normal(2, 15)),
        collimation=(float(strips[0]), float(strips[1]), float(strips[2]), float(strips[3])),
        exposure=float(np.exp(rng.normal(0, 0.2))),
        black=float(np.clip(rng.normal(0.1, 0.1), 0, 0.35)),
        white=float(np.clip(rng.normal(0.81, 0.08), 0.6, 1.0)),
        seed=int(rng.integers(1, 2**31 - 1)),
    )


def make_beam(body: Body, acquisition: Acquisition) -> Beam:
    """The beam that makes the exposure's picture of the body."""
    a = acquisition
    bedside = a.view == "AP"
    sid = 1100.0 if bedside else 1830.0
    thick = (
        (95 * body.depth + 18 + 0.45 * body.wall_mm) if a.view != "LATERAL" else 150 * body.width + body.wall_mm + 12
    )
    widest = max(a.field_mm, 280.0) * (1.04 if bedside else 1.0)
    width, height = (a.size, round(a.size * a.aspect)) if a.aspect <= 1 else (round(a.size / a.aspect), a.size)
    detector = thick + (40.0 if bedside else 15.0)
    lift = -np.tan(np.deg2rad(a.tilt_deg)) * (sid - detector)
    z_top = 134.0 * body.length
    tall = widest * a.aspect
    z_centre = z_top - tall / 2 + a.offset_z_mm + 8
    return Beam(
        view=a.view,
        sid_mm=sid,
        detector_mm=detector,
        turn_deg=a.rotation_deg,
        source_lift_mm=float(lift),
        centre=(a.offset_x_mm, float(z_centre)),
        spacing_mm=widest / width,
        height=height,
        width=width,
    )
