"""Vocabularies of the test split's writers, second part: a British department and an intensive care unit.

See `casekin.world.writers_test_split`.
"""

from __future__ import annotations

from casekin.world.wording import Wording

BRITISH = Wording(
    patterns={
        "consolidation": (
            "{degree} [consolidation] affecting the {place}",
            "{degree} [air space consolidation] {at}",
            "{a} {degree} area of [consolidated lung] {at}",
            "There is {degree} [consolidation] and it lies within the {place}.",
        ),
        "ground_glass_opacity": (
            "{degree} [ground glass change] {at}",
            "{degree} [ground-glass opacification] involving the {place}",
        ),
        "nodule": (
            "{a} [pulmonary nodule] {at} which measures {mm}",
            "{a} solitary [nodule] of {mm} projected {at}",
            "{a} well defined {mm} [lung nodule] {at}",
        ),
        "mass": ("{a} [mass] {at} which measures {mm}", "{a} lobulated [mass lesion] of {mm} {at}"),
        "atelectasis": (
            "partial [collapse] of the {place}",
            "{degree} bands of [atelectasis] {at}",
            "{degree} [atelectasis] affecting the {place}",
        ),
        "pleural_effusion": (
            "{a} {size} [effusion] on the {side}",
            "{side} sided [pleural effusion], {size}",
            "{size} [pleural fluid] layering on the {side}",
            "The {side} hemithorax contains {a} {size} [effusion].",
        ),
        "pneumothorax": (
            "{a} {size} [pneumothorax] on the {side} side",
            "{side} [pneumothorax], {size}",
            "{a} {size} [pneumothorax] affecting the {side} lung",
        ),
        "cardiomegaly": (
            "The [heart is {degree_adverb} enlarged in transverse diameter].",
            "The [cardiothoracic ratio exceeds 50%].",
            "{degree} [enlargement of the heart]",
        ),
        "pulmonary_edema": (
            "changes of {degree} [pulmonary oedema]",
            "appearances of {degree} [cardiogenic pulmonary oedema]",
        ),
        "hilar_enlargement": (
            "The [hilum on the {side} is {degree_adverb} enlarged].",
            "{degree} [hilar enlargement] on the {side}",
        ),
        "mediastinal_widening": (
            "The [superior mediastinum is {degree_adverb} wide].",
            "{degree} [widening of the upper mediastinum]",
        ),
        "emphysema": ("background {degree} [emphysema]", "{degree} [changes of emphysema] {at}"),
        "emphysema@upper_lobe": ("{degree} [changes of emphysema] {at}", "[emphysema] affecting the {place}"),
        "fibrosis": ("established {degree} [pulmonary fibrosis]", "{degree} [fibrotic lung change] {at}"),
        "fibrosis@lower_lobe": ("{degree} [fibrotic lung change] {at}", "{degree} [fibrosis] affecting the {place}"),
        "pleural_thickening": (
            "[pleural thickening] {side} sided, {degree}",
            "{degree} [thickened pleura] on the {side}",
        ),
        "calcified_granuloma": (
            "{a} [calcified granuloma], {mm}, {at}",
            "{a} {mm} [granuloma, calcified], {at}",
        ),
        "rib_fracture": ("{a} [fractured rib] on the {side}", "{a} {side} sided [rib fracture]"),
        "hiatal_hernia": ("{a} {size} [sliding hiatus hernia]", "{a} [hiatus hernia], {size}, behind the heart"),
        "pneumoperitoneum": ("{size} [free gas] under the diaphragm", "{size} volume of [free intraperitoneal gas]"),
        "endotracheal_tube": (
            "The [endotracheal tube] tip lies {tip}.",
            "{a} [cuffed endotracheal tube] whose tip is {tip}",
        ),
        "nasogastric_tube": (
            "The [NG tube] is seen with its tip projected {tip}.",
            "{a} [fine bore nasogastric tube] whose tip is projected {tip}",
        ),
        "central_venous_catheter": (
            "The [central line] has its tip projected {tip}.",
            "{a} [central venous line] whose tip is projected {tip}",
        ),
        "pacemaker": ("{a} [permanent pacemaker] on the {side}", "{a} {side} sided [dual chamber pacemaker]"),
        "chest_tube": ("{a} {side} [intercostal drain]", "{a} [chest drain] on the {side}"),
    },
    pairs={
        "pleural_effusion": (
            "*{size} [effusions] bilaterally",
            "*[effusions] bilaterally, the {greater} being the larger",
            "*bilateral {size} [pleural collections of fluid]",
        ),
        "pleural_thickening": (
            "bilateral {degree} [thickened pleura]",
            "[pleural thickening] bilaterally, the {greater} more so than the {lesser}",
        ),
        "hilar_enlargement": (
            "*{degree_adverb} [enlarged hila] bilaterally",
            "*[enlarged hila] bilaterally, the {greater} being the larger",
        ),
    },
    apart={
        "pleural_effusion": (
            "*{size_one} {side_one} and {size_two} {side_two} sided [effusions]",
            "{a} {size_one} {side_one} and {size_two} {side_two} [effusion]",
        ),
    },
    bare={
        "pleural_effusion": ("{a} {size} associated [effusion]", "{size} [pleural fluid]"),
        "pneumothorax": ("{a} {size} [pneumothorax]",),
        "pleural_thickening": ("some [pleural thickening]",),
        "rib_fracture": ("{a} [fractured rib]",),
    },
    absent={
        "consolidation": ("[focal area of consolidation]", "[air space consolidation]"),
        "nodule": ("[discrete pulmonary nodule]",),
        "mass": ("[pulmonary mass lesion]",),
        "atelectasis": ("[lobar collapse]",),
        "pleural_effusion": ("[sizeable effusion]", "[pleural fluid]", "[effusion]"),
        "pneumothorax": ("[visible pneumothorax]", "[pneumothorax]"),
        "pulmonary_edema": ("[frank pulmonary oedema]",),
        "rib_fracture": ("[rib fracture visible]", "[displaced fracture of the ribs]"),
        "pneumoperitoneum": ("[free gas] under the diaphragm", "[subdiaphragmatic free gas]"),
        "hilar_enlargement": ("[enlarged hilar shadow]",),
        "mediastinal_widening": ("[widening of the mediastinum]",),
        "pleural_thickening": ("[thickened pleura]",),
        "cardiomegaly": ("[enlargement of the heart]",),
    },
    places={
        "upper_lobe": (
            ("{side} upper lobe", "affecting the {side} upper lobe"),
            ("{side} upper lobe", "at the {side} upper lobe"),
        ),
        "middle_lobe": (
            ("right middle lobe", "affecting the right middle lobe"),
            ("middle lobe", "at the middle lobe"),
        ),
        "lower_lobe": (
            ("{side} lower lobe", "affecting the {side} lower lobe"),
            ("{side} lower lobe", "at the {side} lower lobe"),
        ),
        "lingula": (("lingula", "affecting the lingula"),),
        "lung": (("both lungs", "affecting both lungs"),),
    },
    broad={
        "upper_lobe": (
            ("{side} apex", "at the {side} lung apex", "apical_zone"),
            ("{side} upper-zone", "in the {side} upper zone", "upper_lung_zone"),
        ),
        "lower_lobe": (
            ("{side} base", "at the base of the {side} lung", "lung_base"),
            ("{side} lower zone", "in the {side} lower zone", "lower_lung_zone"),
        ),
        "middle_lobe": (("{side} mid zone", "in the {side} mid zone", "mid_lung_zone"),),
    },
    tips={
        "trachea": ("satisfactorily {n} cm above the carina", "in a good position, {n} cm above the carina"),
        "stomach": ("over the stomach", "beneath the diaphragm, in the stomach"),
        "esophagus": ("over the oesophagus and needs advancing", "within the oesophagus and should not be used"),
        "svc": ("over the SVC", "at the level of the SVC"),
        "right_atrium": ("over the right atrium", "in the right atrium and could be withdrawn"),
    },
    same_side=(("{lobes} lobes on the {side}", "affecting the {side} {lobes} lobes"),),
    both_sides=(("{lobe} lobes bilaterally", "affecting the {lobe} lobes bilaterally"),),
    across=(
        (
            "{side_one} {one} and {side_two} {two} lobes",
            "affecting the {side_one} {one} lobe and the {side_two} {two} lobe",
        ),
    ),
    sizes={
        "minimal": ("really small", "tiny"),
        "mild": ("small", "smallish"),
        "moderate": ("moderate sized", "moderately large"),
        "severe": ("large", "very large"),
    },
    degrees={
        "minimal": ("very minor", "minimal"),
        "mild": ("minor", "mild"),
        "moderate": ("moderate",),
        "severe": ("marked", "florid"),
    },
    degree_adverbs={
        "minimal": ("minimally",),
        "mild": ("mildly", "slightly"),
        "moderate": ("moderately",),
        "severe": ("markedly", "grossly"),
    },
    measures=("{mm}mm", "{cm}cm", "{mm} x {mm2}mm"),
    one_sided="{item} on the {side}",
)

