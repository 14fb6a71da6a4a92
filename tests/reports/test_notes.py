"""Ward notes, telegrams and tables: statements without sentences around them."""

import pytest

from casekin.reports import split_sections, split_sentences
from reports.told import facts_of

NO_PTX, NO_EFFUSION = "pneumothorax @ pleural_space absent", "pleural_effusion @ pleural_space absent"
LEFT_EFFUSION = "pleural_effusion @ left_pleural_space present mild"

NOTES: list[tuple[str, list[str]]] = [
    # what parts statements
    ("NO PTX // SM L EFF // ETT OK", [NO_PTX, LEFT_EFFUSION, "endotracheal_tube @ trachea present"]),
    ("no ptx - small l effusion - ett in place", [NO_PTX, LEFT_EFFUSION, "endotracheal_tube @ trachea present"]),
    ("NO PTX | SMALL L EFF", [NO_PTX, LEFT_EFFUSION]),
    ("NO PTX · SM L EFF · LLL COLLAPSE", [NO_PTX, LEFT_EFFUSION, "atelectasis @ left_lower_lobe present"]),
    ("NO PTX / SMALL L EFF", [NO_PTX, LEFT_EFFUSION]),
    ("Small left effusion.No pneumothorax.", [LEFT_EFFUSION, NO_PTX]),
    ("No effusion/pneumothorax/consolidation.", [NO_EFFUSION, NO_PTX, "consolidation @ lung absent"]),
    ("no pneumothorax is seen there is a small left effusion the bones are osteopenic and the heart is enlarged today",
     [NO_PTX, LEFT_EFFUSION, "osteopenia @ bones present", "cardiomegaly @ cardiac_silhouette present"]),
    # signs of presence and absence
    ("- PTX // + L EFF, SMALL", [NO_PTX, LEFT_EFFUSION]),
    ("(-) PTX, (+) L EFF", [NO_PTX, "pleural_effusion @ left_pleural_space present"]),
    ("- No pneumothorax\n- Small left effusion", [NO_PTX, LEFT_EFFUSION]),
    ("PTX -ve. Effusion: nil. Consolidation: none.", [NO_PTX, NO_EFFUSION, "consolidation @ lung absent"]),
    ("Pneumothorax: no. Effusion: small, left.", [NO_PTX, LEFT_EFFUSION]),
    ("NEG: PTX, EFF. POS: LLL COLLAPSE", [NO_PTX, NO_EFFUSION, "atelectasis @ left_lower_lobe present"]),
    ("w/o eff or ptx", [NO_PTX, NO_EFFUSION]),
    # doubt
    ("?PTX left.", ["pneumothorax @ left_pleural_space uncertain"]),
    ("RUL nodule, 8 mm, ? artifact.", ["nodule @ right_upper_lobe uncertain 8"]),
    ("Moderate L effusion, questionable", ["pleural_effusion @ left_pleural_space uncertain moderate"]),
    ("POSS. RML CONSOLIDATION", ["consolidation @ right_middle_lobe uncertain"]),
    ("Small left effusion, unchanged vs prior.", [LEFT_EFFUSION + " stable"]),
    # places and sides
    ("consol LLL, RLL clear", ["consolidation @ left_lower_lobe present"]),
    ("EFF L, PTX R", ["pleural_effusion @ left_pleural_space present", "pneumothorax @ right_pleural_space present"]),
    ("(R) LL consolidation", ["consolidation @ right_lower_lobe present"]),
    ("Consolidation LUL+LLL", ["consolidation @ left_upper_lobe present", "consolidation @ left_lower_lobe present"]),
    ("Nodule, 12 mm, LUL", ["nodule @ left_upper_lobe present 12"]),
    ("ETT out. Small left ptx.",
     ["endotracheal_tube @ trachea absent resolved", "pneumothorax @ left_pleural_space present mild"]),
    # tables
    ("Lung fields = 9 mm nodule in the lingula (as before)\nPleural spaces = No effusion; small left pneumothorax",
     ["nodule @ left_lingula present 9 stable", NO_EFFUSION, "pneumothorax @ left_pleural_space present mild"]),
]  # fmt: skip


@pytest.mark.parametrize(("note", "expected"), NOTES, ids=[text[:50] for text, _ in NOTES])
def test_a_note_is_read_statement_by_statement(note: str, expected: list[str]) -> None:
    assert facts_of(note) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "HISTORY: Left pneumothorax.\nSmall right effusion.",
        "Clinical details: ?left pneumothorax\n\nSmall right effusion.\n\nConclusion: Small right effusion.",
        "COMPARISON: Left pneumothorax on the prior. Small right effusion.",
        "TECHNIQUE: Left lateral view.\nPLEURA: Small right effusion.",
        "prev: left pneumothorax\nsmall right effusion",
    ],
)
def test_a_silent_section_ends_with_its_own_words(text: str) -> None:
    assert facts_of(text) == ["pleural_effusion @ right_pleural_space present mild"]


def test_a_silent_section_lasts_to_the_findings_where_these_have_a_heading() -> None:
    text = "HISTORY: Cough.\nRecent left pneumothorax.\nFINDINGS: Small right effusion."
    assert facts_of(text) == ["pleural_effusion @ right_pleural_space present mild"]


def test_statements_keep_their_place_in_the_text() -> None:
    text = "NO PTX // SM L EFF - ETT OK - LLL ATX; HEART OK"
    sentences = [s for section in split_sections(text) for s in split_sentences(text, section)]
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert len(sentences) == 5
