"""Write src/casekin/anatomy/codes.json from published lists; every code is looked up, none is typed in.

- `SCT`: SNOMED CT as DICOM publishes it (pydicom's code tables); other SNOMED codes are never taken.
- `RADLEX`, `FMA`: the ACR / Open Imaging Data Model list of anatomic locations
  (`notebooks/data/anatomic_locations_noembed.json` of github.com/openimagingdata/findingmodel, MIT).
- `UBERON`: the names in Uberon's bridge to SNOMED CT (`src/ontology/bridge/uberon-bridge-to-sctid.owl` of
  github.com/obophenotype/uberon, CC BY 3.0).

An anatomy is looked up by its name, its id and the official names below; synonyms are too loose for that. Run again
after adding anatomies: `python tools/anatomy_codes.py --locations FILE --bridge FILE`.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from pydicom.sr._concepts_dict import concepts

FOLDER = Path(__file__).parents[1] / "src/casekin/anatomy"
ANATOMIC_GROUPS = frozenset(
    (4, 4009, 4028, 4030, 4031, 4040, 4042, 6115, 6116, 6117, 6126, 6127, 6149, 6170, 6171, 7151, 7153, 7154, 7155,
     7170, 7192, 7600, 7602, 8134, 12305)
)  # fmt: skip
"""DICOM's context groups of anatomy; a meaning found elsewhere ('Apex' of a chart) is no place."""

