"""Sentences as radiologists dictate them, with the facts that a radiologist would take from them."""

import pytest

from casekin.reports import read_phrase, read_report
from casekin.types import Fact

# (sentence, facts as "finding @ place polarity [severity] [size] [change]")
SENTENCES: list[tuple[str, list[str]]] = [
    # negation and its scope
    ("No focal consolidation, pleural effusion, or pneumothorax.",
     ["consolidation @ lung absent", "pleural_effusion @ pleural_space absent", "pneumothorax @ pleural_space absent"]),
    ("There is no evidence of pneumothorax.", ["pneumothorax @ pleural_space absent"]),
    ("Lungs are clear without effusion.", ["pleural_effusion @ pleural_space absent"]),
    ("The lungs are free of consolidation.", ["consolidation @ bilateral_lung absent"]),
    ("Both lungs are clear of airspace opacity, pneumothorax, and effusion.",
     ["airspace_opacity @ bilateral_lung absent", "pneumothorax @ pleural_space absent",
      "pleural_effusion @ pleural_space absent"]),
    ("Negative for free subdiaphragmatic air.", ["pneumoperitoneum @ abdomen absent"]),
    ("No pneumothorax, stable cardiomegaly.",
     ["pneumothorax @ pleural_space absent", "cardiomegaly @ cardiac_silhouette present stable"]),
    ("No pneumothorax but small left pleural effusion.",
     ["pneumothorax @ pleural_space absent", "pleural_effusion @ left_pleural_space present mild"]),
    ("No pneumothorax; there is a moderate right effusion.",
     ["pneumothorax @ pleural_space absent", "pleural_effusion @ right_pleural_space present moderate"]),
    ("Pneumothorax is not seen.", ["pneumothorax @ pleural_space absent"]),
    ("Pulmonary edema and pleural effusion are absent.",
     ["pulmonary_edema @ bilateral_lung absent", "pleural_effusion @ pleural_space absent"]),
    ("Neither consolidation nor effusion is identified.",
     ["consolidation @ lung absent", "pleural_effusion @ pleural_space absent"]),
    ("The heart is not enlarged.", ["cardiomegaly @ cardiac_silhouette absent"]),
    ("No pleural effusion or pneumothorax is seen on either side; left basal atelectasis persists.",
     ["pleural_effusion @ bilateral_pleural_space absent", "pneumothorax @ bilateral_pleural_space absent",
      "atelectasis @ left_lung_base present stable"]),
    ("Pneumothorax: none.", ["pneumothorax @ pleural_space absent"]),
    ("No airspace opacity to suggest pneumonia.", ["airspace_opacity @ lung absent", "pneumonia @ lung absent"]),
    # pseudo-negation and change
    ("No change in the left effusion.", ["pleural_effusion @ left_pleural_space present stable"]),
    ("No significant interval change in moderate right pleural effusion.",
     ["pleural_effusion @ right_pleural_space present moderate stable"]),
    ("Without significant change in bibasilar atelectasis.", ["atelectasis @ bilateral_lung_base present stable"]),
    ("Interval increase in right lower lobe consolidation.", ["consolidation @ right_lower_lobe present increased"]),
    ("The left effusion has decreased.", ["pleural_effusion @ left_pleural_space present decreased"]),
    ("Worsening pulmonary edema.", ["pulmonary_edema @ bilateral_lung present increased"]),
    ("New right upper lobe opacity.", ["lung_opacity @ right_upper_lobe present new"]),
    ("Unchanged left lower lobe atelectasis.", ["atelectasis @ left_lower_lobe present stable"]),
    ("Improving right basilar consolidation.", ["consolidation @ right_lung_base present decreased"]),
    # resolved
    ("The right pneumothorax has resolved.", ["pneumothorax @ right_pleural_space absent resolved"]),
    ("Previously seen left pleural effusion is no longer visualized.",
     ["pleural_effusion @ left_pleural_space absent resolved"]),
    ("Interval resolution of the right lower lobe pneumonia.", ["pneumonia @ right_lower_lobe absent resolved"]),
    ("The chest tube has been removed.", ["chest_tube @ pleural_space absent resolved"]),
    # uncertainty
    ("Opacity of the left base may reflect atelectasis.",
     ["lung_opacity @ left_lung_base present", "atelectasis @ left_lung_base uncertain"]),
    ("Underlying pneumonia cannot be excluded.", ["pneumonia @ lung uncertain"]),
    ("Possible small left pleural effusion.", ["pleural_effusion @ left_pleural_space uncertain mild"]),
    ("Opacity in the right middle lobe suspicious for pneumonia.",
     ["lung_opacity @ right_middle_lobe present", "pneumonia @ right_middle_lobe uncertain"]),
    ("Retrocardiac opacity, atelectasis versus pneumonia.",
     ["lung_opacity @ retrocardiac_region present", "atelectasis @ retrocardiac_region uncertain",
      "pneumonia @ retrocardiac_region uncertain"]),
    ("Cannot exclude a tiny left apical pneumothorax.", ["pneumothorax @ left_apical_zone uncertain minimal"]),
    ("Left lower lobe consolidation, likely pneumonia.",
     ["consolidation @ left_lower_lobe present", "pneumonia @ left_lower_lobe present"]),
    ("Findings are compatible with mild pulmonary edema.", ["pulmonary_edema @ bilateral_lung present mild"]),
    # coordination and sides
    ("Right upper and lower lobe opacities.",
     ["lung_opacity @ right_upper_lobe present", "lung_opacity @ right_lower_lobe present"]),
    ("Opacities in the right upper lobe and left lower lobe.",
     ["lung_opacity @ right_upper_lobe present", "lung_opacity @ left_lower_lobe present"]),
    ("Bilateral pleural effusions, right greater than left.", ["pleural_effusion @ bilateral_pleural_space present"]),
    ("Pleural effusions, left greater than right.", ["pleural_effusion @ bilateral_pleural_space present"]),
    ("Consolidation in the right lower lobe and left basilar atelectasis.",
     ["consolidation @ right_lower_lobe present", "atelectasis @ left_lung_base present"]),
    ("Small right effusion, left lung is clear.", ["pleural_effusion @ right_pleural_space present mild"]),
    ("Left apical and right basal opacities.",
     ["lung_opacity @ left_apical_zone present", "lung_opacity @ right_lung_base present"]),
    ("There is consolidation and effusion at the left base.",
     ["consolidation @ left_lung_base present", "pleural_effusion @ left_pleural_space present"]),
    ("Atelectasis at the base of the left lung.", ["atelectasis @ left_lung_base present"]),
    ("The right lower lobe demonstrates dense consolidation.", ["consolidation @ right_lower_lobe present"]),
    ("In the left apex, there is a small pneumothorax.", ["pneumothorax @ left_apical_zone present mild"]),
    ("RLL consolidation and LUL nodule.",
     ["consolidation @ right_lower_lobe present", "nodule @ left_upper_lobe present"]),
    ("Ground-glass opacities in both lower lobes.", ["ground_glass_opacity @ bilateral_lower_lobe present"]),
    ("Patchy opacities in the right mid and left lower lung zones.",
     ["lung_opacity @ right_mid_lung_zone present", "lung_opacity @ left_lower_lung_zone present"]),
    ("Cardiomegaly and left effusion.",
     ["cardiomegaly @ cardiac_silhouette present", "pleural_effusion @ left_pleural_space present"]),
    ("Mild cardiomegaly, with a large left pleural effusion and right basilar atelectasis.",
     ["cardiomegaly @ cardiac_silhouette present mild", "pleural_effusion @ left_pleural_space present severe",
      "atelectasis @ right_lung_base present"]),
    ("Healed granuloma, left lung apex.", ["calcified_granuloma @ left_apical_zone present"]),
    ("Small right and moderate left pleural effusions.",
     ["pleural_effusion @ right_pleural_space present mild", "pleural_effusion @ left_pleural_space present moderate"]),
    ("Consolidation involving the right middle and lower lobes.",
     ["consolidation @ right_middle_lobe present", "consolidation @ right_lower_lobe present"]),
    ("Bibasilar opacities, left worse than right.", ["lung_opacity @ bilateral_lung_base present"]),
    ("Effusion is larger on the left than on the right.", ["pleural_effusion @ bilateral_pleural_space present"]),
    ("Small apical pneumothorax on the left, measuring 1.5 cm.", ["pneumothorax @ left_apical_zone present mild 15"]),
    ("Left lung: Consolidation in the lower lobe.", ["consolidation @ left_lower_lobe present"]),
    ("No pleural effusion on the right; small effusion on the left.",
     ["pleural_effusion @ right_pleural_space absent", "pleural_effusion @ left_pleural_space present mild"]),
    ("Left basilar atelectasis has improved, but the right effusion is larger.",
     ["atelectasis @ left_lung_base present decreased", "pleural_effusion @ right_pleural_space present increased"]),
    ("The left effusion has resolved and the right effusion is unchanged.",
     ["pleural_effusion @ left_pleural_space absent resolved",
      "pleural_effusion @ right_pleural_space present stable"]),
    ("An 11 mm nodule overlies the left eighth rib.", ["nodule @ left_lung present 11"]),
    ("No hilar or mediastinal lymphadenopathy.",
     ["lymphadenopathy @ hilar_structures absent", "lymphadenopathy @ mediastinum absent"]),
    ("Effusion: left, moderate.", ["pleural_effusion @ left_pleural_space present moderate"]),
    ("On the left there is a small pneumothorax.", ["pneumothorax @ left_pleural_space present mild"]),
    ("On the right, consolidation in the lower lobe.", ["consolidation @ right_lower_lobe present"]),
    ("The left lung base shows atelectasis and a small effusion.",
     ["atelectasis @ left_lung_base present", "pleural_effusion @ left_pleural_space present mild"]),
    ("Left basilar atelectasis and small effusion.",
     ["atelectasis @ left_lung_base present", "pleural_effusion @ left_pleural_space present mild"]),
    ("Left pacemaker and small effusion.",
     ["pacemaker @ left_chest_wall present", "pleural_effusion @ pleural_space present mild"]),
    ("Bilateral effusions, larger on the right.", ["pleural_effusion @ bilateral_pleural_space present"]),
    ("Right lower lobe opacity is most consistent with pneumonia; atelectasis is less likely.",
     ["lung_opacity @ right_lower_lobe present", "pneumonia @ right_lower_lobe present",
      "atelectasis @ lung uncertain"]),
    ("Left pleural space contains fluid.", ["pleural_effusion @ left_pleural_space present"]),
    ("? left basal consolidation", ["consolidation @ left_lung_base uncertain"]),
    ("Consolidation in the left lower lobe is possible.", ["consolidation @ left_lower_lobe uncertain"]),
    # signs at an anatomy
    ("The heart is mildly enlarged.", ["cardiomegaly @ cardiac_silhouette present mild"]),
    ("Moderate enlargement of the cardiac silhouette.", ["cardiomegaly @ cardiac_silhouette present moderate"]),
    ("Blunting of the left costophrenic angle.", ["costophrenic_angle_blunting @ left_costophrenic_angle present"]),
    ("The left hilum is prominent.", ["hilar_enlargement @ left_hilar_structures present"]),
    ("Elevation of the right hemidiaphragm.", ["elevated_hemidiaphragm @ right_hemidiaphragm present"]),
    ("Widening of the superior mediastinum.", ["mediastinal_widening @ upper_mediastinum present"]),
    ("The aorta is tortuous and calcified.",
     ["tortuous_aorta @ aorta present", "aortic_calcification @ aorta present"]),
    ("The lungs are hyperinflated.", ["hyperinflation @ bilateral_lung present"]),
    ("Fracture of the left seventh rib.", ["rib_fracture @ left_rib_7 present"]),
    ("Free air under the right hemidiaphragm.", ["pneumoperitoneum @ abdomen present"]),
    ("Raised left diaphragm.", ["elevated_hemidiaphragm @ left_hemidiaphragm present"]),
    ("Atelectasis or scarring left upper lung.",
     ["scarring @ left_upper_lung_zone present", "atelectasis @ left_upper_lung_zone present"]),
    ("Unchanged bibasal atelectatic densities.",
     ["atelectasis @ bilateral_lung_base present stable", "lung_opacity @ bilateral_lung_base present"]),
    # sizes and severity
    ("1.2 x 0.8 cm nodule in the left upper lobe.", ["nodule @ left_upper_lobe present 12"]),
    ("A 5-mm calcified granuloma projects over the right mid lung.",
     ["calcified_granuloma @ right_mid_lung_zone present 5"]),
    ("Right upper lobe mass measuring 4.5 cm.", ["mass @ right_upper_lobe present 45"]),
    ("Trace bilateral effusions and mild to moderate pulmonary edema.",
     ["pleural_effusion @ bilateral_pleural_space present minimal",
      "pulmonary_edema @ bilateral_lung present moderate"]),
    ("Large hiatal hernia.", ["hiatal_hernia @ mediastinum present severe"]),
    # devices and tips
    ("Endotracheal tube tip is 3 cm above the carina.", ["endotracheal_tube @ trachea present"]),
    ("Right IJ central venous catheter with tip in the right atrium.",
     ["central_venous_catheter @ right_atrium present"]),
    ("Right subclavian line terminates in the SVC without pneumothorax.",
     ["central_venous_catheter @ svc present", "pneumothorax @ pleural_space absent"]),
    ("Nasogastric tube courses below the diaphragm.", ["nasogastric_tube @ stomach present"]),
    ("NG tube tip in the distal esophagus.", ["nasogastric_tube @ distal_esophagus present"]),
    ("Left chest wall pacemaker with leads in the right atrium and right ventricle.",
     ["pacemaker @ left_chest_wall present"]),
    ("Right-sided chest tube in place with small apical pneumothorax.",
     ["chest_tube @ right_pleural_space present", "pneumothorax @ right_apical_zone present mild"]),
    ("Left pigtail catheter; no residual effusion.",
     ["chest_tube @ left_pleural_space present", "pleural_effusion @ pleural_space absent"]),
    # history, plans, blanks, typing
    ("History of pneumonia.", []),
    ("Evaluate for pneumothorax.", []),
    ("XXXX consolidation of the left upper lobe.", ["consolidation @ left_upper_lobe present"]),
    ("Right upper lobe density, ___ consolidation.",
     ["lung_opacity @ right_upper_lobe present", "consolidation @ right_upper_lobe present"]),
    ("Right pleural efusion with consolidaton.",
     ["pleural_effusion @ right_pleural_space present", "consolidation @ right_lung present"]),
    ("RIGHT MIDDLE LOBE PNEUMONIA.", ["pneumonia @ right_middle_lobe present"]),
    ("The overlying hand may mask a nodule.", []),
]  # fmt: skip


