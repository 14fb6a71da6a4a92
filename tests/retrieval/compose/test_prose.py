"""A draft has no word that neither names its claim nor is plain prose."""

from __future__ import annotations

import pytest

from casekin.retrieval.compose.draft import Claim
from casekin.retrieval.compose.prose import is_plain
from casekin.retrieval.compose.strip import strip_sentence

EFFUSION = Claim(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present")
CATHETER = Claim(finding="central_venous_catheter", anatomy="svc", side=None, polarity="present")
HEART = Claim(finding="no_finding", anatomy="cardiac_silhouette", side=None, polarity="present")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("There is a left pleural effusion.", EFFUSION),
        ("On the left, there is fluid within the pleural space.", EFFUSION),
        ("Findings consistent with left-sided pleural effusion.", EFFUSION),
        ("Central venous catheter with its tip in the SVC.", CATHETER),
        ("The heart is normal in size.", HEART),
        ("Cardiac contours are within normal limits.", HEART),
    ],
)
def test_what_reports_say_in_plain_words_passes(text: str, claim: Claim) -> None:
    assert is_plain(text, claim)


@pytest.mark.parametrize(
    "tail",
    [
        "per Smith", ", Jones", "as seen by Miller", ", anna miller", "in Berlin", ", Sharp", "in May",
        "in January", "on Monday", "on Christmas", "tonight", "overnight", "is as it was", "is once more seen",
        "is larger", "recurs", "as on the outside CT", "is confirmed on ultrasound", "after surgery",
        "despite the drain", "with the pigtail in situ", "with pacemaker", "in a smoker", "in a lady", ", half a litre",
        ", thumb-sized", ", XII", "of twenty", ", hundred millilitres", ", MRN ABCD", ", urgent",
        ", operate immediately",
        "should be drained", ", CT would help", "consistent with COVID", ", HIV positive", "in pregnancy",
        "from gunshot", ", allergic to penicillin", "which is chronic",
    ],
)  # fmt: skip
def test_names_dates_numbers_devices_causes_and_advice_are_refused(tail: str) -> None:
    plain = strip_sentence(f"Left pleural effusion {tail}.".replace(" ,", ","))
    assert plain is None or not is_plain(plain, EFFUSION)


def test_a_device_is_named_by_its_own_sentence_alone() -> None:
    assert not is_plain("Left pleural effusion with a catheter.", EFFUSION)
    assert is_plain("There is a central venous catheter.", CATHETER)