OFFICIAL_NAMES: dict[str, tuple[str, ...]] = {
    "cardiac_silhouette": ("heart",),
    "apical_zone": ("apex of lung",),
    "upper_lung_zone": ("upper zone of lung",),
    "mid_lung_zone": ("middle zone of lung",),
    "lower_lung_zone": ("lower zone of lung",),
    "hilar_structures": ("hilum of lung", "pulmonary hilum"),
    "costophrenic_angle": ("costodiaphragmatic recess",),
    "upper_lobe": ("upper lobe of lung",),
    "middle_lobe": ("middle lobe of lung", "middle lobe of right lung"),
    "lower_lobe": ("lower lobe of lung",),
    "fissure": ("fissure of lung",),
    "major_fissure": ("oblique fissure",),
    "minor_fissure": ("horizontal fissure of right lung",),
    "upper_mediastinum": ("superior mediastinum",),
    "intervertebral_disc": ("intervertebral disk",),
    "supraclavicular_region": ("supraclavicular region of neck",),
    "right_upper_quadrant": ("right upper quadrant of abdomen",),
    "left_upper_quadrant": ("left upper quadrant of abdomen",),
    "right_lower_quadrant": ("right lower quadrant of abdomen",),
    "left_lower_quadrant": ("left lower quadrant of abdomen",),
    "bowel": ("intestine",),
    "small_bowel": ("small intestine",),
    "body": ("entire body",),
    "bones": ("bone",),
    "thyroid": ("thyroid gland",),
    "arm": ("upper limb", "upper extremity"),
    "leg": ("lower limb", "lower extremity"),
    "lower_leg": ("leg",),
    "shoulder_girdle": ("pectoral girdle",),
    "spine": ("vertebral column",),
    "cervical_spine": ("cervical vertebral column",),
    "thoracic_spine": ("thoracic vertebral column",),
    "lumbar_spine": ("lumbar vertebral column",),
    "rib": ("set of ribs",),
    "svc": ("superior vena cava",),
    "urinary_bladder": ("bladder",),
    "cardiac_atrium": ("cardiac atrium", "atrium"),
    "cardiac_ventricle": ("cardiac ventricle", "ventricle"),
    "left_atrium": ("left cardiac atrium",),
    "right_atrium": ("right cardiac atrium",),
    "left_ventricle": ("heart left ventricle",),
    "right_ventricle": ("heart right ventricle",),
    "heart_valve": ("cardiac valve", "heart valve"),
    "pulmonary_valve": ("pulmonic valve", "pulmonary valve"),
    "left_atrial_appendage": ("left auricular appendage", "left atrium auricular region"),
    "right_atrial_appendage": ("right auricular appendage", "right atrium auricular region"),
    "left_main_coronary_artery": ("left main coronary artery",),
    "left_anterior_descending_artery": ("left anterior descending coronary artery", "left anterior descending artery"),
    "left_circumflex_artery": ("circumflex coronary artery",),
    "main_pulmonary_artery": ("trunk of pulmonary artery", "main pulmonary artery", "pulmonary trunk"),
    "arteries": ("artery",),
    "veins": ("vein",),
    "vessels": ("blood vessel",),
    "brachiocephalic_artery": ("brachiocephalic artery", "innominate artery"),
    "brachiocephalic_vein": ("brachiocephalic vein", "innominate vein"),
    "internal_mammary_artery": ("internal mammary artery", "internal thoracic artery"),
    "celiac_artery": ("celiac artery", "truncus coeliacus"),
    "hilar_lymph_node": ("hilar lymph node", "bronchopulmonary lymph node"),
    "mediastinal_lymph_node": ("mediastinal lymph node", "set of mediastinal lymph nodes"),
    "upper_paratracheal_lymph_node": ("upper paratracheal lymph node (mediastinal)", "upper paratracheal lymph node"),
    "lower_paratracheal_lymph_node": ("lower paratracheal (including azygous) lymph node",),
    "retrotracheal_lymph_node": ("retrotracheal lymph node (mediastinal)",),
    "aortopulmonary_lymph_node": ("lymph node of aortopulmonary window", "aortopulmonary lymph node"),
    "para_aortic_mediastinal_lymph_node": (
        "para-aortic lymph node of the anterior mediastinum",
        "para-aortic thoracic lymph node",
    ),
    "paraesophageal_lymph_node": ("paraesophageal lymph node below carina", "esophageal lymph node"),
    "pulmonary_ligament_lymph_node": ("lymph node of the pulmonary ligament", "inferior pulmonary ligament lymph node"),
    "interlobar_lymph_node": ("interlobar lymph node of the lung",),
    "lobar_lymph_node": ("lobar lymph node of the lung",),
    "segmental_lymph_node": ("segmental lymph node of the lung",),
    "internal_mammary_lymph_node": ("parasternal lymph node",),
    "cardiophrenic_lymph_node": ("cardiophrenic angle lymph node",),
    "cervical_lymph_node": ("cervical lymph node", "cervical lymph node group"),
    "mesenteric_lymph_node": ("lymph node of mesentery", "mesenteric lymph node group"),
    "sternal_body": ("body of sternum",),
    "xiphoid_process": ("xiphoid process of sternum", "xiphoid process"),
    "pectoral_muscle": ("pectoralis muscle",),
    "pedicle": ("pedicle of vertebra",),
    "transverse_process": ("transverse process or vertebra", "transverse process of vertebra"),
    "spinous_process": ("spinous process of vertebra",),
    "c1_vertebra": ("c1 vertebra", "atlas"),
    "c2_vertebra": ("c2 vertebra", "axis"),
    "cervical_esophagus": ("cervical part of esophagus",),
    "thyroid_lobe": ("lobe of thyroid gland",),
    "thyroid_isthmus": ("isthmus of thyroid gland",),
    "abdominal_wall": ("wall of abdomen",),
    "retroperitoneum": ("retroperitoneum", "retroperitoneal space"),
    "lesser_sac": ("omental bursa",),
    "diaphragmatic_crus": ("crus of diaphragm",),
    "stomach_fundus": ("gastric fundus", "fundus of stomach"),
    "stomach_body": ("body of stomach",),
    "stomach_antrum": ("pyloric antrum",),
    "gastric_cardia": ("gastric cardia", "cardia of stomach"),
    "hepatic_lobe": ("lobe of liver",),
    "caudate_lobe": ("caudate lobe of liver",),
    "quadrate_lobe": ("quadrate lobe of liver",),
    "pancreatic_head": ("head of pancreas",),
    "uncinate_process": ("uncinate process of pancreas",),
    "pancreatic_neck": ("neck of pancreas",),
    "pancreatic_body": ("body of pancreas",),
    "pancreatic_tail": ("tail of pancreas",),
    "renal_cortex": ("cortex of kidney",),
    "hepatic_flexure": ("hepatic flexure of colon", "right colic flexure"),
    "splenic_flexure": ("splenic flexure of colon", "left colic flexure"),
    "uterine_cervix": ("cervix of uterus", "uterine cervix"),
    "fallopian_tube": ("fallopian tube", "uterine tube"),
    "adnexa": ("uterine adnexa",),
    "rectouterine_pouch": ("rectouterine pouch", "cul-de-sac"),
    "pubic_symphysis": ("pubic symphysis", "symphysis pubis"),
    "pelvic_bones": ("bony pelvis",),
    "skull_base": ("base of cranium", "skull base"),
    "mastoid": ("mastoid bone", "mastoid process of temporal bone", "mastoid process"),
    "facial_region": ("face",),
    "white_matter": ("cerebral white matter",),
    "meninges": ("meninges", "meningeal cluster"),
    "humeral_head": ("head of humerus",),
    "femoral_head": ("head of femur",),
    "femoral_neck": ("neck of femur",),
    "liver_segment_1": ("couinaud hepatic segment i",),
    "liver_segment_2": ("couinaud hepatic segment ii",),
    "liver_segment_3": ("couinaud hepatic segment iii",),
    "liver_segment_4": ("couinaud hepatic segment iv",),
    "liver_segment_5": ("couinaud hepatic segment v",),
    "liver_segment_6": ("couinaud hepatic segment vi",),
    "liver_segment_7": ("couinaud hepatic segment vii",),
    "liver_segment_8": ("couinaud hepatic segment viii",),
}
"""Names that the code lists use where they differ from ours."""

