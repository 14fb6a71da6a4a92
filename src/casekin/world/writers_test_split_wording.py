"""Vocabularies of the test split's writers, first part: an old school and a dictaphone's brevity.

The second part is `casekin.world.writers_test_split_wards`; see `casekin.world.writers_test_split`.
"""

from __future__ import annotations

from casekin.world.wording import Wording

CLASSIC = Wording(
    patterns={
        "consolidation": (
            "{degree} [lobar consolidation] {at}",
            "{a} {place} [consolidative process]",
            "{degree} [consolidative change] {at}",
            "[consolidation] that occupies the {place}",
            "In the {place} one finds {degree} [consolidation].",
        ),
        "ground_glass_opacity": (
            "{degree} [ground-glass shadowing] {at}",
            "{degree} [opacity of ground-glass type] {at}",
            "*[ground glass changes] that involve the {place}",
        ),
        "nodule": (
            "{a} [coin lesion] {at} with a diameter of {mm}",
            "{a} [nodule] of {mm} {at}",
            "{a} [nodule], {mm} across, {at}",
        ),
        "mass": (
            "{a} [mass] of {mm} {at}",
            "{a} [space-occupying lesion] {at}, diameter {mm}",
            "{a} bulky [lung mass] {at} of {mm}",
        ),
        "atelectasis": (
            "{degree} [collapse] {at}",
            "{degree} [dystelectasis] {at}",
            "{degree} [atelectatic collapse] {at}",
            "In the {place} one finds {degree} [dystelectasis].",
        ),
        "pleural_effusion": (
            "{a} {size} [collection of pleural fluid] on the {side}",
            "{a} {size} amount of [fluid in the {side} pleural cavity]",
            "{a} {size} [pleural effusion] on the {side}",
            "{a} {size} {side} [hydrothorax]",
            "On the {side} I see {a} {size} [pleural effusion].",
        ),
        "pneumothorax": (
            "{a} {size} [pneumothorax] at the {side} side",
            "{a} {size} amount of [air in the {side} pleural cavity]",
            "{a} {size} [pneumothorax] of the {side} lung",
        ),
        "cardiomegaly": (
            "{degree} [cardiac enlargement]",
            "The [heart is {degree_adverb} too wide].",
            "The [heart shadow is {degree_adverb} enlarged].",
            "{a} {degree_adverb} [enlarged heart shadow]",
        ),
        "pulmonary_edema": (
            "{degree} [oedema of the lungs]",
            "{degree} [pulmonary oedema] of cardiac origin",
            "the picture of {degree} [lung oedema]",
        ),
        "hilar_enlargement": (
            "{a} {degree_adverb} [bulky {side} hilum]",
            "The [{side} hilum is {degree_adverb} bulky].",
            "{degree} [enlargement of the hilum] on the {side}",
        ),
        "mediastinal_widening": (
            "{a} {degree_adverb} [broadened upper mediastinum]",
            "{degree} [broadening of the upper mediastinum]",
        ),
        "emphysema": (
            "{degree} generalized [emphysema of the lungs]",
            "{degree} [emphysema of lung tissue] {at}",
        ),
        "emphysema@upper_lobe": (
            "{degree} [emphysema] limited to the {place}",
            "{degree} [emphysema of lung tissue] {at}",
        ),
        "fibrosis": (
            "{degree} [fibrosis of the lungs]",
            "{degree} [fibrotic remodelling] {at}",
        ),
        "fibrosis@lower_lobe": ("{degree} [fibrotic remodelling] {at}", "{degree} [fibrosis] limited to the {place}"),
        "pleural_thickening": (
            "{degree} [pleural peel] on the {side}",
            "{a} {degree_adverb} [thickened {side} pleura]",
            "{degree} [thickening of the pleura] along the {side} chest wall",
        ),
        "calcified_granuloma": (
            "{a} [calcified granuloma], {mm} in diameter, {at}",
            "{a} [granuloma, densely calcified], {at}",
        ),
        "rib_fracture": (
            "{a} [broken rib] on the {side}",
            "{a} [costal fracture] on the {side}",
            "{a} [fracture of one rib] on the {side}",
        ),
        "hiatal_hernia": (
            "{a} {size} [herniation of the stomach through the hiatus]",
            "{a} {size} [hiatus hernia] behind the heart",
        ),
        "pneumoperitoneum": (
            "{a} {size} [crescent of free gas] beneath the diaphragm",
            "{size} [free subdiaphragmatic gas]",
        ),
        "endotracheal_tube": (
            "The [tracheal tube] lies {tip}.",
            "{a} [breathing tube] that ends {tip}",
            "The tip of the [endotracheal tube] is {tip}.",
        ),
        "nasogastric_tube": (
            "The [nasogastric tube] can be followed {tip}.",
            "{a} [nasogastric feeding tube] that can be followed {tip}",
        ),
        "central_venous_catheter": (
            "The [central venous access] projects {tip}.",
            "{a} [CVC] that projects {tip}",
            "The tip of the [central venous catheter] comes to lie {tip}.",
        ),
        "pacemaker": (
            "{a} [pacemaker generator] below the {side} clavicle",
            "{a} {side} pectoral [pacing unit]",
            "The [pacemaker] sits on the {side}.",
        ),
        "chest_tube": (
            "{a} [thoracic drain] on the {side}",
            "{a} {side} [Bülau drain]",
            "The [pleural drain] enters on the {side}.",
        ),
    },
    pairs={
        "pleural_effusion": (
            "*{size} [collections of pleural fluid] on either side",
            "[fluid in either pleural cavity], {greater} more than {lesser}",
            "*[pleural effusions] on both sides, that on the {greater} exceeding that on the {lesser}",
        ),
        "pleural_thickening": (
            "{degree} [pleural peel] on either side",
            "[pleural peel] on either side, thicker {greater} than {lesser}",
        ),
        "hilar_enlargement": (
            "*{degree_adverb} [bulky hila] on either side",
            "*[bulky hila] on either side, the {greater} bulkier than the {lesser}",
        ),
    },
    apart={
        "pleural_effusion": (
            "*{size_one} {side_one} and {size_two} {side_two} [hydrothorax]",
            "*[pleural effusions], {size_one} on the {side_one} and {size_two} on the {side_two}",
        ),
    },
    bare={
        "pleural_effusion": ("{size} [pleural fluid]", "{a} {size} [hydrothorax]"),
        "pleural_thickening": ("{degree} [pleural peel]",),
    },
    absent={
        "consolidation": ("[pulmonary consolidation]", "[consolidative process]", "[lobar consolidation]"),
        "nodule": ("[coin lesion]", "[round nodule]"),
        "mass": ("[space-occupying lesion]",),
        "atelectasis": ("[collapse]", "[dystelectasis]"),
        "pleural_effusion": ("[pleural fluid]", "[effusion into the pleura]"),
        "pneumothorax": ("[pneumothorax]", "[air in the pleural cavity]"),
        "pulmonary_edema": ("[lung oedema]", "[pulmonary oedema]"),
        "rib_fracture": ("[broken rib]", "[costal fracture]"),
        "pneumoperitoneum": ("[free subdiaphragmatic gas]",),
        "hilar_enlargement": ("[bulky hilum]",),
        "mediastinal_widening": ("[mediastinal broadening]",),
        "pleural_thickening": ("[pleural peel]",),
        "cardiomegaly": ("[cardiac enlargement]",),
    },
    places={
        "upper_lobe": (
            ("{side} upper lobe", "of the {side} upper lobe"),
            ("{side} upper lobe", "up in the {side} upper lobe"),
        ),
        "middle_lobe": (
            ("middle lobe", "of the middle lobe"),
            ("{side} middle lobe", "occupying the {side} middle lobe"),
        ),
        "lower_lobe": (
            ("{side} lower lobe", "of the {side} lower lobe"),
            ("{side} lower lobe", "down in the {side} lower lobe"),
        ),
        "lingula": (("lingula", "of the lingula"), ("{side} lingula", "inside the {side} lingula")),
        "lung": (("both lungs", "of both lungs"),),
    },
    broad={
        "upper_lobe": (("{side} upper field", "in the {side} upper field", "upper_lung_zone"),),
        "lower_lobe": (("{side} lower field", "in the {side} lower field", "lower_lung_zone"),),
    },
    tips={
        "trachea": ("in the windpipe well above the bifurcation", "{n} cm above the tracheal bifurcation"),
        "stomach": ("down into the stomach", "as far as the stomach"),
        "esophagus": ("only as far as the oesophagus", "no further than the oesophagus"),
        "svc": ("over the superior caval vein", "within the vena cava superior"),
        "right_atrium": ("over the right atrium", "inside the right atrium"),
    },
    same_side=(
        ("{side} {lobes} lobes", "of the {lobes} lobes on the {side}"),
        ("{lobes} lobes on the {side}", "in the {lobes} lobes, all on the {side},"),
    ),
    both_sides=(("{lobe} lobe on either side", "of the {lobe} lobe on either side"),),
    across=(
        ("{side_one} {one} and the {side_two} {two} lobe", "of the {side_one} {one} and of the {side_two} {two} lobe"),
    ),
    sizes={
        "minimal": ("marginal", "barely visible"),
        "mild": ("little", "modest"),
        "moderate": ("medium-sized", "fair-sized"),
        "severe": ("big", "extensive"),
    },
    degrees={
        "minimal": ("barely visible", "faint"),
        "mild": ("low-grade", "modest"),
        "moderate": ("medium-grade", "distinct"),
        "severe": ("high-grade", "pronounced"),
    },
    degree_adverbs={
        "minimal": ("barely",),
        "mild": ("somewhat", "slightly"),
        "moderate": ("distinctly", "clearly"),
        "severe": ("grossly", "massively"),
    },
    measures=("{mm} millimeters", "about {cm} centimeters", "{cm} by {cm2} cm"),
    one_sided="{item} on the {side}",
)

