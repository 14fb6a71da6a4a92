"""The writers of the test split, written from how radiologists talk and from no reader's word list.

They share no template, sentence or list of synonyms with the writers of the other splits: what is measured on this
split is how well reports by people never met before are understood. Single terms that medicine has no other word for
(such as `pneumothorax`) occur in both.
"""

from __future__ import annotations

from dataclasses import replace

from casekin.world.wording import Writer
from casekin.world.writers_test_split_rounds import ROUND_WRITERS
from casekin.world.writers_test_split_wording import CLASSIC, CLIPPED

_FILM = {"CR": "film", "CT": "scan"}

_CONSULTANT = Writer(
    name="consultant",
    wording=CLASSIC,
    sections=("comparison", "findings", "impression", "closing"),
    organs=("heart", "mediastinum", "pleura", "lungs", "abdomen", "bones", "devices"),
    headings={"impression": "Opinion"},
    after_heading=" - ",
    between_sections="\n",
    studies=_FILM,
    present=("I see {np}.", "The {study} shows {np}.", "{np} {is} visible.", "One notes {np}."),
    likely=("{np} {is} probable.", "This is in all likelihood {np}."),
    tails={
        "new": (" and this was not there last time", " for the first time"),
        "stable": (" as it was last time", " exactly as on the last {study}"),
        "increased": (" and more so than last time", " and has got worse"),
        "decreased": (" though less than last time", " but is getting better"),
    },
    changed={
        "new": ("{np} {has} appeared since the last {study}.", "Since the last {study} {np} {has} come up."),
        "stable": ("{np} {persists} as on the last {study}.", "{np} {has} not altered."),
        "increased": ("{np} {has} become more extensive.", "{np} {is} more conspicuous than last time."),
        "decreased": ("{np} {is} less conspicuous than last time.", "{np} {has} partly cleared."),
        "resolved": ("The {np0} of the last {study} {has} gone.", "{np0} {has} cleared completely."),
    },
    hedged=(
        "I wonder about {np}.",
        "{np} {is} difficult to rule out.",
        "I would not exclude {np}.",
        "Query {np0}.",
    ),
    joined=("{one} goes along with {two}.", "I see {one}, and beside it {two}."),
    beside=("I see {one}.|On that side there is also {two}.", "The {study} shows {one}, and {two} on the same side."),
    removed=("The {np0} {has} been taken out.", "The {np0} {is} gone."),
    negated=("I see no {list}.", "{list} not demonstrated.", "The {study} is without {list}."),
    negated_two=("I can see neither {one} nor {two}.",),
    normal={
        "lungs": ("Both lung fields are well aerated.", "The lung markings are as they should be."),
        "pleura": ("Both pleural sinuses are free.", "The pleural reflections are normal."),
        "heart": ("The [heart is of normal size].", "The [transverse diameter of the heart is normal]."),
        "mediastinum": ("The midline structures are in their place.", "The mediastinal outline is normal."),
        "bones": ("The bony thorax is intact.", "The ribs look intact."),
        "abdomen": ("Nothing untoward below the diaphragm.",),
    },
    all_normal=("A [heart of normal size] and healthy lungs.", "I see nothing abnormal on this {study}."),
    impression=("{np}.", "In short, {np0}.", "The picture is that of {np0}."),
    impression_normal=("Nothing acute.", "Normal {study}."),
    indications=("Cough for three weeks.",),
    techniques={"CR": ("Single {view} film.",), "CT": ("CT of the thorax.",)},
    comparisons_none=("There are no earlier studies.", "I have nothing earlier."),
    comparisons=("Compared with the study of {days} days ago.", "The last study was done on ___."),
    closings=("I have telephoned Dr. ___ about this at ___.",),
    hedging=0.18,
    negation=0.5,
    typing_errors=0.003,
)

_TRAINEE = replace(
    _CONSULTANT,
    name="trainee",
    sections=("indication", "technique", "findings", "impression"),
    organs=("devices", "bones", "lungs", "pleura", "heart", "mediastinum", "abdomen"),
    headings={
        "indication": "Klinische Angaben",
        "technique": "Technik",
        "findings": "Befund",
        "impression": "Beurteilung",
    },
    after_heading=":\n",
    between_sections="\n\n",
    width=68,
    numbered="({number}) ",
    present=("{np} {is} observed.", "One can observe {np}.", "We observe {np}."),
    likely=("Most likely {np0}.",),
    tails={
        "new": (" (newly developed)",),
        "stable": (" (known, constant)",),
        "increased": (" (in progression)",),
        "decreased": (" (in regression)",),
    },
    changed={
        "new": ("Newly developed {np0}.", "{np} {is} observed as a new finding."),
        "stable": ("Constant {np0}.", "Known {np0}, constant."),
        "increased": ("Progressive {np0}.", "{np0} in progression."),
        "decreased": ("Regressive {np0}.", "{np0} in regression."),
        "resolved": ("The known {np0} {is} not detectable anymore.", "Complete regression of the {np0}."),
    },
    hedged=(
        "A differential diagnosis is {np0}.",
        "{np0} {is} conceivable.",
        "{np0} cannot be ruled out with certainty.",
        "It remains open whether there is {np}.",
    ),
    joined=("{one}, furthermore {two}.", "One can observe {one} as well as {two}."),
    beside=("{one}, and {two} on the same side as well.", "One can observe {one}.|{two} there as well."),
    removed=("State after extraction of the {np0}.",),
    negated=("No detectable {list}.", "{list} not detectable.", "One observes no {list}."),
    negated_two=("Neither {one} nor {two} detectable.",),
    normal={
        "lungs": ("Both lungs are normally transparent.", "Normal transparency of both lungs."),
        "pleura": ("Free costodiaphragmatic sinuses.",),
        "heart": ("[Heart not widened].", "[Normal heart configuration and size]."),
        "mediastinum": ("Slender mediastinum.", "Mediastinum in the midline and slender."),
        "bones": ("Age-appropriate skeleton.", "Regular skeleton."),
        "abdomen": ("Subdiaphragmatic region without abnormality.",),
    },
    all_normal=(),
    impression=("{np0}.",),
    impression_normal=("Age-appropriate thoracic findings.", "No pathological findings."),
    indications=(
        "Elevated inflammatory markers, infiltrate?",
        "Condition after fall, rib fracture?",
        "Weight loss in a smoker, {age} years, {sex}. Tumor?",
        "Check of catheter position.",
    ),
    techniques={
        "CR": ("Chest radiograph in {view} technique.",),
        "CT": ("Multislice computed tomography of the thorax.",),
    },
    negation=0.65,
    typing_errors=0.01,
)

