"""The data of the findings ontology: size, places, devices, codes."""

import re
from collections import Counter

import pytest

from casekin.anatomy import ANATOMIES, parse_place
from casekin.findings import FINDINGS, ancestors, finding, parse_finding

CT_FINDINGS = """honeycombing tree_in_bud crazy_paving peribronchial_thickening mosaic_attenuation pulmonary_embolism
coronary_calcification lymphadenopathy pericardial_effusion aortic_aneurysm aortic_dissection hepatic_steatosis
renal_cyst liver_cyst gallstones adrenal_nodule renal_stone thyroid_nodule spondylosis vertebral_compression_fracture
lytic_lesion sclerotic_lesion breast_mass""".split()  # noqa: SIM905


def verhoeff(number: str) -> bool:
    """Whether the last digit checks the others (Verhoeff 1969, dihedral group of order 10; SNOMED CT)."""

    def product(a: int, b: int) -> int:
        turn, flip = (a % 5 + (b % 5 if a < 5 else -(b % 5))) % 5, (a >= 5) != (b >= 5)
        return turn + 5 * flip

    permutation, check = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), 0
    for position, digit in enumerate(reversed([int(each) for each in number])):
        for _ in range(position % 8):
            digit = permutation[digit]
        check = product(check, digit)
    return check == 0


def test_there_are_more_than_200_concepts_and_every_ct_finding_of_note() -> None:
    assert sum(each.kind == "finding" for each in FINDINGS.values()) > 200
    assert set(CT_FINDINGS) <= set(FINDINGS)


def test_every_home_and_every_anatomy_named_by_a_finding_is_known() -> None:
    for each in FINDINGS.values():
        assert all(parse_place(home).anatomy in ANATOMIES for home in each.homes)
        assert {*each.tip, *each.absent_when_normal} <= set(ANATOMIES), each.id
        assert set(each.modalities) <= {"CR", "DX", "CT", "MR"}


def test_only_devices_have_tips_and_a_tip_belongs_where_the_device_can_be() -> None:
    for each in FINDINGS.values():
        assert each.kind == "device" or not each.tip
    assert finding("endotracheal tube").tip == ("trachea",)
    assert set(finding("PICC").tip) == {"svc", "cavoatrial_junction"}
    assert finding("Swan-Ganz catheter").tip[0] == "pulmonary_artery"
    assert "stomach" in finding("NG tube").tip


def test_kinds_of_a_device_are_devices_and_kinds_of_a_finding_findings() -> None:
    for name, each in FINDINGS.items():
        assert all(FINDINGS[above].kind == each.kind for above in ancestors(name))


def test_no_finding_is_its_own_synonym_twice() -> None:
    for name, each in FINDINGS.items():
        assert not [phrase for phrase, times in Counter(each.synonyms).items() if times > 1], name
        assert all(parse_finding(phrase) == name for phrase in each.synonyms)


@pytest.mark.parametrize(
    ("scheme", "shape"), [("SCT", r"\d{6,18}"), ("RADLEX", r"RID\d{1,5}"), ("OIFM", r"OIFM_[A-Z]{3,4}_\d{6}")]
)
def test_a_code_has_its_schemes_shape_and_means_one_finding(scheme: str, shape: str) -> None:
    codes = [each.codes[scheme] for each in FINDINGS.values() if scheme in each.codes]
    assert len(codes) == len(set(codes)) > 50
    assert all(re.fullmatch(shape, code) for code in codes)


def test_snomed_codes_pass_their_check_digit() -> None:
    assert verhoeff("36118008")  # pneumothorax
    assert not verhoeff("36118009")
    assert all(verhoeff(each.codes["SCT"]) for each in FINDINGS.values() if "SCT" in each.codes)


def test_snomed_codes_are_those_that_dicom_publishes() -> None:
    published = pytest.importorskip("pydicom.sr._concepts_dict").concepts["SCT"]
    known = {code for rows in published.values() for code in rows}
    assert {each.codes["SCT"] for each in FINDINGS.values() if "SCT" in each.codes} <= known
    assert finding("pneumothorax").codes["SCT"] == "36118008"
    assert finding("endotracheal tube").codes["SCT"] == "26412008"
