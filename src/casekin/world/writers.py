"""The writers of the training and validation splits: fourteen people with their own sections, sentences and habits.

The writers of the test split are elsewhere and share nothing with these.
"""

from __future__ import annotations

from dataclasses import replace

from casekin.world.wording import Writer
from casekin.world.writers_wards import WARD_WRITERS
from casekin.world.writers_wording import FORMAL, PLAIN, TERSE

_NARRATIVE = Writer(
    name="narrative",
    wording=PLAIN,
    sections=("indication", "comparison", "findings", "impression", "closing"),
    organs=("devices", "lungs", "pleura", "heart", "mediastinum", "bones", "abdomen"),
    headings={
        "indication": "INDICATION",
        "comparison": "COMPARISON",
        "findings": "FINDINGS",
        "impression": "IMPRESSION",
    },
    present=("There {is} {np}.", "{np} {is} present.", "There {is} {np}.", "{np} {is} seen."),
    tails={
        "new": (", new since the prior study", ", which is new"),
        "stable": (", unchanged", ", unchanged from the prior study"),
        "increased": (", increased since the prior study", ", worse than before"),
        "decreased": (", decreased since the prior study", ", better than before"),
    },
    changed={
        "new": ("There {is} new {np0}.", "{np} {is} new since the prior study."),
        "stable": ("The {np0} {is} unchanged.", "{np} {is} stable."),
        "increased": ("{np} {has} increased since the prior study.", "The {np0} {is} larger than before."),
        "decreased": ("{np} {has} decreased since the prior study.", "The {np0} {has} improved."),
        "resolved": ("The previously seen {np0} {has} resolved.", "{np0} {is} no longer seen."),
    },
    hedged=("There may be {np}.", "Possible {np0}.", "{np} cannot be excluded.", "There {is} possibly {np}."),
    joined=("{one} and {two} are present.", "{one} and {two} are seen."),
    beside=("There is {one} with {two} on the same side.", "{one} is seen.|There is {two} there as well."),
    likely=("Likely {np0}.", "{np} {is} likely."),
    removed=("The {np0} {has} been removed.", "{np0} {has} been removed."),
    negated_two=("There is neither {one} nor {two}.",),
    negated=("There is no {list}.", "No {list} is seen.", "No {list}."),
    normal={
        "lungs": ("The lungs are clear.", "Both lungs are clear.", "The lungs are well expanded and clear."),
        "pleura": ("The pleural spaces are clear.", "The costophrenic angles are sharp."),
        "heart": (
            "The [heart size is normal].",
            "The [heart is normal in size].",
            "The [cardiac silhouette is normal].",
        ),
        "mediastinum": ("The mediastinum is normal.", "Mediastinal and hilar contours are normal."),
        "bones": ("The bones are unremarkable.", "The visualized bones are intact."),
        "abdomen": ("The upper abdomen is unremarkable.",),
    },
    all_normal=("Normal examination of the chest.", "Normal chest with [normal heart size]."),
    impression=("{np}.", "{np}.", "{np} as described."),
    impression_normal=("No acute cardiopulmonary process.", "Normal chest.", "No acute disease."),
    indications=(
        "{age} year old {person} with shortness of breath, evaluate for pneumonia.",
        "{age} year old {person} with chest pain.",
        "Cough and fever. Rule out pneumonia.",
        "___ year old {person} with dyspnea, question pulmonary edema.",
        "Preoperative evaluation.",
        "Line placement, evaluate for pneumothorax.",
    ),
    techniques={"CR": ("Frontal view of the chest.",), "CT": ("Axial images of the chest without contrast.",)},
    comparisons_none=("None.", "None available."),
    comparisons=("Prior study from {days} days earlier.", "Prior study dated ___."),
    closings=("Findings were discussed with Dr. ___ by telephone at ___.",),
)

_SIGNED_OFF = replace(
    _NARRATIVE,
    name="signed_off",
    organs=("heart", "mediastinum", "lungs", "pleura", "abdomen", "bones", "devices"),
    headings={"indication": "Indication", "findings": "Findings", "impression": "Impression"},
    after_heading=":\n",
    sections=("indication", "technique", "findings", "impression", "closing"),
    numbered="{number}. ",
    width=72,
    joined=("{one} and {two} are noted.", "{one} with {two}."),
    negated=("No {list} is identified.", "There is no evidence of {list}.", "No evidence of {list}."),
    present=("{np} {is} noted.", "There {is} {np}.", "Note is made of {np}."),
    hedged=("{np} {is} suspected.", "Findings may represent {np}.", "Questionable {np0}."),
    normal={
        "lungs": ("Lungs are clear bilaterally.", "Lungs are unremarkable."),
        "pleura": ("Pleural surfaces are normal.",),
        "heart": ("[Heart size within normal limits].", "[Heart size and contour are within normal limits]."),
        "mediastinum": ("Mediastinal contour within normal limits.", "Hila are unremarkable."),
        "bones": ("Osseous structures are unremarkable.",),
        "abdomen": ("No abnormality below the diaphragm.",),
    },
    impression_normal=("No acute cardiopulmonary abnormality.", "No radiographic evidence of acute disease."),
    typing_errors=0.002,
)

