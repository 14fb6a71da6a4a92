"""The tool that looks codes of anatomies up: what it takes from each list, and that the shipped file is its own."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from casekin.anatomy import anatomy_codes

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("anatomy_codes", ROOT / "tools" / "anatomy_codes.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Structure of lower lobe of lung", "lower lobe of lungs"),
        ("seventh thoracic vertebra", "T7 vertebra"),
        ("eight thoracic vertebra", "T8 vertebra"),
        ("Twelfth rib", "rib 12"),
    ],
)
def test_names_that_differ_in_fillers_and_numbers_are_one(tool: ModuleType, text: str, other: str) -> None:
    assert sorted(tool.normal(text).split()) == sorted(tool.normal(other).split())


def test_the_shipped_snomed_codes_are_those_that_dicom_gives_the_names(tool: ModuleType) -> None:
    rows = json.loads((tool.FOLDER / "anatomy.json").read_text(encoding="utf-8"))["anatomies"]
    dicom = tool.dicom_codes()
    found = {row["id"]: tool.codes_of(row, dicom, {}, {}) for row in rows}
    assert sum(bool(codes) for codes in found.values()) > 250
    assert [name for name, codes in found.items() if codes and codes["SCT"] != anatomy_codes(name).get("SCT")] == []


def test_every_official_name_belongs_to_an_anatomy(tool: ModuleType) -> None:
    rows = json.loads((tool.FOLDER / "anatomy.json").read_text(encoding="utf-8"))["anatomies"]
    assert set(tool.OFFICIAL_NAMES) <= {row["id"] for row in rows}


def test_only_codes_of_one_row_and_snomed_codes_of_dicom_are_taken(tool: ModuleType, tmp_path: Path) -> None:
    rows = [
        {"_id": "RID1", "description": "liver", "snomedId": "10200004", "codes": [{"system": "FMA", "code": "7197"}]},
        {"_id": "RID2_RID3", "description": "left wing", "snomedId": "1", "codes": [{"system": "FMA", "code": "8"}]},
        {"_id": "RID2", "description": "wing", "codes": [{"system": "FMA", "code": "8"}]},
    ]
    path = tmp_path / "locations.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert tool.location_codes(path) == {
        "liver": {"RADLEX": "RID1", "FMA": "7197", "SCT": "10200004"},
        "left wing": {},
        "wing": {"RADLEX": "RID2"},
    }


def test_a_bridge_gives_its_classes_names(tool: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "bridge.owl"
    line = '<rdfs:subClassOf rdf:resource="http://example.org/obo/UBERON_0002107"/>\n  '
    path.write_text(f"{line}<obo:IAO_0000589>liver (SCTID)</obo:IAO_0000589>", encoding="utf-8")
    assert tool.uberon_codes(path) == {"liver": "0002107"}