CLIPPED = Wording(
    patterns={
        "consolidation": (
            "[lung consolidated] {at}, {degree}",
            "{degree} [consolidation] {at}",
            "[consolidated] {place}",
        ),
        "ground_glass_opacity": ("{degree} [ground glass density] {at}", "{degree} {place} [ground-glassing]"),
        "nodule": ("[nodule] {mm} {at}", "{place} [small lung nodule] {mm}"),
        "mass": ("[mass] {mm} {at}", "{place} [big mass] {mm}"),
        "atelectasis": ("{degree} {place} [collapse]", "[partly collapsed] {place}", "{degree} [collapse] {at}"),
        "pleural_effusion": (
            "{size} {side} [pleural fluid]",
            "{size} [pleural fluid] {side}",
            "{side} [effusion], {size}",
        ),
        "pneumothorax": ("{size} {side} [pneumo]", "{size} [pneumothorax] {side}"),
        "cardiomegaly": ("{degree} [big heart]", "[heart {degree_adverb} big].", "{degree} [heart enlargement]"),
        "pulmonary_edema": ("{degree} [lung oedema]", "{degree} [oedematous lungs]"),
        "hilar_enlargement": ("{degree} {side} [hilar fullness]", "[big hilum] {side}, {degree}"),
        "mediastinal_widening": ("{degree} [broad mediastinum]", "[superior mediastinum {degree_adverb} broad]."),
        "emphysema": ("{degree} [lungs emphysematous]", "{degree} [emphysema] {at}"),
        "emphysema@upper_lobe": ("{degree} [emphysema] {at}", "{place} [emphysema], {degree}"),
        "fibrosis": ("{degree} [fibrotic lungs]", "{degree} [lung fibrosis] {at}"),
        "fibrosis@lower_lobe": ("{degree} [lung fibrosis] {at}", "{degree} {place} [fibrosing change]"),
        "pleural_thickening": ("{degree} [thick pleura] {side}", "{side} [pleura thickened], {degree}"),
        "calcified_granuloma": ("{place} [old calcified granuloma]", "[granuloma with calcium] {at}, {mm}"),
        "rib_fracture": ("{side} [fractured rib]", "[broken rib] {side}", "{side} [rib broken]"),
        "hiatal_hernia": ("{size} [sliding hiatal hernia]", "{size} [hernia at hiatus]"),
        "pneumoperitoneum": ("{size} [subphrenic free air]", "{size} [free air] under diaphragm"),
        "endotracheal_tube": ("[tracheal tube] {tip}", "[intubation tube] end {tip}"),
        "nasogastric_tube": ("[nasogastric] {tip}", "[NG] end {tip}"),
        "central_venous_catheter": ("[central line] end {tip}", "[CV line] {tip}"),
        "pacemaker": ("{side} [pacing box]", "[pacemaker box] {side}"),
        "chest_tube": ("{side} [pleural tube]", "[pleural drain] {side}"),
    },
    pairs={
        "pleural_effusion": (
            "{size} [pleural fluid] both sides",
            "[pleural fluid] both sides, more {greater} than {lesser}",
        ),
        "pleural_thickening": (
            "{degree} [thick pleura] both sides",
            "[thick pleura] both sides, more {greater} than {lesser}",
        ),
        "hilar_enlargement": (
            "{degree} [full hila] both sides",
            "[full hila] both sides, more {greater} than {lesser}",
        ),
    },
    apart={
        "pleural_effusion": (
            "[pleural fluid], {size_one} {side_one} and {size_two} {side_two}",
            "[effusion] {side_one} {size_one} and {side_two} {size_two}",
        ),
    },
    bare={
        "pleural_effusion": ("{size} [pleural fluid]",),
        "pleural_thickening": ("{degree} [thick pleura]",),
        "pneumothorax": ("{size} [pneumo]",),
    },
    absent={
        "consolidation": ("[any consolidation]", "[consolidated lung]"),
        "nodule": ("[lung nodules]",),
        "mass": ("[big mass]",),
        "atelectasis": ("[collapse]",),
        "pleural_effusion": ("[pleural fluid]", "[effusion]"),
        "pneumothorax": ("[pneumo]", "[pneumothorax]"),
        "pulmonary_edema": ("[lung oedema]",),
        "rib_fracture": ("[broken ribs]",),
        "pneumoperitoneum": ("[subphrenic free air]",),
    },
    places={
        "upper_lobe": (("{side} upper lobe", "{side} upper lobe"), ("{initial} upper lobe", "upper lobe {side}")),
        "middle_lobe": (("{side} middle lobe", "{side} middle lobe"), ("middle lobe", "middle lobe")),
        "lower_lobe": (("{side} lower lobe", "{side} lower lobe"), ("{initial} lower lobe", "lower lobe {side}")),
        "lingula": (("lingula", "lingula {side}"),),
        "lung": (("both lungs", "both lungs"),),
    },
    broad={
        "upper_lobe": (("{side} apical zone", "in {side} apical zone", "apical_zone"),),
        "lower_lobe": (("{side} lung base", "down at {side} base", "lung_base"),),
    },
    tips={
        "trachea": ("in trachea above carina, ok", "{n} cm off carina"),
        "stomach": ("down in stomach", "well into stomach"),
        "esophagus": ("too high, still in oesophagus", "stuck in oesophagus"),
        "svc": ("in upper cava", "ok in superior cava"),
        "right_atrium": ("too deep, right atrium", "down in right atrium"),
    },
    same_side=(("{side} {lobes} lobe", "{side} {lobes} lobe"),),
    both_sides=(("{lobe} lobe both sides", "{lobe} lobe both sides"),),
    across=(("{side_one} {one} plus {side_two} {two} lobe", "{side_one} {one} plus {side_two} {two} lobe"),),
    sizes={
        "minimal": ("slight", "minute"),
        "mild": ("a little", "smallish"),
        "moderate": ("medium", "fair-sized"),
        "severe": ("voluminous", "big"),
    },
    degrees={
        "minimal": ("faint",),
        "mild": ("light",),
        "moderate": ("medium", "definite"),
        "severe": ("heavy", "gross"),
    },
    degree_adverbs={"minimal": ("barely",), "mild": ("slightly",), "moderate": ("clearly",), "severe": ("very",)},
    measures=("{mm} millimetres", "about {cm} centimetre", "{mm} by {mm2} millimetres"),
)
