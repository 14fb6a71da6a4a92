"""Laws of the findings ontology: hierarchy, names, homes."""

import pytest

from casekin.anatomy import ANATOMIES
from casekin.errors import FindingError
from casekin.findings import FINDINGS, ancestors, finding, finding_names, is_a, parse_finding, siblings

SIMULATED = """consolidation ground_glass_opacity nodule mass atelectasis pleural_effusion pneumothorax cardiomegaly
pulmonary_edema hilar_enlargement mediastinal_widening emphysema fibrosis pleural_thickening calcified_granuloma
rib_fracture hiatal_hernia pneumoperitoneum endotracheal_tube nasogastric_tube central_venous_catheter pacemaker
chest_tube""".split()  # noqa: SIM905


@pytest.mark.parametrize("name", SIMULATED)
def test_the_findings_of_the_simulated_archive_exist(name: str) -> None:
    assert name in finding_names()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PTX", "pneumothorax"),
        ("ground-glass opacities", "ground_glass_opacity"),
        ("Pleural_Effusion", "pleural_effusion"),
        ("enlarged heart", "cardiomegaly"),
        ("ET tube", "endotracheal_tube"),
        ("free air", "pneumoperitoneum"),
        ("granulomas", "calcified_granuloma"),
    ],
)
def test_a_finding_is_read_however_it_is_written(text: str, expected: str) -> None:
    assert parse_finding(text) == expected
    assert finding(text).id == expected


@pytest.mark.parametrize("text", ["", "left lower lobe", "pneumothorixx", "x" * 400])
def test_an_unknown_finding_is_refused(text: str) -> None:
    with pytest.raises(FindingError):
        parse_finding(text)


def test_an_error_names_the_nearest_findings() -> None:
    with pytest.raises(FindingError, match="pneumothorax"):
        parse_finding("pnumothorx")


def test_something_that_is_no_text_is_refused() -> None:
    with pytest.raises(FindingError):
        parse_finding(None)  # type: ignore[arg-type]


def test_every_id_is_its_own_name() -> None:
    for name in finding_names():
        assert parse_finding(name) == name


def test_the_hierarchy_has_no_cycle_and_known_parents() -> None:
    for name, each in FINDINGS.items():
        assert name not in ancestors(name)
        assert all(parent in FINDINGS for parent in each.parents)
        assert all(is_a(name, above) for above in ancestors(name))


def test_is_a_goes_one_way() -> None:
    assert is_a("consolidation", "lung_opacity")
    assert not is_a("lung_opacity", "consolidation")
    assert is_a("picc", "central_venous_catheter")
    with pytest.raises(FindingError):
        is_a("no such thing", "mass")


def test_siblings_share_a_parent() -> None:
    assert "mass" in siblings("nodule")
    assert "nodule" not in siblings("nodule")
    assert all(set(FINDINGS[other].parents) & set(FINDINGS["nodule"].parents) for other in siblings("nodule"))


def test_every_finding_has_a_home_that_exists() -> None:
    for each in FINDINGS.values():
        assert each.homes
        assert each.home.anatomy in ANATOMIES
        for sign in each.signs:
            assert set(sign.anatomies) <= set(ANATOMIES)


def test_exclusion_is_mutual() -> None:
    for name, each in FINDINGS.items():
        assert all(name in FINDINGS[other].excludes for other in each.excludes)


def test_no_synonym_means_two_findings() -> None:
    meaning: dict[str, str] = {}
    for name, each in FINDINGS.items():
        for spelling in {each.name, *each.synonyms, name.replace("_", " ")}:
            assert meaning.setdefault(spelling, name) == name, spelling
