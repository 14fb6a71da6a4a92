"""What a statement says of a place or finding that was named before: sides, echoes, labels, shared words."""

import pytest

from casekin.reports import read_report
from reports.told import facts_of

TEXTS: list[tuple[str, list[str]]] = [
    # one fact for both sides where they are told alike
    ("Right and left pleural effusions.", ["pleural_effusion @ bilateral_pleural_space present"]),
    ("There is a left pleural effusion and a right pleural effusion.",
     ["pleural_effusion @ bilateral_pleural_space present"]),
    ("Pleural plaques on either side.", ["pleural_plaque @ bilateral_pleura present"]),
    ("Neither lung shows consolidation.", ["consolidation @ bilateral_lung absent"]),
    # two where they are told apart
    ("Effusions on both sides, moderate on the right and small on the left.",
     ["pleural_effusion @ right_pleural_space present moderate", "pleural_effusion @ left_pleural_space present mild"]),
    ("There is a moderate effusion on the right and a small one on the left.",
     ["pleural_effusion @ right_pleural_space present moderate", "pleural_effusion @ left_pleural_space present mild"]),
    ("Bilateral effusions, increased on the right and unchanged on the left.",
     ["pleural_effusion @ right_pleural_space present increased",
      "pleural_effusion @ left_pleural_space present stable"]),
    # there, same side, other side
    ("The left base is opacified, and a small effusion is present there.",
     ["lung_opacity @ left_lung_base present", "pleural_effusion @ left_pleural_space present mild"]),
    ("Consolidation in the right lower lobe. There is a small ipsilateral effusion.",
     ["consolidation @ right_lower_lobe present", "pleural_effusion @ right_pleural_space present mild"]),
    ("Large left pneumothorax. A small effusion is seen on the opposite side.",
     ["pneumothorax @ left_pleural_space present severe", "pleural_effusion @ right_pleural_space present mild"]),
    ("Right-sided effusion with basal atelectasis.",
     ["pleural_effusion @ right_pleural_space present", "atelectasis @ right_lung_base present"]),
    ("Small right and XXXX left pleural effusions.",
     ["pleural_effusion @ right_pleural_space present mild", "pleural_effusion @ left_pleural_space present"]),
    ("Mass in the left upper lobe with ipsilateral hilar adenopathy and a contralateral nodule.",
     ["mass @ left_upper_lobe present", "lymphadenopathy @ left_hilar_structures present",
      "nodule @ right_lung present"]),
    ("The left lung is opacified with mediastinal shift to the right suggesting massive effusion.",
     ["lung_opacity @ left_lung present", "mediastinal_shift @ mediastinum present",
      "pleural_effusion @ pleural_space present severe"]),
    ("No pleural effusion on the right, but a tiny one on the left.",
     ["pleural_effusion @ right_pleural_space absent", "pleural_effusion @ left_pleural_space present minimal"]),
    # "the left", said for the same place on the left
    ("The right costophrenic angle is sharp but the left is blunted.",
     ["costophrenic_angle_blunting @ left_costophrenic_angle present"]),
    ("The right lung is clear but the left shows consolidation.", ["consolidation @ left_lung present"]),
    ("The right middle lobe is collapsed; the left is clear.", ["atelectasis @ right_middle_lobe present"]),
    ("The right effusion has increased while the left one is unchanged.",
     ["pleural_effusion @ right_pleural_space present increased",
      "pleural_effusion @ left_pleural_space present stable"]),
    # the kind of what was told, and what surrounds it, stand where it stands
    ("Left basilar opacity; atelectasis.",
     ["lung_opacity @ left_lung_base present", "atelectasis @ left_lung_base present"]),
    ("Left basilar opacity; cardiomegaly.",
     ["lung_opacity @ left_lung_base present", "cardiomegaly @ cardiac_silhouette present"]),
    ("Mass in the right middle lobe. There is surrounding atelectasis.",
     ["mass @ right_middle_lobe present", "atelectasis @ right_middle_lobe present"]),
    # echoes of a finding
    ("Several nodules in both lungs, the largest in the left lower lobe, 14 mm.",
     ["nodule @ bilateral_lung present", "nodule @ left_lower_lobe present 14"]),
    ("A nodule is seen in the left upper lobe. It measures 9 mm.", ["nodule @ left_upper_lobe present 9"]),
    ("Consolidation of the left lower lobe. It has increased.", ["consolidation @ left_lower_lobe present increased"]),
    ("Pleura: Small effusion on the right. None on the left.",
     ["pleural_effusion @ right_pleural_space present mild", "pleural_effusion @ left_pleural_space absent"]),
    ("Three new metastases: 11 mm in the right upper lobe and 8 mm in the left upper lobe.",
     ["metastasis @ right_upper_lobe present 11 new", "metastasis @ left_upper_lobe present 8 new"]),
    # explanations share the place
    ("Reticular opacities in keeping with fibrosis at both bases.",
     ["reticular_opacity @ bilateral_lung_base present", "fibrosis @ bilateral_lung_base present"]),
    ("The right costophrenic angle is blunted, possibly from an effusion.",
     ["costophrenic_angle_blunting @ right_costophrenic_angle present",
      "pleural_effusion @ right_pleural_space uncertain"]),
    ("Right basilar opacity, atelectasis or pneumonia.",
     ["lung_opacity @ right_lung_base present", "atelectasis @ right_lung_base uncertain",
      "pneumonia @ right_lung_base uncertain"]),
    ("Opacity at the left base; likely atelectasis.",
     ["lung_opacity @ left_lung_base present", "atelectasis @ left_lung_base present"]),
    # labels
    ("LEFT LUNG: Atelectasis in the mid zone. Nodule at the apex.",
     ["atelectasis @ left_mid_lung_zone present", "nodule @ left_apical_zone present"]),
    ("Bases: left atelectasis.", ["atelectasis @ left_lung_base present"]),
    ("Lungs: No focal consolidation.", ["consolidation @ lung absent"]),
    ("Heart: Mildly enlarged, unchanged.", ["cardiomegaly @ cardiac_silhouette present mild stable"]),
    # shared heads
    ("No pleural or pericardial effusion.",
     ["pleural_effusion @ pleural_space absent", "pericardial_effusion @ pericardium absent"]),
    ("Endotracheal and nasogastric tubes have been removed.",
     ["endotracheal_tube @ trachea absent resolved", "nasogastric_tube @ stomach absent resolved"]),
    ("No enlarged mediastinal or hilar nodes.",
     ["lymphadenopathy @ mediastinum absent", "lymphadenopathy @ hilar_structures absent"]),
    ("Changes of left lower lobectomy.", ["lobectomy @ left_lower_lobe present"]),
    # parts of wholes
    ("The right lower zone is opacified, with loss of the hemidiaphragm.",
     ["lung_opacity @ right_lower_lung_zone present"]),
    ("Left-sided pneumothorax at the apex.", ["pneumothorax @ left_apical_zone present"]),
    ("Nodules in the upper and lower lobes of the left lung.",
     ["nodule @ left_upper_lobe present", "nodule @ left_lower_lobe present"]),
    # tips of devices
    ("The tip of the endotracheal tube lies 3 cm above the carina.", ["endotracheal_tube @ trachea present"]),
    ("Endotracheal tube in the right main bronchus.", ["endotracheal_tube @ right_main_bronchus present"]),
    ("Nasogastric tube passes below the diaphragm.", ["nasogastric_tube @ stomach present"]),
    ("The right PICC has been withdrawn and its tip is now in the right atrium.", ["picc @ right_atrium present"]),
    ("Pacemaker over the left chest wall with leads in the right ventricle.", ["pacemaker @ left_chest_wall present"]),
    # the size of the heart
    ("Cardiothoracic ratio 58%.", ["cardiomegaly @ cardiac_silhouette present"]),
    ("CTR 0.45.", ["cardiomegaly @ cardiac_silhouette absent"]),
    ("The cardiothoracic ratio is less than one half.", ["cardiomegaly @ cardiac_silhouette absent"]),
    ("Heart size is adequate.", ["cardiomegaly @ cardiac_silhouette absent"]),
    ("Endotracheal tube in adequate position.", ["endotracheal_tube @ trachea present"]),
    # change and size of the right finding
    ("Wires, drains and left chest tube unchanged, effusion on the left larger.",
     ["chest_tube @ left_pleural_space present stable", "pleural_effusion @ left_pleural_space present increased"]),
    ("Left pleural effusion, previously large, is now small.", ["pleural_effusion @ left_pleural_space present mild"]),
    ("Right middle lobe consolidation has nearly cleared.", ["consolidation @ right_middle_lobe present decreased"]),
    ("A cavity in the right upper lobe measuring 3 cm with nodules around it.",
     ["cavity @ right_upper_lobe present 30", "nodule @ right_upper_lobe present"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS, ids=[text[:60] for text, _ in TEXTS])
def test_a_statement_takes_what_was_named_before(text: str, expected: list[str]) -> None:
    assert facts_of(text) == sorted(expected)


def test_clear_lungs_imply_absences_apart_from_the_facts() -> None:
    report = read_report("The lungs are clear.")
    implied = {(fact.finding, str(fact.place), fact.polarity) for fact in report.implied}
    assert ("consolidation", "bilateral_lung", "absent") in implied
    assert not any(fact.finding == "pleural_effusion" for fact in report.implied)
    assert report.facts == ()
    assert {fact.sentence for fact in report.implied} == {"The lungs are clear."}


def test_nothing_is_implied_absent_where_it_is_told_to_be() -> None:
    report = read_report("The left lung is clear. Consolidation in the right lower lobe.")
    places = {str(fact.place) for fact in report.implied if fact.finding == "consolidation"}
    assert places == {"left_lung"}


def test_implied_absences_point_at_the_words_that_imply_them() -> None:
    text = "FINDINGS: Small effusion on the left. The right costophrenic angle is sharp."
    implied = next(fact for fact in read_report(text).implied if fact.finding == "pleural_effusion")
    assert implied.span is not None
    assert text[slice(*implied.span)] == "right costophrenic angle is sharp"


def test_a_place_stays_normal_beside_what_the_other_side_shows() -> None:
    read = read_report("The right lung is clear but the left shows consolidation.")
    assert [str(place) for place in read.normal_anatomies] == ["right_lung"]
