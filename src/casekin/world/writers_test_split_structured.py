"""Vocabulary of the test split's writers, third part: a department with report templates.

See `casekin.world.writers_test_split`.
"""

from __future__ import annotations

from casekin.world.wording import Wording

STRUCTURED = Wording(
    patterns={
        "consolidation": (
            "{degree} [airspace consolidation] centered {at}",
            "{a} {degree} {place} [consolidative opacity]",
            "{degree} [consolidation], predominantly {place}",
            "Centered {at} is {degree} [airspace consolidation].",
        ),
        "ground_glass_opacity": (
            "*{degree} [ground-glass opacities] centered {at}",
            "{degree} [ground glass opacification], predominantly {place}",
        ),
        "nodule": (
            "{a} solid {mm} [pulmonary nodule] {at}",
            "{a} {place} solid [nodule] ({mm})",
            "{a} [lung nodule] measuring up to {mm} {at}",
        ),
        "mass": (
            "{a} [pulmonary mass] measuring up to {mm} {at}",
            "{a} {place} spiculated [mass] ({mm})",
        ),
        "atelectasis": (
            "{degree} adjacent [atelectasis] {at}",
            "{degree} [atelectatic changes] {at}",
            "{degree} [atelectasis], predominantly {place}",
        ),
        "pleural_effusion": (
            "{a} {size} layering {side} [pleural effusion]",
            "{a} {size} free-flowing [pleural effusion] on the {side}",
            "{a} {size} {side} [effusion] that layers dependently",
            "Within the {side} pleural space is {a} {size} [effusion].",
        ),
        "pneumothorax": (
            "{a} {size} [pneumothorax] involving the {side} hemithorax",
            "{a} {size} [pneumothorax] inside the {side} pleural space",
        ),
        "cardiomegaly": (
            "The [heart size is {degree_adverb} increased].",
            "{degree} [cardiac silhouette enlargement]",
            "{degree} [global cardiac enlargement]",
        ),
        "pulmonary_edema": (
            "{degree} hydrostatic [pulmonary edema]",
            "an appearance of {degree} [pulmonary edema]",
        ),
        "hilar_enlargement": (
            "{degree} asymmetric [enlargement of the {side} hilum]",
            "The {side} [hilum appears {degree_adverb} enlarged].",
        ),
        "mediastinal_widening": (
            "{degree} [widening of the mediastinum] superiorly",
            "The [mediastinum is {degree_adverb} widened superiorly].",
        ),
        "emphysema": ("{degree} underlying [emphysema]", "{degree} [emphysema] {at}"),
        "emphysema@upper_lobe": ("{degree} [emphysema] centered {at}", "{degree} [emphysema], predominantly {place}"),
        "fibrosis": ("{degree} underlying [fibrotic lung disease] {at}", "chronic [pulmonary fibrosis], {degree}"),
        "fibrosis@lower_lobe": (
            "{degree} [fibrotic changes] centered {at}",
            "{degree} [fibrosis], predominantly {place}",
        ),
        "pleural_thickening": (
            "{degree} smooth {side} [pleural thickening]",
            "{degree} [pleural thickening], {side} sided",
        ),
        "calcified_granuloma": (
            "{a} benign [calcified granuloma] {at}",
            "{a} {mm} benign {place} [calcified granuloma]",
        ),
        "rib_fracture": (
            "{a} nondisplaced {side} [rib fracture]",
            "{a} [fracture involving a {side} rib]",
        ),
        "hiatal_hernia": ("{a} {size} sliding-type [hiatal hernia]", "{a} {size} [hiatal hernia] containing stomach"),
        "pneumoperitoneum": ("{size} volume [pneumoperitoneum]", "{size} [intraperitoneal free air]"),
        "endotracheal_tube": (
            "The [endotracheal tube] tip terminates {tip}.",
            "{a} [endotracheal tube] that terminates {tip}",
        ),
        "nasogastric_tube": (
            "The [nasogastric tube] has its side port and tip {tip}.",
            "{a} [nasogastric tube] that terminates {tip}",
        ),
        "central_venous_catheter": (
            "The [central venous catheter] tip terminates {tip}.",
            "{a} [central venous catheter] that terminates {tip}",
        ),
        "pacemaker": (
            "{a} {side} subclavian approach [cardiac pacemaker]",
            "{a} [dual-lead pacemaker] in the {side} chest wall",
        ),
        "chest_tube": (
            "{a} {side} large-bore [thoracostomy tube]",
            "{a} [chest tube] entering on the {side}",
        ),
    },
    pairs={
        "pleural_effusion": (
            "*{size} bilateral layering [pleural effusions]",
            "*bilateral layering [pleural effusions], the {greater} larger than the {lesser}",
        ),
        "pleural_thickening": (
            "{degree} smooth bilateral [pleural thickening]",
            "smooth bilateral [pleural thickening], the {greater} thicker than the {lesser}",
        ),
        "hilar_enlargement": (
            "{degree} symmetric bilateral [hilar enlargement]",
            "bilateral [hilar enlargement], more conspicuous on the {greater}",
        ),
    },
    apart={
        "pleural_effusion": (
            "*layering [pleural effusions], {size_one} {side_one} and {size_two} {side_two}",
            "*{size_one} {side_one} and {size_two} {side_two} layering [pleural effusions]",
        ),
    },
    bare={
        "pleural_effusion": ("{a} {size} layering [pleural effusion]",),
        "pneumothorax": ("{a} {size} accompanying [pneumothorax]",),
    },
    absent={
        "consolidation": ("[confluent consolidation]", "[consolidative opacity]"),
        "nodule": ("[solid pulmonary nodule]",),
        "mass": ("[pulmonary mass]",),
        "atelectasis": ("[atelectatic changes]",),
        "pleural_effusion": ("[layering effusion]", "[sizable pleural effusion]"),
        "pneumothorax": ("[visualized pneumothorax]", "[appreciable pneumothorax]"),
        "pulmonary_edema": ("[hydrostatic edema]", "[frank pulmonary edema]"),
        "rib_fracture": ("[acute displaced rib fracture]",),
        "pneumoperitoneum": ("[intraperitoneal free air]",),
        "hilar_enlargement": ("[abnormal hilar enlargement]",),
        "mediastinal_widening": ("[abnormal mediastinal widening]",),
        "pleural_thickening": ("[abnormal pleural thickening]",),
        "cardiomegaly": ("[cardiac silhouette enlargement]",),
    },
    places={
        "upper_lobe": (
            ("{side} upper lobe", "inside the {side} upper lobe"),
            ("{side} upper lobe", "in the {side} upper lobe (see key image)"),
        ),
        "middle_lobe": (("right middle lobe", "inside the right middle lobe"),),
        "lower_lobe": (
            ("{side} lower lobe", "inside the {side} lower lobe"),
            ("{side} lower lobe", "in the {side} lower lobe (see key image)"),
        ),
        "lingula": (("lingula", "inside the lingula"),),
        "lung": (("bilateral", "throughout the bilateral lungs"),),
    },
    broad={
        "upper_lobe": (("{side} apical region", "in the region of the {side} lung apex", "apical_zone"),),
        "lower_lobe": (("{side} lung base", "at the base of the {side} lung", "lung_base"),),
    },
    tips={
        "trachea": ("{n} cm superior to the carina", "in the trachea, as intended"),
        "stomach": ("inside the stomach", "in the expected location of the stomach"),
        "esophagus": ("in the esophagus; advancement is advised", "inside the esophagus"),
        "svc": ("in the SVC, as intended", "inside the superior vena cava"),
        "right_atrium": ("in the right atrium, deeper than intended", "inside the right atrium"),
    },
    same_side=(("{side} {lobes} lobe", "inside the {side} {lobes} lobes"),),
    both_sides=(
        ("two-sided {lobe} lobe", "inside the bilateral {lobe} lobes"),
        ("two-sided {lobe} lobe", "within both the right and left {lobe} lobes"),
    ),
    across=(
        ("{side_one} {one} as well as {side_two} {two} lobe", "inside the {side_one} {one} and {side_two} {two} lobes"),
    ),
    sizes={
        "minimal": ("trace", "very tiny"),
        "mild": ("small",),
        "moderate": ("moderate", "moderate-sized"),
        "severe": ("large", "massive"),
    },
    degrees={
        "minimal": ("minimal", "trace"),
        "mild": ("mild",),
        "moderate": ("moderate",),
        "severe": ("severe", "extensive"),
    },
    degree_adverbs={
        "minimal": ("minimally",),
        "mild": ("mildly",),
        "moderate": ("moderately",),
        "severe": ("severely",),
    },
    measures=("{mm} mm", "{cm} cm", "{cm} by {cm2} cm", "{mm} by {mm2} mm"),
    one_sided="{item} on the {side}",
)