BEDSIDE = Wording(
    patterns={
        "consolidation": ("[consol] {at}", "{degree} [consol], {at}", "{place} [consolidated], {degree}"),
        "ground_glass_opacity": ("{degree} [ground glass], {at}", "[GG opacities] {at}"),
        "nodule": ("[nod] {mm} {at}", "{mm} [nodule] {at}"),
        "mass": ("[mass] {at} {mm}", "{mm} [mass] within lung, {at}"),
        "atelectasis": ("[atelectasis] {at}, {degree}", "{degree} [atelect] {at}", "{place} [collapsed]"),
        "pleural_effusion": ("{size} {side} [pl effusion]", "{side} [effusion] {size}", "[pl eff] {initial}, {size}"),
        "pneumothorax": ("{size} [ptx] {side}", "{side} [pneumothorax] {size}", "{size} {initial} [ptx]"),
        "cardiomegaly": ("[cardiomegaly] {degree}", "[heart size {degree_adverb} up].", "[large heart], {degree}"),
        "pulmonary_edema": ("[pulmonary edema], {degree}", "[pulm oedema], {degree}"),
        "hilar_enlargement": ("{side} [hilum large]", "[large hilum] {side}"),
        "mediastinal_widening": ("[mediastinum {degree_adverb} wide].", "[widened mediastinum], {degree}"),
        "emphysema": ("[emphysema] {degree}", "{degree} [emphysema], {at}"),
        "emphysema@upper_lobe": ("[emphysema] {at}, {degree}",),
        "fibrosis": ("[lung fibrosis] {degree}", "{degree} [fibrosis], {at}"),
        "fibrosis@lower_lobe": ("[fibrosis] {at}, {degree}",),
        "pleural_thickening": ("[pl thickening] {side}", "[pleura thick] {side}, {degree}"),
        "calcified_granuloma": ("[granuloma, calc] {at}", "[granuloma, calcified] {at} {mm}"),
        "rib_fracture": ("[rib fx] on {side}", "[rib #] on {side}", "{initial} [fracture of rib]"),
        "hiatal_hernia": ("[hiatus hernia] {size}", "{size} [hiatal hernia] behind heart"),
        "pneumoperitoneum": ("[pneumoperitoneum] {size}", "[free air beneath diaphragm], {size}"),
        "endotracheal_tube": ("[ETT] {tip}", "[ET tube] tip {tip}", "intubated, [ETT] {tip}"),
        "nasogastric_tube": ("[NGT] {tip}", "[NG tube] {tip}"),
        "central_venous_catheter": ("[CVC] tip {tip}", "[CVL] {tip}", "[central line] {tip}"),
        "pacemaker": ("[PPM] {side}", "{side} [PPM] in situ"),
        "chest_tube": ("{side} [chest drain] in situ", "[intercostal drain] {initial}"),
    },
    pairs={
        "pleural_effusion": ("[pl effusions] bilat, {size}", "bilat [effusions], {greater} bigger than {lesser}"),
        "pleural_thickening": ("[pl thickening] bilat", "bilat [pl thickening], {greater} worse than {lesser}"),
        "hilar_enlargement": ("bilat [large hila]", "bilat [large hila], {greater} bigger than {lesser}"),
    },
    apart={"pleural_effusion": ("[effusions]: {size_one} {side_one}, {size_two} {side_two}",)},
    bare={
        "pleural_effusion": ("{size} [pl effusion]",),
        "pneumothorax": ("{size} [ptx]",),
        "rib_fracture": ("[rib #]",),
    },
    absent={
        "consolidation": ("[consol]",),
        "nodule": ("[nods]",),
        "mass": ("[masses]",),
        "atelectasis": ("[atelect]",),
        "pleural_effusion": ("[pl effusion]", "[effusions]"),
        "pneumothorax": ("[ptx]",),
        "pulmonary_edema": ("[pulm oedema]",),
        "rib_fracture": ("[rib #]",),
        "pneumoperitoneum": ("[free air beneath diaphragm]",),
        "cardiomegaly": ("[cardiomegaly]", "[heart enlargement]"),
    },
    places={
        "upper_lobe": (("{initial}UL", "{initial}UL"), ("{side} UL", "{side} UL")),
        "middle_lobe": (("RML", "RML"), ("right ML", "right ML")),
        "lower_lobe": (("{initial}LL", "{initial}LL"), ("{side} LL", "{side} LL")),
        "lingula": (("lingula", "in lingula"),),
        "lung": (("bilat", "bilat"),),
    },
    broad={
        "lower_lobe": (("{side} base", "{side} base", "lung_base"), ("{initial} base", "{initial} base", "lung_base"))
    },
    tips={
        "trachea": ("{n}cm up from carina", "ok, {n}cm from carina"),
        "stomach": ("tip gastric", "into stomach ok"),
        "esophagus": ("tip in oesophagus, needs pushing in", "coiled in oesophagus"),
        "svc": ("SVC", "in SVC ok"),
        "right_atrium": ("RA", "in RA, pull back"),
    },
    same_side=(
        ("{side} {lobes} lobes", "{side} {lobes} lobes"),
        ("{initial} {lobes} lobes", "{initial} {lobes} lobes"),
    ),
    both_sides=(("{lobe} lobes bilat", "{lobe} lobes bilat"), ("both {lobe} lobes", "both {lobe} lobes")),
    across=(("{side_one} {one} + {side_two} {two} lobes", "{side_one} {one} + {side_two} {two} lobes"),),
    sizes={"minimal": ("tiny",), "mild": ("small",), "moderate": ("mod",), "severe": ("large", "big")},
    degrees={"minimal": ("minimal",), "mild": ("mild",), "moderate": ("mod",), "severe": ("severe", "marked")},
    degree_adverbs={"minimal": ("minimally",), "mild": ("mildly",), "moderate": ("mod",), "severe": ("markedly",)},
    measures=("{mm}mm", "{cm}cm", "{mm}x{mm2}mm"),
)
