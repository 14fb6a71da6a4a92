"""Vocabularies of the test split's writers; see `casekin.world.writers_test_split`."""

from __future__ import annotations

from casekin.world.wording import Wording

CLASSIC = Wording(
    patterns={
        "consolidation": (
            "{degree} [pneumonic shadowing] {at}",
            "{a} {degree} [infiltration] {at}",
            "{a} {place} [consolidative process]",
        ),
        "ground_glass_opacity": ("{degree} [ground-glass shadowing] {at}", "{a} {degree} [veil-like opacity] {at}"),
        "nodule": (
            "{a} [round lesion] of {mm} {at}",
            "{a} [coin lesion] {at} with a diameter of {mm}",
            "{a} [nodulus] of {mm} {at}",
        ),
        "mass": ("{a} [tumor] of {mm} {at}", "{a} [space-occupying lesion] {at}, diameter {mm}"),
        "atelectasis": ("{degree} [collapse] {at}", "{degree} [dystelectasis] {at}"),
        "pleural_effusion": (
            "{a} {size} [collection of pleural fluid] on the {side}",
            "{size} [fluid] in the {side} pleural cavity",
            "{a} {size} {side} [hydrothorax]",
        ),
        "pneumothorax": ("{a} {size} [pneumothorax] at the {side} side", "{size} [air in the {side} pleural cavity]"),
        "cardiomegaly": (
            "{degree} [cardiac enlargement]",
            "The [heart is {degree_adverb} too wide].",
            "{a} {degree_adverb} [dilated heart]",
        ),
        "pulmonary_edema": (
            "{degree} [fluid overload] with Kerley lines",
            "{degree} [oedema of the lungs]",
            "{degree} [alveolar oedema] of the butterfly type",
        ),
        "hilar_enlargement": (
            "{a} {degree_adverb} [bulky {side} hilum]",
            "The [{side} hilar shadow is {degree_adverb} bulky].",
        ),
        "mediastinal_widening": (
            "{a} {degree_adverb} [broadened mediastinum]",
            "{degree} [broadening of the upper mediastinum]",
        ),
        "emphysema": (
            "{degree} [overinflation of emphysematous type]",
            "{degree} generalized [emphysema of the lungs]",
        ),
        "emphysema@upper_lobe": ("{degree} [emphysema] limited to the {place}", "{degree} [bullous emphysema] {at}"),
        "fibrosis": ("{degree} [interstitial scarring] of both lungs", "{a} {degree} [fibrosing lung disease]"),
        "fibrosis@lower_lobe": ("{degree} [interstitial scarring] {at}", "{degree} [honeycombing] {at}"),
        "pleural_thickening": (
            "{degree} [pleural peel] on the {side}",
            "{a} {degree_adverb} [thickened {side} pleura]",
        ),
        "calcified_granuloma": ("{a} [calcified focus] {at}", "{a} [calcific scar of old granulomatous disease] {at}"),
        "rib_fracture": ("{a} [broken rib] on the {side}", "{a} [costal fracture] on the {side}"),
        "hiatal_hernia": (
            "{a} {size} [herniation of the stomach through the hiatus]",
            "{a} {size} [hiatus hernia] behind the heart",
        ),
        "pneumoperitoneum": (
            "{a} {size} [crescent of gas beneath the diaphragm]",
            "{size} [free subdiaphragmatic gas]",
        ),
        "endotracheal_tube": (
            "The [tracheal tube] lies well above the bifurcation.",
            "{a} [breathing tube] in the windpipe above the bifurcation",
        ),
        "nasogastric_tube": (
            "The [gastric tube] reaches the stomach.",
            "{a} [feeding tube] that reaches the gastric fundus",
        ),
        "nasogastric_tube@esophagus": (
            "The [gastric tube] does not reach the stomach but stops in the oesophagus.",
            "{a} [feeding tube] that has stopped in the oesophagus",
        ),
        "central_venous_catheter": (
            "The [central venous access] projects onto the upper caval vein.",
            "{a} [CVC] that projects onto the vena cava superior",
        ),
        "central_venous_catheter@right_atrium": (
            "The [central venous access] projects onto the right atrium.",
            "{a} [CVC] that projects onto the right atrium",
        ),
        "pacemaker": (
            "{a} [pacemaker generator] below the {side} clavicle",
            "{a} {side} infraclavicular [pacing unit]",
        ),
        "chest_tube": ("{a} [thoracic drain] on the {side}", "{a} {side} [Bülau drain]"),
    },
    pairs={
        "pleural_effusion": (
            "*{size} [collections of pleural fluid] on either side",
            "[fluid] in either pleural cavity, {greater} more than {lesser}",
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
    absent={
        "consolidation": ("[pneumonic infiltration]", "[pneumonic shadow]"),
        "nodule": ("[round lesion]", "[coin lesion]"),
        "mass": ("[space-occupying lesion]", "[tumor]"),
        "atelectasis": ("[collapse]",),
        "pleural_effusion": ("[pleural fluid]", "[fluid collection]"),
        "pneumothorax": ("[pneumothorax]", "[pleural air]"),
        "pulmonary_edema": ("[fluid overload]", "[oedema]"),
        "rib_fracture": ("[broken rib]",),
        "pneumoperitoneum": ("[subdiaphragmatic gas]",),
        "hilar_enlargement": ("[hilar bulging]",),
        "mediastinal_widening": ("[mediastinal broadening]",),
        "pleural_thickening": ("[pleural peel]",),
        "cardiomegaly": ("[cardiac enlargement]",),
    },
    places={
        "upper_lobe": (
            ("{side} upper lobe", "of the {side} upper lobe"),
            ("{side} upper field", "in the {side} upper field"),
        ),
        "middle_lobe": (
            ("{side} middle lobe", "of the {side} middle lobe"),
            ("{side} middle field", "beside the {side} heart border"),
        ),
        "lower_lobe": (
            ("{side} lower lobe", "of the {side} lower lobe"),
            ("{side} lower field", "in the {side} lower field"),
        ),
        "lingula": (("{side} lingula", "of the {side} lingula"), ("{side} lingula", "in the {side} lingular segments")),
        "lung": (("whole lung", "of the whole lung"),),
    },
    lobes={"upper_lobe": "upper", "middle_lobe": "middle", "lower_lobe": "lower"},
    same_side=(
        ("{side} {one} plus {two} lobe", "of the {side} {one} as well as the {side} {two} lobe"),
        ("{side} {one}/{two} lobe", "of both the {one} and the {two} lobe on the {side}"),
    ),
    both_sides=(("double-sided {lobe} lobe", "of the {lobe} lobe on either side"),),
    sizes={
        "minimal": ("marginal", "barely visible"),
        "mild": ("little", "modest"),
        "moderate": ("medium-sized", "medium"),
        "severe": ("big", "extensive"),
    },
    degrees={
        "minimal": ("discrete", "faint"),
        "mild": ("low-grade", "modest"),
        "moderate": ("medium-grade", "distinct"),
        "severe": ("high-grade", "pronounced"),
    },
    degree_adverbs={
        "minimal": ("discretely", "barely"),
        "mild": ("somewhat", "a little"),
        "moderate": ("distinctly", "clearly"),
        "severe": ("grossly", "massively"),
    },
    sides={"left": "left", "right": "right", "bilateral": "double-sided"},
    measures=("{mm} millimeters", "about {cm} centimeters", "{cm} by {cm2} cm"),
)

CLIPPED = Wording(
    patterns={
        "consolidation": ("{degree} [pneumonia] {at}", "{degree} {place} [density]"),
        "ground_glass_opacity": ("{degree} [ground glass density] {at}", "{degree} {place} [haze]"),
        "nodule": ("[nodular density] {mm} {at}", "{place} [small round density] {mm}"),
        "mass": ("[large round density] {mm} {at}", "{place} [tumour] {mm}"),
        "atelectasis": ("{degree} {place} [collapse]", "{degree} [plate-like density] {at}"),
        "pleural_effusion": ("{size} {side} [fluid]", "{size} [pleural fluid] {side}"),
        "pneumothorax": ("{size} {side} [pneumo]", "{size} [pneumothorax] {side}"),
        "cardiomegaly": ("{degree} [big heart]", "[heart {degree_adverb} big]."),
        "pulmonary_edema": ("{degree} [interstitial fluid]", "{degree} [lung oedema]"),
        "hilar_enlargement": ("{degree} {side} [fullness of hilum]", "{degree} [full hilum] {side}"),
        "mediastinal_widening": ("{degree} [broad mediastinum]", "[superior mediastinum {degree_adverb} broad]."),
        "emphysema": ("{degree} [hyperlucent lungs]", "{degree} [emphysematous lungs]"),
        "emphysema@upper_lobe": ("{degree} {place} [hyperlucency]", "{degree} [bullae] {at}"),
        "fibrosis": ("{degree} [scarred lungs]", "{degree} [reticular lungs]"),
        "fibrosis@lower_lobe": ("{degree} [reticular scarring] {at}", "{degree} {place} [reticulation]"),
        "pleural_thickening": ("{degree} {side} [pleural scar]", "{degree} [thick pleura] {side}"),
        "calcified_granuloma": ("{place} [calcified spot]", "[old calcified granulomatous focus] {at}"),
        "rib_fracture": ("{side} [fractured rib]", "[broken ribs] {side}"),
        "hiatal_hernia": ("{size} [sliding hernia]", "{size} [stomach behind heart]"),
        "pneumoperitoneum": ("{size} [subphrenic air]", "{size} [air under diaphragm]"),
        "endotracheal_tube": ("[tube] in trachea ok", "[tracheal tube] ok"),
        "nasogastric_tube": ("[stomach tube] ok", "[gastric tube] down in stomach"),
        "nasogastric_tube@esophagus": ("[stomach tube] too high, in oesophagus", "[gastric tube] stuck in oesophagus"),
        "central_venous_catheter": ("[venous line] ok in cava", "[jugular line] ends cava superior"),
        "central_venous_catheter@right_atrium": ("[venous line] deep, in atrium", "[jugular line] ends right atrium"),
        "pacemaker": ("{side} [pacing box]", "[PM] {side}"),
        "chest_tube": ("{side} [drain]", "[pleural drain] {side}"),
    },
    pairs={
        "pleural_effusion": ("{size} [fluid] both sides", "[fluid] both sides, more {greater} than {lesser}"),
        "pleural_thickening": (
            "{degree} [pleural scar] both sides",
            "[pleural scar] both sides, more {greater} than {lesser}",
        ),
        "hilar_enlargement": (
            "{degree} [full hila] both sides",
            "[full hila] both sides, more {greater} than {lesser}",
        ),
    },
    absent={
        "consolidation": ("[pneumonia]", "[density]"),
        "nodule": ("[nodular densities]",),
        "mass": ("[tumour]",),
        "atelectasis": ("[collapse]",),
        "pleural_effusion": ("[fluid]",),
        "pneumothorax": ("[pneumo]", "[pneumothorax]"),
        "pulmonary_edema": ("[oedema]",),
        "rib_fracture": ("[broken ribs]",),
        "pneumoperitoneum": ("[air under diaphragm]",),
    },
    places={
        "upper_lobe": (("{side} apical zone", "in {side} apical zone"), ("{side} upper lobe", "{side} upper lobe")),
        "middle_lobe": (("{side} mid", "{side} middle lobe"), ("middle lobe", "{side} middle lobe")),
        "lower_lobe": (("{side} basal zone", "in {side} basal zone"), ("{side} lower lobe", "{side} lower lobe")),
        "lingula": (("lingula", "lingula {side}"),),
        "lung": (("all over", "all over"),),
    },
    lobes={"upper_lobe": "upper", "middle_lobe": "middle", "lower_lobe": "lower"},
    same_side=(("{side} {one} + {two} lobe", "{side} {one} + {two} lobe"),),
    both_sides=(("{lobe} lobe both sides", "{lobe} lobe both sides"),),
    sizes={
        "minimal": ("slight",),
        "mild": ("small amount of", "little"),
        "moderate": ("medium", "fair amount of"),
        "severe": ("voluminous", "large amount of"),
    },
    degrees={
        "minimal": ("faint",),
        "mild": ("light",),
        "moderate": ("medium", "definite"),
        "severe": ("heavy", "gross"),
    },
    degree_adverbs={"minimal": ("barely",), "mild": ("slightly",), "moderate": ("clearly",), "severe": ("very",)},
    sides={"left": "left", "right": "right", "bilateral": "both"},
    measures=("{mm} millimetres", "about {cm} centimetre", "{mm} by {mm2}"),
)