_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7",
             "eight": "8", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12"}  # fmt: skip
_REGIONS = {"cervical": "c", "thoracic": "t", "lumbar": "l", "sacral": "s"}


def normal(text: str) -> str:
    """Words in lower case without fillers and plural endings; "seventh thoracic vertebra" is "t7 vertebra"."""
    words = [_ORDINALS.get(word, word) for word in re.findall(r"[a-z0-9]+", text.lower())]
    words = [word for word in words if word not in ("structure", "the", "of", "entire", "set")]
    if len(words) == 3 and words[0].isdigit() and words[1] in _REGIONS and words[2] == "vertebra":
        words = [_REGIONS[words[1]] + words[0], "vertebra"]
    return " ".join(word if word.endswith("ss") else word.removesuffix("s") for word in words)


def dicom_codes() -> dict[str, str]:
    """Normal meaning → SNOMED CT code of DICOM's anatomic context groups; the lowest where a meaning has several."""
    table: dict[str, str] = {}
    for codes in concepts["SCT"].values():
        for code, (meaning, groups) in codes.items():
            if ANATOMIC_GROUPS.intersection(groups):
                name = normal(meaning)
                table[name] = min(table.get(name, code), code, key=int)
    return table


def location_codes(path: Path) -> dict[str, dict[str, str]]:
    """Normal description → RadLex and FMA codes, and SNOMED where DICOM has it.

    The list's synonyms are too loose. An FMA code that several rows share (a side's, given to the whole) is left out.
    """
    known = {code for codes in concepts["SCT"].values() for code in codes}
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    table: dict[str, dict[str, str]] = {}
    fma = Counter(each["code"] for row in rows for each in row.get("codes", ()) if each["system"] == "FMA")
    for row in sorted(rows, key=lambda row: "unsidedRef" in row):
        codes = {"RADLEX": row["_id"]} if re.fullmatch(r"RID\d+", row["_id"]) else {}
        own = [each["code"] for each in row.get("codes", ()) if each["system"] == "FMA" and fma[each["code"]] == 1]
        if own:
            codes["FMA"] = own[0]
        if row.get("snomedId") in known:
            codes["SCT"] = row["snomedId"]
        table.setdefault(normal(row["description"]), codes)
    return table


def uberon_codes(path: Path) -> dict[str, str]:
    """Normal name → Uberon id; the lowest where a name has several."""
    text = path.read_text(encoding="utf-8")
    pairs = re.findall(r'obo/UBERON_(\d+)"/>\s*<obo:IAO_0000589>([^<]*) \(SCTID\)<', text)
    table: dict[str, str] = {}
    for number, name in pairs:
        table[normal(name)] = min(table.get(normal(name), number), number)
    return table


def codes_of(
    row: dict[str, Any], dicom: dict[str, str], locations: dict[str, dict[str, str]], uberon: dict[str, str]
) -> dict[str, str]:
    """The codes of one anatomy: DICOM's word before the list's for SNOMED, the first official name that is found."""
    names = [normal(name) for name in (*OFFICIAL_NAMES.get(row["id"], ()), row["name"], row["id"].replace("_", " "))]
    found: dict[str, str] = {}
    for name in names:
        found = {"SCT": dicom[name]} | found if name in dicom else found
    for name in names:
        found = locations.get(name, {}) | found
        found = {"UBERON": uberon[name]} | found if name in uberon else found
    return {scheme: found[scheme] for scheme in ("SCT", "RADLEX", "FMA", "UBERON") if scheme in found}


def main() -> None:
    """Write the file, one anatomy a line in the tree's order, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--locations", type=Path, required=True)
    parser.add_argument("--bridge", type=Path, required=True)
    args = parser.parse_args()
    sources = dicom_codes(), location_codes(args.locations), uberon_codes(args.bridge)
    rows = json.loads((FOLDER / "anatomy.json").read_text(encoding="utf-8"))["anatomies"]
    table = {row["id"]: codes for row in rows if (codes := codes_of(row, *sources))}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(codes)}" for name, codes in table.items())
    (FOLDER / "codes.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    for scheme in ("SCT", "RADLEX", "FMA", "UBERON"):
        print(f"{scheme}: {sum(scheme in codes for codes in table.values())} of {len(rows)}")
    without = [row["id"] for row in rows if row["id"] not in table]
    print(f"{len(without)} without a code: {', '.join(without)}")


if __name__ == "__main__":
    main()