_ACADEMIC = Writer(
    name="academic",
    wording=FORMAL,
    sections=("indication", "technique", "comparison", "findings", "impression"),
    organs=("lungs", "pleura", "mediastinum", "heart", "bones", "abdomen", "devices"),
    headings={
        "indication": "CLINICAL HISTORY",
        "technique": "TECHNIQUE",
        "comparison": "COMPARISON STUDIES",
        "findings": "REPORT",
        "impression": "CONCLUSION",
    },
    after_heading="\n",
    width=80,
    present=("{np} {is} demonstrated.", "There {is} evidence of {np}.", "The examination demonstrates {np}."),
    tails={
        "new": (", an interval development", ", not present on the previous examination"),
        "stable": (", without interval change", ", similar to the previous examination"),
        "increased": (", with interval progression", ", more pronounced than previously"),
        "decreased": (", with interval improvement", ", less pronounced than previously"),
    },
    changed={
        "new": ("Interval development of {np}.", "{np} {has} developed in the interval."),
        "stable": ("{np} {remains} without interval change.", "No interval change in the {np0}."),
        "increased": ("Interval increase in the {np0}.", "The {np0} {has} progressed in the interval."),
        "decreased": ("Interval decrease in the {np0}.", "The {np0} {has} regressed in the interval."),
        "resolved": ("Interval resolution of the {np0}.", "The previously described {np0} {has} cleared."),
    },
    hedged=(
        "Appearances are suspicious for {np}.",
        "{np} could be considered.",
        "Appearances raise the possibility of {np}.",
    ),
    joined=("{one} in combination with {two}.", "{one}, accompanied by {two}."),
    beside=("There is {one} and, on the same side, {two}.",),
    removed=("Interval removal of the {np0}.",),
    negated=("There is no {list}.", "No {list} can be recognized.", "The chest is free of {list}."),
    last_of_list="or",
    normal={
        "lungs": ("The lung parenchyma is unremarkable.", "The lungs are normally aerated."),
        "pleura": ("The pleural recesses are free.", "The pleural spaces are unremarkable."),
        "heart": ("The [cardiothoracic ratio is within normal limits].", "The [heart is not enlarged]."),
        "mediastinum": ("The mediastinum is of normal width.", "The mediastinal silhouette is unremarkable."),
        "bones": ("The thoracic skeleton is age appropriate.",),
        "abdomen": ("The visualized portions of the upper abdomen are normal.",),
    },
    all_normal=("The mediastinal contours, the lungs and the pleural spaces are within normal limits.",),
    impression=("{np}.", "Findings consistent with {np}."),
    impression_normal=("No active disease of the chest.", "Normal findings for age."),
    indications=(
        "Suspected pneumonia.",
        "Known heart failure, progression of effusion?",
        "Follow-up of a lung nodule, {age} year old {person}.",
        "Exclusion of tuberculosis before treatment.",
    ),
    techniques={
        "CR": ("Single frontal projection ({view}).", "Digital radiograph, {view} projection."),
        "CT": ("Helical CT, unenhanced, reconstructed in axial planes.",),
    },
    comparisons_none=("No previous examinations are available for comparison.",),
    comparisons=("Examination of ___ ({days} days ago).",),
    hedging=0.2,
    negation=0.5,
    typing_errors=0.0,
)

_CAREFUL = replace(
    _ACADEMIC,
    name="careful",
    headings={"findings": "Findings", "impression": "Summary", "indication": "Reason for exam"},
    after_heading=": ",
    width=None,
    sections=("indication", "findings", "impression"),
    hedging=0.32,
    hedged=(
        "{np} {is} not entirely excluded.",
        "This could represent {np}.",
        "{np} may be present.",
        "Perhaps {np0}.",
    ),
    negated=("No convincing {list}.", "There is no definite {list}.", "Without {list}."),
    all_normal=(),
    impression_normal=("No convincing acute abnormality.",),
)

