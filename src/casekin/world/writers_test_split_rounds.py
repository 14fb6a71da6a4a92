"""More writers of the test split: a British registrar, the intensive care round, users of templates.

See `casekin.world.writers_test_split`.
"""

from __future__ import annotations

from dataclasses import replace

from casekin.world.wording import Writer
from casekin.world.writers_test_split_structured import STRUCTURED
from casekin.world.writers_test_split_wards import BEDSIDE, BRITISH

_REGISTRAR = Writer(
    name="registrar",
    wording=BRITISH,
    sections=("indication", "findings", "impression"),
    organs=("devices", "lungs", "pleura", "heart", "mediastinum", "bones", "abdomen"),
    headings={"indication": "Clinical details", "impression": "Conclusion/advice"},
    between_sections="\n\n",
    studies={"CR": "chest X-ray", "CT": "CT"},
    present=("{np} {is} demonstrated on this {study}.", "This {study} demonstrates {np}.", "{np} {is} evident."),
    likely=("Appearances are those of {np}.", "{np}, in keeping with the clinical picture."),
    tails={
        "new": (", which is a new finding", ", not seen on the prior imaging"),
        "stable": (", with no appreciable change", ", appearances unaltered"),
        "increased": (", which has progressed", ", more extensive than on the prior imaging"),
        "decreased": (", which has improved", ", less extensive than on the prior imaging"),
    },
    changed={
        "new": ("{np} {has} developed since the previous imaging.", "New {np0} compared with previous imaging."),
        "stable": ("{np} {remains} essentially unchanged.", "Appearances of the {np0} are unaltered."),
        "increased": ("{np} {has} progressed since the previous imaging.", "Deterioration in the {np0}."),
        "decreased": ("{np} {has} reduced since the previous imaging.", "Improvement in the {np0}."),
        "resolved": ("The previously noted {np0} {has} now resolved.", "Resolution of the {np0} noted previously."),
    },
    hedged=(
        "There is a suggestion of possible {np0}.",
        "{np} {is} not excluded on this {study}.",
        "{np} would be difficult to exclude.",
        "The appearances could reflect {np}.",
        "? {np0}.",
    ),
    joined=("There is {one}, together with {two}.", "There is {one}.|There is in addition {two}."),
    beside=(
        "There is {one}, with {two} also on that side.",
        "There is {one}.|There is {two} there too.",
        "There is {one}; {two} is seen ipsilaterally.",
    ),
    removed=("The {np0} {is} no longer in situ.", "Interval removal of {np0} noted."),
    negated=("No {list} demonstrated.", "There is no {list} on this {study}.", "No obvious {list}."),
    negated_two=("Neither {one} nor {two} is demonstrated.",),
    normal={
        "lungs": ("The lungs and airways are clear.", "Clear lungs bilaterally."),
        "pleura": ("The pleural surfaces are clear.", "Both costophrenic recesses are sharp."),
        "heart": ("The [heart is not enlarged on this view].", "[Cardiac size is within normal limits]."),
        "mediastinum": ("Normal mediastinal contours.", "The mediastinum and hila appear normal."),
        "bones": ("The imaged skeleton is unremarkable.", "The bones appear normal."),
        "abdomen": ("The visualised upper abdomen is unremarkable.",),
    },
    all_normal=("Normal {study}.", "[Normal heart size] and clear lungs."),
    impression=("{np}.", "Appearances in keeping with {np}.", "{np} as above."),
    impression_normal=("No acute abnormality shown.", "No significant abnormality demonstrated."),
    indications=(
        "{age} year old {sex}. Productive cough, pyrexia. ?LRTI",
        "SOBOE ?heart failure",
        "NG position please",
        "Fall from standing. ?rib # ?pneumothorax",
    ),
    techniques={"CR": ("{view} chest radiograph obtained.",), "CT": ("Unenhanced CT thorax.",)},
    comparisons_none=("None held.",),
    comparisons=("Imaging of {days} days prior.",),
    negation=0.6,
    typing_errors=0.003,
)

_REPORTING_ROOM = replace(
    _REGISTRAR,
    name="reporting_room",
    sections=("findings",),
    headings={},
    joint="",
    organs=("lungs", "pleura", "heart", "mediastinum", "abdomen", "bones", "devices"),
    present=("{np}.", "{np} noted on this {study}.", "XXXX {np}."),
    negated=("No {list} XXXX.", "{list} not seen on this {study}."),
    typing_errors=0.015,
)

