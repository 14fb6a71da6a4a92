"""Other people's labels: every name resolves or is refused with a reason, and comes back."""

import json
from pathlib import Path

import pytest

from casekin.errors import FindingError
from casekin.findings import finding_names, from_label, is_a, label_sets, labels, to_labels

RAW = json.loads((Path(__file__).parents[2] / "src/casekin/findings/label_maps.json").read_text(encoding="utf-8"))[
    "sets"
]
ROWS = [(scheme, name, value) for scheme, each in RAW.items() for name, value in each["labels"].items()]
REFUSED = [(scheme, name) for scheme, name, value in ROWS if isinstance(value, dict) and "refused" in value]
KINDS = [(scheme, name) for scheme, name, value in ROWS if isinstance(value, dict) and "kind_of" in value]
EXACT = [(scheme, name) for scheme, name, value in ROWS if not isinstance(value, dict) or "is" in value]


def test_the_sets_have_the_sizes_that_their_authors_give() -> None:
    assert set(label_sets()) == set(RAW)
    assert len(labels("chexpert")) == 14
    assert len(labels("chestxray14")) == 14 + 1  # and 'No Finding'
    assert len(labels("vindr_cxr")) == 22 + 6 + 1  # 'Other disease' has two spellings
    assert len(labels("ct_rate")) == 18
    assert len(labels("padchest")) == 174 + 19


@pytest.mark.parametrize(("scheme", "name"), EXACT)
def test_a_label_comes_back_from_each_of_its_findings(scheme: str, name: str) -> None:
    found = from_label(scheme, name)
    assert found
    assert all(name in to_labels(each.id, scheme) for each in found)


@pytest.mark.parametrize(("scheme", "name"), KINDS)
def test_a_label_narrower_than_its_finding_is_read_but_never_written(scheme: str, name: str) -> None:
    assert all(name not in to_labels(each.id, scheme) for each in from_label(scheme, name))


@pytest.mark.parametrize(("scheme", "name"), REFUSED)
def test_a_label_that_is_no_finding_is_refused_with_the_reason(scheme: str, name: str) -> None:
    with pytest.raises(FindingError, match=r"is no finding: \w+"):
        from_label(scheme, name)


@pytest.mark.parametrize("scheme", RAW)
def test_what_a_finding_is_called_means_it_or_something_it_is_a_kind_of(scheme: str) -> None:
    for name in finding_names():
        for label in to_labels(name, scheme):
            covered = RAW[scheme]["labels"][label]
            also = covered.get("covers", []) if isinstance(covered, dict) else []
            meant = [each.id for each in from_label(scheme, label)] + ([also] if isinstance(also, str) else also)
            assert any(is_a(name, each) for each in meant)


@pytest.mark.parametrize(
    ("name", "scheme", "expected"),
    [
        ("hemothorax", "chexpert", ("Pleural Effusion",)),
        ("picc", "chexpert", ("Support Devices",)),
        ("ground-glass opacity", "chexpert", ("Lung Opacity",)),
        ("rib fracture", "vindr_cxr", ("Rib fracture",)),
        ("mass", "vindr_cxr", ("Nodule/Mass",)),
        ("scoliosis", "chexpert", ()),
        ("hydropneumothorax", "chexpert", ("Pneumothorax", "Pleural Effusion")),
        ("pulmonary congestion", "chexpert", ("Edema",)),
        ("lobar collapse", "padchest", ("atelectasis",)),
        ("coronary_calcification", "ct_rate", ("Coronary artery wall calcification",)),
        ("aortic_calcification", "ct_rate", ("Arterial wall calcification",)),
    ],
)
def test_a_finding_gets_the_nearest_label(name: str, scheme: str, expected: tuple[str, ...]) -> None:
    assert to_labels(name, scheme) == expected


def test_a_label_is_read_however_it_is_spelled() -> None:
    assert from_label("chestxray14", "pleural thickening") == from_label("chestxray14", "Pleural_Thickening")


def test_an_unknown_label_or_set_names_what_is_near() -> None:
    with pytest.raises(FindingError, match="Pneumothorax"):
        from_label("chexpert", "Pneumothorx")
    with pytest.raises(FindingError, match="chexpert"):
        from_label("chexpart", "Pneumothorax")
    with pytest.raises(FindingError):
        to_labels("left lower lobe", "chexpert")