_LETTER = replace(
    _CONSULTANT,
    name="letter",
    sections=("findings", "closing"),
    headings={},
    width=76,
    present=("Your patient has {np}.", "Present on this study {is} {np}.", "This study brings out {np}."),
    hedged=("It is conceivable that there is {np}.", "One might think of {np}.", "{np} {remains} a possibility."),
    negated=("I could not find any {list}.", "Happily there is no sign of {list}.", "The patient has no {list}."),
    negated_two=("There is neither {one} nor {two} to be found.",),
    closings=("Thank you for referring this patient, Dr. ___.",),
    all_normal=("I am glad to say that this study is normal.",),
    hedging=0.25,
    typing_errors=0.0,
)

_DICTAPHONE = Writer(
    name="dictaphone",
    wording=CLIPPED,
    sections=("findings", "impression"),
    organs=("mediastinum", "heart", "lungs", "pleura", "bones", "abdomen", "devices"),
    headings={"impression": "bottom line"},
    between_sections="\n",
    articles=False,
    lower_case=True,
    present=("{np}.", "there's {np}.", "{np} on this exam."),
    likely=("{np}, most likely.",),
    tails={
        "new": (", wasn't there before",),
        "stable": (", same as before",),
        "increased": (", has grown",),
        "decreased": (", has shrunk",),
    },
    changed={
        "new": ("{np}, wasn't there before.", "fresh {np}."),
        "stable": ("{np}, same as before.", "{np} holding steady."),
        "increased": ("{np}, bigger.", "worsening {np}."),
        "decreased": ("{np}, smaller.", "improving {np}."),
        "resolved": ("{np} gone.", "{np} cleared up."),
    },
    hedged=("{np} maybe.", "{np}, not sure though.", "might be {np}.", "perhaps {np}."),
    joined=("{one} plus {two}.", "{one}, also {two}."),
    beside=("{one} and {two} same side.", "{one}.|same side {two}."),
    removed=("{np} pulled.", "{np} taken away."),
    negated=("no sign at all of {list}.", "{list} absent.", "clear of {list}."),
    last_of_list="or",
    normal={
        "lungs": ("lung fields fine.", "good aeration both sides."),
        "pleura": ("pleural sinuses open.",),
        "heart": ("[heart size fine].", "[heart ordinary size]."),
        "mediastinum": ("mediastinum fine.",),
        "bones": ("skeleton fine.",),
        "abdomen": ("upper abdomen fine.",),
    },
    all_normal=("nothing to report.", "ordinary chest."),
    impression=("{np}.",),
    impression_normal=("nothing acute here.",),
    indications=("trouble breathing.",),
    techniques={"CR": ("one view.",), "CT": ("chest slices.",)},
    comparisons_none=("nothing old.",),
    comparisons=("old one from ___.",),
    hedging=0.1,
    negation=0.5,
    typing_errors=0.012,
)

_CHECKLIST = replace(
    _DICTAPHONE,
    name="checklist",
    sections=("indication", "comparison", "findings", "impression"),
    headings={"indication": "Why", "comparison": "Old films", "impression": "SUM"},
    organ_labels={
        "lungs": "Parenchyma | ",
        "pleura": "Pleura and sinuses | ",
        "heart": "Heart | ",
        "mediastinum": "Mediastinum and hila | ",
        "bones": "Skeleton | ",
        "abdomen": "Below diaphragm | ",
        "devices": "Hardware | ",
    },
    after_heading=" | ",
    joint="; ",
    full_stop=False,
    lower_case=False,
    present=("{np}", "{np}"),
    likely=(),
    hedged=("{np} (unsure)", "{np} (could be)"),
    joined=("{one}; also {two}", "{one} plus {two}"),
    negated=("free from {list}", "{list}: none"),
    last_of_list="and",
    normal={
        "lungs": ("ok", "aerated"),
        "pleura": ("ok", "open"),
        "heart": ("[ok in size]", "[size ok]"),
        "mediastinum": ("ok", "slim"),
        "bones": ("ok",),
        "abdomen": ("ok",),
        "devices": ("-",),
    },
    all_normal=(),
    impression_normal=("ok chest",),
    indications=("dyspnoea", "control after drainage", "fever, focus?"),
    negation=0.6,
    typing_errors=0.004,
)

TEST_WRITERS: tuple[Writer, ...] = (_CONSULTANT, _TRAINEE, _LETTER, _DICTAPHONE, _CHECKLIST, *ROUND_WRITERS)