_SHORT = Writer(
    name="short",
    wording=TERSE,
    sections=("findings",),
    organs=("devices", "heart", "lungs", "pleura", "mediastinum", "bones", "abdomen"),
    joint=" ",
    articles=False,
    present=("{np}.", "{np}.", "{np} noted."),
    tails={
        "new": (", new",),
        "stable": (", stable", ", no change"),
        "increased": (", worse",),
        "decreased": (", better",),
    },
    changed={
        "new": ("New {np}.", "{np}, new."),
        "stable": ("Stable {np}.", "{np} unchanged.", "No change in {np}."),
        "increased": ("Increased {np}.", "{np}, worse."),
        "decreased": ("Decreased {np}.", "{np}, better."),
        "resolved": ("{np} resolved.", "Resolved {np}."),
    },
    hedged=("?{np}.", "Possible {np}.", "{np} vs artifact."),
    joined=("{one}, {two}.", "{one} and {two}.", "{one} w/ {two}."),
    beside=("{one} with {two} on same side.",),
    likely=("Likely {np}.",),
    removed=("{np} removed.", "{np} out."),
    negated=("No {list}.", "Neg for {list}."),
    normal={
        "lungs": ("Lungs clear.", "Clear lungs."),
        "pleura": ("CP angles sharp.",),
        "heart": ("[Heart size normal].", "[Heart size WNL]."),
        "mediastinum": ("Mediastinum WNL.",),
        "bones": ("Bones OK.",),
        "abdomen": ("Abdomen neg.",),
    },
    all_normal=("Negative chest.", "NAD."),
    impression=("{np}.",),
    impression_normal=("NAD.", "Negative."),
    indications=("SOB.", "Cough.", "r/o PNA.", "s/p line placement, r/o PTX."),
    techniques={"CR": ("{view} CXR.",), "CT": ("CT chest w/o contrast.",)},
    comparisons_none=("None.",),
    comparisons=("Prior ___.",),
    hedging=0.08,
    negation=0.55,
    section_missing=0.0,
    typing_errors=0.01,
)

_NIGHT_SHIFT = replace(
    _SHORT,
    name="night_shift",
    sections=("indication", "impression", "findings"),
    headings={"indication": "HX", "impression": "IMP", "findings": "FINDINGS"},
    between_sections="\n",
    upper_case=True,
    negated=("NO {list}.", "WITHOUT {list}."),
    present=("{np} SEEN.", "{np}.", "POSITIVE FOR {np}."),
    hedged=("CANNOT EXCLUDE {np}.", "POSSIBLE {np}.", "EQUIVOCAL {np}."),
    section_missing=0.2,
    typing_errors=0.012,
)

_LINE_BY_LINE = replace(
    _SHORT,
    name="line_by_line",
    sections=("technique", "comparison", "findings"),
    headings={"technique": "Exam", "comparison": "Comp"},
    between_sections="\n\n",
    joint="\n- ",
    full_stop=False,
    last_of_list="and",
    joined=("{one} + {two}", "{one}, {two}"),
    negated=("No {list}", "Negative: {list}"),
    hedged=("{np}, questionable", "Possible {np}", "{np} not excluded"),
    all_normal=(),
    typing_errors=0.006,
)

_BY_ORGAN = replace(
    _NARRATIVE,
    name="by_organ",
    sections=("technique", "comparison", "findings", "impression"),
    headings={"technique": "Technique", "comparison": "Comparison", "findings": "Findings", "impression": "Impression"},
    after_heading=":\n",
    organ_labels={
        "devices": "Support devices: ",
        "lungs": "Lungs: ",
        "pleura": "Pleura: ",
        "heart": "Heart: ",
        "mediastinum": "Mediastinum: ",
        "bones": "Bones: ",
        "abdomen": "Abdomen: ",
    },
    numbered="{number}) ",
    negated=("No {list}.", "Negative for {list}."),
    present=("{np}.", "{np} {is} present."),
    normal={
        "lungs": ("Clear.", "Normally expanded and clear."),
        "pleura": ("Normal.", "Unremarkable."),
        "heart": ("[Normal size].", "[Not enlarged]."),
        "mediastinum": ("Normal.", "Unremarkable."),
        "bones": ("No acute abnormality.", "Normal."),
    },
    all_normal=(),
    negation=0.75,
    typing_errors=0.001,
)

_IMPRESSION_ONLY = replace(
    _NARRATIVE,
    name="impression_only",
    sections=("comparison", "impression"),
    headings={"comparison": "Compared to", "impression": "Impression"},
    impression=("{np}.", "{np} {is} present.", "There {is} {np}."),
    typing_errors=0.005,
)

WRITERS: tuple[Writer, ...] = (
    _NARRATIVE,
    _SIGNED_OFF,
    _ACADEMIC,
    _CAREFUL,
    _SHORT,
    _NIGHT_SHIFT,
    _LINE_BY_LINE,
    _BY_ORGAN,
    _IMPRESSION_ONLY,
    *WARD_WRITERS,
)
