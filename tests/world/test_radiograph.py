"""Laws of simulated radiographs: sides, places, severities, boxes, repeatability."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from casekin.types import Fact, Place
from casekin.world.body import sample_body
from casekin.world.radiograph import SITES, render_radiograph, sample_acquisition

LOCATIONS = 29
SINGLE = {
    "consolidation": ("lower_lobe", "right"),
    "ground_glass_opacity": ("upper_lobe", "left"),
    "nodule": ("upper_lobe", "right"),
    "mass": ("lower_lobe", "left"),
    "atelectasis": ("lower_lobe", "left"),
    "pleural_effusion": ("pleural_space", "right"),
    "pneumothorax": ("pleural_space", "left"),
    "cardiomegaly": ("cardiac_silhouette", None),
    "pulmonary_edema": ("lung", "bilateral"),
    "hilar_enlargement": ("hilar_structures", "right"),
    "mediastinal_widening": ("upper_mediastinum", None),
    "emphysema": ("lung", "bilateral"),
    "fibrosis": ("lower_lobe", "right"),
    "pleural_thickening": ("pleura", "left"),
    "calcified_granuloma": ("upper_lobe", "right"),
    "rib_fracture": ("rib", "left"),
    "hiatal_hernia": ("mediastinum", None),
    "pneumoperitoneum": ("abdomen", None),
    "endotracheal_tube": ("trachea", None),
    "nasogastric_tube": ("stomach", None),
    "central_venous_catheter": ("svc", None),
    "pacemaker": ("chest_wall", "left"),
    "chest_tube": ("pleural_space", "right"),
}


def make_fact(finding, severity="moderate", place=None):
    anatomy, side = place or SINGLE[finding]
    return Fact(finding=finding, anatomy=anatomy, side=side, polarity="present", severity=severity)


@lru_cache(maxsize=1)
def make_patient():
    rng = np.random.default_rng(3)
    body = sample_body(rng, sex="M", age=48.0)
    acquisition = sample_acquisition(rng, site=SITES[0])
    return body, replace(acquisition, size=192, aspect=1.0, rotation_deg=0.0, offset_z_mm=0.0, offset_x_mm=0.0)


def render(*facts, **changes):
    body, acquisition = make_patient()
    return render_radiograph(body, facts, acquisition=replace(acquisition, **changes), rng=np.random.default_rng(1))


@lru_cache(maxsize=64)
def values(*facts):
    picture = render(*facts)
    return picture, picture.pixels.astype(float) / (2**picture.bits - 1)


def test_the_same_seed_gives_the_same_bytes():
    fact = make_fact("consolidation")
    first, second = render(fact), render(fact)
    assert first.pixels.tobytes() == second.pixels.tobytes()
    assert first.pixels.dtype == np.uint16
    assert all(np.array_equal(first.masks[k], second.masks[k]) for k in first.masks)


@pytest.mark.parametrize("finding", sorted(SINGLE))
def test_every_finding_changes_the_picture_and_has_a_mask(finding):
    picture, shown = values(make_fact(finding, "severe"))
    _, normal = values()
    anatomy, side = SINGLE[finding]
    mask = picture.masks[f"{finding}@{Place(anatomy=anatomy, side=side)}"]
    assert mask.shape == shown.shape
    assert mask.any()
    assert np.abs(shown - normal)[mask].mean() > 0.004


@pytest.mark.parametrize("finding", ["consolidation", "pneumothorax", "fibrosis"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_finding_changes_its_own_side_most(finding, side):
    anatomy = "pleural_space" if finding in ("pneumothorax", "pleural_effusion") else "lower_lobe"
    picture, shown = values(make_fact(finding, place=(anatomy, side)))
    _, normal = values()
    change = np.abs(shown - normal)
    other = "left" if side == "right" else "right"
    masks = values()[0].masks
    assert change[masks[f"{side}_lung"]].mean() > 1.5 * change[masks[f"{other}_lung"]].mean()
    columns = np.flatnonzero(picture.masks[f"{finding}@{side}_{anatomy}"].any(axis=0)).mean()
    assert (columns > shown.shape[1] / 2) == (side == "left")


@pytest.mark.parametrize("finding", ["consolidation", "ground_glass_opacity", "pleural_effusion", "pulmonary_edema"])
def test_opacities_brighten_their_mask_more_with_severity(finding):
    _, normal = values()
    gains = []
    for severity in ("minimal", "mild", "moderate", "severe"):
        _, shown = values(make_fact(finding, severity))
        gains.append(float(np.maximum(shown - normal, 0).sum()))
    assert gains == sorted(gains)
    picture, shown = values(make_fact(finding, "severe"))
    anatomy, side = SINGLE[finding]
    mask = picture.masks[f"{finding}@{Place(anatomy=anatomy, side=side)}"]
    assert (shown - normal)[mask].mean() > 0.02


def test_absent_and_uncertain_facts_draw_nothing():
    facts = [replace(make_fact("consolidation"), polarity=p) for p in ("absent", "uncertain")]
    assert np.array_equal(render(*facts).pixels, values()[0].pixels)


def test_boxes_lie_in_the_picture_and_on_their_side():
    picture, shown = values()
    assert len(picture.boxes) == LOCATIONS
    rows, columns = shown.shape
    for place, box in picture.boxes.items():
        assert 0 <= box.x0 < box.x1 <= columns, place
        assert 0 <= box.y0 < box.y1 <= rows, place
        middle = 0.5 * (box.x0 + box.x1)
        if place.side == "left":
            assert middle > columns / 2, place
        if place.side == "right":
            assert middle < columns / 2, place


@pytest.mark.parametrize("side", ["left", "right"])
def test_zones_stack_from_top_to_bottom_and_tile_the_lung(side):
    picture, _ = values()
    whole = picture.boxes[Place(anatomy="lung", side=side)]
    names = ("apical_zone", "upper_lung_zone", "mid_lung_zone", "lower_lung_zone")
    zones = [picture.boxes[Place(anatomy=name, side=side)] for name in names]
    assert zones[0].y0 == whole.y0
    assert zones[-1].y1 == whole.y1
    assert [z.y1 for z in zones[:-1]] == [z.y0 for z in zones[1:]]


def test_an_effusion_touches_the_base_of_its_lung():
    picture, _ = values(make_fact("pleural_effusion"))
    fluid = picture.masks["pleural_effusion@right_pleural_space"]
    lung = values()[0].boxes[Place(anatomy="lung", side="right")]
    assert np.flatnonzero(fluid.any(axis=1)).max() >= lung.y1 - 0.06 * (lung.y1 - lung.y0)


def cardiothoracic_ratio(picture):
    heart = np.flatnonzero(picture.masks["cardiac_silhouette"].any(axis=0))
    lungs = np.flatnonzero((picture.masks["right_lung"] | picture.masks["left_lung"]).any(axis=0))
    return (heart[-1] - heart[0]) / (lungs[-1] - lungs[0])


@pytest.mark.parametrize("seed", range(2))
def test_a_large_heart_is_wider_than_half_the_chest(seed):
    rng = np.random.default_rng(seed)
    body = sample_body(rng, sex="F" if seed % 2 else "M", age=40.0 + 10 * seed)
    acquisition = replace(make_patient()[1], inspiration=0.9)
    ratios = []
    for severity in (None, "moderate", "severe"):
        facts = [] if severity is None else [make_fact("cardiomegaly", severity)]
        picture = render_radiograph(body, facts, acquisition=acquisition, rng=np.random.default_rng(1))
        ratios.append(cardiothoracic_ratio(picture))
    assert ratios[0] < 0.53
    assert ratios[1] > 0.5
    assert ratios == sorted(ratios)


def test_a_supine_effusion_veils_the_lung_instead_of_levelling():
    fact = make_fact("pleural_effusion")
    upright = render(fact).masks["pleural_effusion@right_pleural_space"]
    lying = render(fact, supine=True, view="AP", portable=True).masks["pleural_effusion@right_pleural_space"]
    assert np.ptp(np.flatnonzero(lying.any(axis=1))) > np.ptp(np.flatnonzero(upright.any(axis=1)))


def test_a_lateral_view_renders_without_frontal_boxes():
    picture = render(view="LATERAL")
    assert picture.boxes == {}
    assert picture.pixels.std() > 0


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.name)
def test_every_site_stores_its_own_depth(site):
    picture = render(site=site, size=128)
    assert picture.bits == site.bits
    assert int(picture.pixels.max()) < 2**site.bits
    assert int(picture.pixels.max()) > 0.5 * 2**site.bits
