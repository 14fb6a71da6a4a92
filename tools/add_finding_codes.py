"""Fill `codes` in src/casekin/findings/findings.json from published tables; no code is typed by hand.

A finding gets a scheme's code where one concept of the table bears the finding's name (without case, punctuation and
plural s) or the name that `PUBLISHED_AS` gives for it. What bears the same name and means something else is in
`OTHER_MEANING`. Sources:

- SCT: the SNOMED CT codes that DICOM publishes, as pydicom ships them (always read);
- RADLEX: `--radlex FILE`, RadLex as CSV rows of name, RID, parent;
- OIFM: `--oifm FOLDER`, the definitions of open imaging finding models (`*.fm.json` with `oifm_id` and `name`).

Codes of a scheme whose source isn't given stay as they are. Run after adding findings:
`python tools/add_finding_codes.py [--radlex RadLex.csv] [--oifm findingmodels/defs]`.
"""

import argparse
import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydicom.sr._concepts_dict import concepts

PATH = Path(__file__).parents[1] / "src/casekin/findings/findings.json"
SCHEMES = ("SCT", "RADLEX", "OIFM")

# finding: name in (SCT, RADLEX, OIFM) where it isn't ours; None: ours, or none.
PUBLISHED_AS: dict[str, tuple[str | None, str | None, str | None]] = {
    "lung_abnormality": ("Pulmonary disease", None, None),
    "lung_opacity": (None, "opacity", "pulmonary opacity"),
    "consolidation": (None, None, "airspace consolidation"),
    "crazy_paving": (None, "crazy-paving pattern", None),
    "ground_glass_opacity": (None, None, "ground-glass pulmonary opacity"),
    "round_atelectasis": (None, "rounded atelectasis", None),
    "nodule": (None, None, "Pulmonary Nodule"),
    "mass": ("4147007", None, "pulmonary mass"),
    "miliary_nodules": (None, "miliary pattern", "miliary lung opacities"),
    "lung_cancer": (None, None, "lung neoplasm"),
    "metastasis": ("128462008", None, None),
    "septic_emboli": (None, "septic embolism", None),
    "perifissural_nodule": ("intrapulmonary lymph node", None, None),
    "aspergilloma": (None, "mycetoma", None),
    "scarring": ("Scar", "scar", None),
    "reticular_opacity": (None, "reticulation", "pulmonary reticular opacities"),
    "reticulonodular_opacity": (None, "reticulonodular pattern", "pulmonary reticulonodular opacity"),
    "honeycombing": (None, "honeycomb lung", None),
    "peribronchial_thickening": (None, "bronchial wall thickening", "bronchial wall thickening"),
    "mucus_plugging": (None, None, "mucoid impaction"),
    "pulmonary_congestion": (None, None, "pulmonary vascular engorgement"),
    "oligemia": (None, None, "pulmonary oligemia"),
    "hyperinflation": (None, None, "pulmonary hyperinflation"),
    "low_lung_volumes": (None, None, "pulmonary hypoinflation"),
    "copd": (None, "chronic obstructive pulmonary disease", None),
    "panlobular_emphysema": (None, "panacinar emphysema", None),
    "calcified_nodule": (None, None, "calcified pulmonary nodule"),
    "hyperlucent_lung": (None, None, "increased lung lucency"),
    "pulmonary_infarct": (None, "pulmonary infarction", None),
    "pulmonary_arteriovenous_malformation": ("Pulmonary arteriovenous fistula", None, None),
    "ards": (None, None, "acute respiratory distress syndrome"),
    "cardiac_abnormality": ("heart disease", "heart disease", None),
    "valvular_disease": ("Valvular heart disease", "valvular heart disease", None),
    "coronary_artery_disease": (None, "ischemic heart disease", "ischemic heart disease"),
    "coronary_calcification": (None, "coronary artery calcification", "coronary artery calcifications"),
    "valve_calcification": ("Calcified Heart Valve", None, None),
    "mediastinal_widening": (None, None, "wide mediastinum"),
    "mediastinal_mass": (None, None, "soft-tissue mediastinal mass"),
    "tracheal_deviation": (None, None, "tracheal displacement"),
    "tracheal_narrowing": (None, None, "tracheal stenosis"),
    "esophageal_thickening": (None, None, "esophageal wall thickening"),
    "pulmonary_artery_enlargement": (None, None, "large main pulmonary artery"),
    "venous_enlargement": (None, None, "venous dilatation"),
    "persistent_left_svc": (None, "persistent left superior vena cava", None),
    "thyroid_enlargement": (None, "goiter", "goiter"),
    "thyroid_abnormality": (None, None, "thyroid lesion"),
    "aortic_coarctation": ("Coarctation of aorta", None, "coarctation of aorta"),
    "aortic_intramural_hematoma": ("Intramural hematoma", None, None),
    "tortuous_aorta": (None, None, "aortic tortuosity"),
    "azygos_lobe_variant": (None, None, "azygos lobe"),
    "diaphragm_abnormality": (None, None, "diaphragmatic abnormality"),
    "elevated_hemidiaphragm": (None, None, "elevation of hemidiaphragm"),
    "diaphragmatic_eventration": (None, "eventration", None),
    "bowel_dilation": (None, None, "distension of bowel"),
    "diverticulosis": (None, None, "colonic diverticulosis"),
    "biliary_dilation": (None, None, "dilated bile ducts"),
    "cirrhosis": ("Cirrhosis of liver", None, None),
    "hepatic_steatosis": (None, None, "fatty liver"),
    "hepatomegaly": (None, "enlarged liver", None),
    "splenomegaly": (None, "enlarged spleen", None),
    "liver_lesion": (None, None, "hepatic lesion"),
    "renal_stone": (None, "renal calculus", "kidney stone"),
    "renal_atrophy": (None, None, "small kidney"),
    "bone_abnormality": (None, None, "osseous abnormality"),
    "bone_metastasis": ("Bony metastasis", None, "osseous metastasis"),
    "lytic_lesion": (None, None, "osseous lucent lesion"),
    "sclerotic_lesion": (None, None, "sclerotic osseous lesion"),
    "disc_space_narrowing": (None, "disc height loss", "narrow intervertebral disk space"),
    "spondylosis": (None, "spondylosis deformans", None),
    "soft_tissue_hematoma": ("Hematoma", "hematoma", None),
    "calcification": (None, "RID5196", None),
    "breast_calcification": ("Calcification of breast", None, None),
    "postsurgical_change": (None, "postoperative change", None),
    "device": (None, "medical device", None),
    "enteric_tube": (None, "feeding tube", None),
    "pulmonary_artery_catheter": (None, "Swan-Ganz catheter", None),
    "port": ("Implantable venous access port", None, None),
    "dialysis_catheter": (None, None, "hemodialysis catheter"),
    "venous_sheath": (None, None, "introducer sheath"),
    "pacemaker": ("14106009", None, None),
    "prosthetic_valve": ("Heart valve prosthesis", None, None),
    "chest_tube": (None, "thoracostomy tube", None),
    "mediastinal_drain": (None, "mediastinal tube", None),
    "intra_aortic_balloon_pump": (None, "intraaortic balloon pump", None),
    "sternotomy_wires": (None, None, "sternal sutures"),
    "surgical_clips": ("Clip", None, None),
    "vascular_stent": ("Stent", "stent", None),
    "ivc_filter": ("Vena cava filter", None, None),
    "ventricular_assist_device": ("Left Ventricular Assist Device", None, None),
    "ecmo_cannula": (None, None, "extracorporeal membrane oxygenation catheter"),
    "esophageal_probe": (None, "temperature probe", None),
    "fiducial_marker": (None, "fiducial", None),
    "shoulder_prosthesis": (None, None, "shoulder replacement"),
    "breast_implant": ("Breast prosthesis, device", None, None),
    "shunt_catheter": (None, None, "ventriculoperitoneal shunt"),
    "bone_cement": (None, None, "vertebral augmentation"),
}
# The table's concept of that name is an act, an operation, normal anatomy or a word for any organ.
OTHER_MEANING = {
    "SCT": {"aspiration", "breast_surgery", "no_finding", "fibrosis"},
    "RADLEX": {"colonic_interposition", "mastectomy", "nephrectomy", "splenectomy", "cholecystectomy", "esophagectomy"}
    | {"breast_surgery", "pericardial_fat_pad"},
    "OIFM": set(),
}


