from __future__ import annotations

from casekin.retrieval.export import draft_text
from made_exports import EFFUSION, OTHERS_WORDS, USUAL, draft, sentence

EXPECTED = """\
FINDINGS:
Small left pleural effusion. [1][2]
No pneumothorax. [3]
The heart is normal. [2]
Possible right nodule. [2]

IMPRESSION:
Left pleural effusion. [2]

CITED CASES:
[1] case-2  [2] case-1  [3] case-3

STRUCK:
- Unchanged mass. (compares with an earlier film)

Index 3:abc, model lite0-1.
"""


def test_a_draft_reads_as_a_report_with_numbered_cases_and_what_was_struck() -> None:
    notice, _, rest = draft_text(USUAL).partition("\n\n")

    assert notice == USUAL.notice
    assert notice.startswith("DRAFT")
    assert rest == EXPECTED


def test_a_draft_that_abstained_says_why_and_cites_nobody() -> None:
    text = draft_text(draft())

    assert "No draft: no_comparable_case, no case speaks of the lungs" in text
    assert "CITED" not in text
    assert "FINDINGS" not in text


def test_control_characters_and_line_breaks_leave_a_sentence_in_one_line() -> None:
    told = draft_text(
        draft(sentence("Erguß\x00 links\r\nFINDINGS: forged \ud800", "pleural_effusion", "pleural_space"))
    )

    assert "Erguß links FINDINGS: forged [1]\n" in told
    told.encode()


def test_sentences_of_the_cited_reports_are_left_out() -> None:
    assert OTHERS_WORDS not in draft_text(draft(EFFUSION))
