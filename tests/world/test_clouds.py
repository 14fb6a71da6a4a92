"""Path lengths of thin structures against closed forms."""

import numpy as np
import pytest

from casekin.world.beam import Beam
from casekin.world.blobs import Blob, chord
from casekin.world.clouds import Cloud, fill_volume, smooth_path, splat, tube_fill, tube_shell
from casekin.world.project import ATTENUATION, Layers


def make_beam(view="PA", size=128, spacing=1.5, sid=1e7, turn=0.0):
    return Beam(
        view=view,
        sid_mm=sid,
        detector_mm=100.0,
        turn_deg=turn,
        source_lift_mm=0.0,
        centre=(0.0, 0.0),
        spacing_mm=spacing,
        height=size,
        width=size,
    )


def test_a_homogeneous_slab_attenuates_by_beer_and_lambert():
    thickness = 40.0
    axis = np.arange(-49.5, 50, 1.0)
    depth = np.arange(-thickness / 2 + 0.5, thickness / 2, 1.0)
    points = np.stack(np.meshgrid(axis, depth, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    slab = Cloud(material="soft", points=points, mass=np.ones(len(points)), radius_mm=1.0)
    paths = splat([slab], make_beam())
    empty = np.zeros_like(paths["soft"])
    layers = Layers(
        soft=paths["soft"],
        bone=paths["bone"],
        metal=paths["metal"],
        lung_right=empty,
        lung_left=empty,
        heart=empty,
        middle=empty,
        abdomen=empty,
        covers={},
    )
    transmitted = np.exp(-layers.attenuation)
    expected = np.exp(-ATTENUATION["soft"] * thickness)
    assert transmitted[60:68, 60:68] == pytest.approx(np.full((8, 8), expected), rel=0.02)
    assert transmitted[2, 2] == pytest.approx(1.0)


@pytest.mark.parametrize("turn", [0.0, 25.0])
@pytest.mark.parametrize("view", ["PA", "AP", "LATERAL"])
def test_the_chord_through_a_balls_centre_is_its_diameter(view, turn):
    ball = Blob(centre=np.array([5.0, 3.0, -4.0]), radii=np.array([12.0, 12.0, 12.0]), density=1.0)
    beam = make_beam(view, turn=turn)
    window = chord(ball, beam)
    assert window is not None
    assert float(window[2].max()) == pytest.approx(24.0, rel=0.01)


def test_a_balls_chords_sum_to_its_volume():
    ball = Blob(centre=np.zeros(3), radii=np.array([14.0, 9.0, 11.0]), density=1.0)
    beam = make_beam(spacing=0.8)
    window = chord(ball, beam)
    assert window is not None
    assert float(window[2].sum()) * 0.8**2 == pytest.approx(4 / 3 * np.pi * 14 * 9 * 11, rel=0.01)


def test_half_a_ball_above_a_fluid_level_has_half_the_volume():
    beam = make_beam(spacing=0.8)
    radii = np.array([14.0, 9.0, 11.0])
    whole = chord(Blob(centre=np.zeros(3), radii=radii, density=1.0), beam)
    upper = chord(Blob(centre=np.zeros(3), radii=radii, density=1.0, low=0.0), beam)
    assert whole is not None and upper is not None
    assert float(upper[2].sum()) == pytest.approx(0.5 * float(whole[2].sum()), rel=0.03)


def test_a_tubes_masses_are_its_volume_and_its_walls():
    path = smooth_path(np.array([[0.0, 0, 0], [0, 0, 80]]), 0.5)
    _, filled = tube_fill(path, radii=(6.0, 4.0))
    _, wall = tube_shell(path, radii=(5.0, 5.0), shell_mm=1.0)
    steps = len(path) / (len(path) - 1)  # every knot stands for one step, also the last
    assert filled.sum() == pytest.approx(np.pi * 24 * 80 * steps, rel=0.01)
    assert wall.sum() == pytest.approx(2 * np.pi * 5 * 80 * steps, rel=0.01)


def test_splatting_keeps_the_mass_whatever_the_magnification():
    cloud = Cloud(material="bone", points=np.array([[0.0, -60.0, 10.0]]), mass=np.array([250.0]), radius_mm=1.0)
    beam = make_beam(sid=1500.0, spacing=1.0)
    _, _, magnify = beam.project(cloud.points)
    total = float(splat([cloud], beam)["bone"].sum()) * (1.0 / magnify[0]) ** 2
    assert total == pytest.approx(250.0, rel=0.01)


def test_a_cloud_in_a_volume_keeps_its_mass():
    points, mass = tube_fill(smooth_path(np.array([[0.0, 0, 0], [0, 0, 30]]), 0.5), radii=(4.0, 4.0))
    cloud = Cloud(material="soft", points=points, mass=mass)
    share = fill_volume(cloud, np.array([-20.0, -20, -10]), np.array([2.0, 1.5, 1.5]), (30, 30, 30))
    assert float(share.sum()) * 2.0 * 1.5 * 1.5 == pytest.approx(float(mass.sum()), rel=1e-4)


def test_the_patients_right_is_on_the_left_of_the_picture():
    for view in ("PA", "AP"):
        column, row, _ = make_beam(view).project(np.array([[-50.0, 0, 30], [50.0, 0, -30]]))
        assert column[0] < 64 < column[1]
        assert row[0] < row[1]