def told(fact: Fact) -> str:
    parts = [fact.finding, "@", str(fact.place), fact.polarity, fact.severity, fact.change]
    if fact.size_mm is not None:
        parts.insert(5, f"{fact.size_mm:g}")
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[text[:60] for text, _ in SENTENCES])
def test_a_sentence_gives_the_facts_a_radiologist_takes_from_it(sentence: str, expected: list[str]) -> None:
    assert sorted(told(fact) for fact in read_report(sentence).facts) == sorted(expected)


def test_at_least_sixty_sentences_stand_here() -> None:
    assert len(SENTENCES) >= 60


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("left basal effusion", "pleural_effusion @ left_pleural_space present"),
        ("effusion left base", "pleural_effusion @ left_pleural_space present"),
        ("pneumothorax on the right", "pneumothorax @ right_pleural_space present"),
        ("consolidation right lower lobe", "consolidation @ right_lower_lobe present"),
        ("no effusion", "pleural_effusion @ pleural_space absent"),
        ("enlarged heart", "cardiomegaly @ cardiac_silhouette present"),
        ("RUL nodule 8 mm", "nodule @ right_upper_lobe present 8"),
        ("history: left effusion", "pleural_effusion @ left_pleural_space present"),
    ],
)
def test_query_text_is_read_without_sections(phrase: str, expected: str) -> None:
    assert [told(fact) for fact in read_phrase(phrase).facts] == [expected]