_UNIT = Writer(
    name="unit",
    wording=BEDSIDE,
    sections=("comparison", "findings", "impression"),
    organs=("devices", "lungs", "pleura", "heart", "mediastinum", "bones", "abdomen"),
    headings={"comparison": "c/w", "impression": "imp"},
    between_sections="\n",
    articles=False,
    full_stop=True,
    studies={"CR": "film", "CT": "CT"},
    present=("{np}.", "+ {np}.", "{np} on {study}."),
    likely=("likely {np}.", "prob {np}."),
    tails={"new": (" (new)",), "stable": (" (no chg)",), "increased": (" (worse)",), "decreased": (" (better)",)},
    changed={
        "new": ("new {np}, not on last {study}.", "{np} (new)."),
        "stable": ("{np}, no chg.", "unchanged {np} vs last {study}."),
        "increased": ("{np}, up from last {study}.", "worse {np} vs last {study}."),
        "decreased": ("{np}, down from last {study}.", "better {np} vs last {study}."),
        "resolved": ("{np} now gone.", "{np} has resolved since last {study}."),
    },
    hedged=("?? {np}.", "poss {np}.", "{np} can't be excluded.", "{np}?"),
    joined=("{one}, {two} as well.", "{one} & {two}."),
    beside=("{one}, {two} same side.", "{one} w {two} there."),
    removed=("{np} out now.", "{np} has been taken out."),
    negated=("no {list} on {study}.", "nil {list}.", "(-) {list}."),
    normal={
        "lungs": ("lungs clear bilat.", "both lungs clear."),
        "pleura": ("CPAs clear.", "pleural spaces ok."),
        "heart": ("[heart size ok].", "[heart not big]."),
        "mediastinum": ("mediastinum ok.",),
        "bones": ("skeleton ok.",),
        "abdomen": ("upper abdo ok.",),
    },
    all_normal=("[heart size ok], lungs clear.", "normal {study}."),
    impression=("{np}.",),
    impression_normal=("nil acute.",),
    indications=("ventilated, ?change",),
    techniques={"CR": ("mobile {view}.",), "CT": ("CT thorax, no contrast.",)},
    comparisons_none=("nil old",),
    comparisons=("{days}d ago", "last film"),
    negation=0.55,
    typing_errors=0.006,
)

_HANDOVER = replace(
    _UNIT,
    name="handover",
    sections=("findings",),
    headings={},
    upper_case=True,
    joint=" / ",
    full_stop=False,
    last_of_list="or",
    typing_errors=0.01,
)

_TEMPLATE = Writer(
    name="template",
    wording=STRUCTURED,
    sections=("indication", "technique", "comparison", "findings", "impression"),
    organs=("devices", "lungs", "pleura", "heart", "mediastinum", "abdomen", "bones"),
    headings={
        "indication": "CLINICAL INDICATION",
        "technique": "PROTOCOL",
        "comparison": "PRIORS",
        "findings": "OBSERVATIONS",
        "impression": "OVERALL",
    },
    organ_labels={
        "devices": "LINES/TUBES: ",
        "lungs": "LUNGS/AIRWAYS: ",
        "pleura": "PLEURA: ",
        "heart": "HEART/PERICARDIUM: ",
        "mediastinum": "MEDIASTINUM/HILA: ",
        "abdomen": "ABDOMEN: ",
        "bones": "BONES/SOFT TISSUES: ",
    },
    after_heading=":\n",
    numbered="{number}. ",
    present=("{np}.", "There {is} {np} on the current {study}."),
    likely=("Findings are most compatible with {np}.",),
    tails={
        "new": (", new from the prior",),
        "stable": (", stable from the prior",),
        "increased": (", increased from the prior",),
        "decreased": (", decreased from the prior",),
    },
    changed={
        "new": ("Interval appearance of {np}.", "{np}, new from the prior."),
        "stable": ("Similar appearance of {np}.", "{np}, stable from the prior."),
        "increased": ("Interval enlargement of {np}.", "{np}, increased from the prior."),
        "decreased": ("Interval diminution of {np}.", "{np}, decreased from the prior."),
        "resolved": ("Previously seen {np0} {is} no longer identified.", "Interval clearing of the {np0}."),
    },
    hedged=(
        "{np} {is} a consideration.",
        "Difficult to exclude {np}.",
        "Indeterminate for {np}.",
        "{np} versus artifact of technique.",
        "There may also be {np}.",
    ),
    joined=("{one} along with {two}.", "There is {one} as well as {two}."),
    beside=("There is {one}, with {two} ipsilaterally.", "There is {one}.|There is also {two} on the same side."),
    removed=("Interval discontinuation of the {np0}.", "The {np0} {is} no longer present."),
    negated=("No {list} on the current {study}.", "Negative for the presence of {list}.", "Absent {list}."),
    negated_two=("No {one}, nor {two}.",),
    normal={
        "lungs": ("The lungs are clear and normally expanded.", "Lungs are without focal abnormality."),
        "pleura": ("Pleural spaces appear normal.",),
        "heart": ("[Heart size is normal for technique].", "[Normal cardiac size]."),
        "mediastinum": ("Mediastinal contours are preserved.",),
        "bones": ("Osseous structures are within normal limits.",),
        "abdomen": ("Visualized upper abdomen appears normal.",),
    },
    impression=("{np}.",),
    impression_normal=("No acute cardiopulmonary findings.", "Unremarkable {study}."),
    indications=(
        "{age}-year-old {person} with tachypnea; assess for effusion.",
        "Fever of unknown origin.",
        "Status post line exchange.",
    ),
    techniques={
        "CR": ("A single {view} radiograph of the chest was acquired.",),
        "CT": ("Volumetric noncontrast CT of the chest.",),
    },
    comparisons_none=("No priors.",),
    comparisons=("Chest imaging {days} days prior.", "XXXX."),
    negation=0.65,
    typing_errors=0.001,
)

_SUBSPECIALIST = replace(
    _TEMPLATE,
    name="subspecialist",
    sections=("findings", "impression"),
    headings={"impression": "Bottom-line impression"},
    organ_labels={},
    after_heading=": ",
    numbered=None,
    width=84,
    present=("On the current {study} there {is} {np}.", "Of note, there {is} {np}.", "{np} {is} appreciated."),
    all_normal=("Unremarkable chest with [normal heart size].",),
    joining=0.5,
    typing_errors=0.0,
)

ROUND_WRITERS: tuple[Writer, ...] = (_REGISTRAR, _REPORTING_ROOM, _UNIT, _HANDOVER, _TEMPLATE, _SUBSPECIALIST)