def normal(text: str) -> str:
    """Lower case words without punctuation, plural endings and the kind of concept that SNOMED adds in brackets."""
    bare = re.sub(r"\((disorder|finding|morphologic abnormality|physical object)\)", "", text.lower())
    return " ".join(word.removesuffix("s") for word in re.findall(r"[a-z0-9]+", bare))


def by_name(rows: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Normal name → codes, from (name, code) rows; a code is also its own name."""
    table: dict[str, set[str]] = {}
    for name, code in rows:
        table.setdefault(normal(name), set()).add(code)
        table.setdefault(normal(code), set()).add(code)
    return table


def read_tables(options: argparse.Namespace) -> dict[str, dict[str, set[str]]]:
    """The tables that were given, by scheme."""
    codes: dict[str, Any] = concepts["SCT"]
    tables = {"SCT": by_name((meaning, code) for rows in codes.values() for code, (meaning, _) in rows.items())}
    if options.radlex:
        with options.radlex.open(encoding="utf-8", errors="replace", newline="") as file:
            tables["RADLEX"] = by_name((row[0], row[1]) for row in csv.reader(file) if len(row) >= 2)
    if options.oifm:
        models = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(options.oifm.glob("*.json")))
        tables["OIFM"] = by_name((model["name"], model["oifm_id"]) for model in models)
    return tables


def code_of(row: dict[str, str], scheme: str, table: dict[str, set[str]]) -> str | None:
    """The finding's code in a table. SystemExit where a name of `PUBLISHED_AS` isn't in it, or has several codes."""
    given = PUBLISHED_AS.get(row["id"], (None, None, None))[SCHEMES.index(scheme)]
    if row["id"] in OTHER_MEANING[scheme]:
        return None
    found = table.get(normal(given or row["name"]), set())
    if len(found) > 1 or (given and not found):
        raise SystemExit(f"{row['id']}: {given or row['name']!r} has {len(found)} codes in {scheme}: {sorted(found)}")
    return next(iter(found), None)


def main() -> None:
    """Write the file back, one finding a line, and say how many have a code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--radlex", type=Path)
    parser.add_argument("--oifm", type=Path)
    tables = read_tables(parser.parse_args())
    data = json.loads(PATH.read_text(encoding="utf-8"))
    for row in data["findings"]:
        codes = {scheme: code for scheme, code in row.pop("codes", {}).items() if scheme not in tables}
        codes |= {scheme: code for scheme, table in tables.items() if (code := code_of(row, scheme, table))}
        if codes:
            row["codes"] = {scheme: codes[scheme] for scheme in SCHEMES if scheme in codes}
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in data["findings"])
    PATH.write_text(f'{{\n"version": "{data["version"]}",\n"findings": [\n{rows}\n]\n}}\n', encoding="utf-8")
    for scheme in (*SCHEMES, "any"):
        count = sum(scheme in row.get("codes", {}) or (scheme == "any" and "codes" in row) for row in data["findings"])
        print(f"{scheme}: {count} of {len(data['findings'])} findings")


if __name__ == "__main__":
    main()
