"""Layouts of known collections, on small files written by hand in exactly those layouts."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.reports.formats import (
    LOADERS,
    BadRow,
    RegionTable,
    SourceReport,
    detect_format,
    read_region,
    region_files,
    write_radir,
)

OPENI = """<?xml version="1.0" encoding="utf-8"?>
<eCitation><meta type="rr"/><uId id="CXR7"/><MedlineCitation Owner="Indiana" Status="supplied"><Article>
<Abstract>
<AbstractText Label="COMPARISON">None.</AbstractText>
<AbstractText Label="INDICATION">Cough &amp; fever</AbstractText>
<AbstractText Label="FINDINGS">Left lower lobe consolidation.</AbstractText>
<AbstractText Label="IMPRESSION">Pneumonia.</AbstractText>
</Abstract></Article></MedlineCitation>
<MeSH><major>Consolidation/lung/base/left</major></MeSH>
<parentImage id="CXR7_IM-2263-1001"><caption>PA</caption></parentImage>
</eCitation>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE e [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><eCitation><AbstractText Label="FINDINGS">&c;</AbstractText></eCitation>"""
EXTERNAL = """<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<eCitation><AbstractText Label="FINDINGS">&x;</AbstractText></eCitation>"""


def loaded(format: str, source: Path) -> tuple[list[SourceReport], list[BadRow]]:
    """The reports and the bad rows of a source whose format is recognised as the one expected."""
    assert detect_format(source).format == format
    rows = list(LOADERS[format](source))
    return [r for r in rows if isinstance(r, SourceReport)], [r for r in rows if isinstance(r, BadRow)]


def facts_of(report: SourceReport) -> list[tuple[str, str, str | None, str]]:
    return [(fact.finding, fact.anatomy, fact.side, fact.polarity) for fact in report.facts or ()]


def test_openi_sections_come_in_the_order_of_dictation_with_codes_and_images_beside(tmp_path: Path) -> None:
    (tmp_path / "7.xml").write_text(OPENI, encoding="utf-8")
    (report,), bad = loaded("iu-xray", tmp_path)
    assert not bad
    assert report.report_id == "CXR7"
    assert report.text == (
        "INDICATION: Cough & fever\nCOMPARISON: None.\nFINDINGS: Left lower lobe consolidation.\nIMPRESSION: Pneumonia."
    )
    assert report.composed
    assert report.extra == {"image_ids": ["CXR7_IM-2263-1001"], "mesh_major": ["Consolidation/lung/base/left"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "entities"),
        (EXTERNAL, "entities"),
        ("<eCitation>\n<a></b></eCitation>", "line 2"),
        ("<eCitation/>", "AbstractText"),
        ("<a>" * 200 + "</a>" * 200, "nested"),
        ("<a>" + "<b/>" * 100_000 + "</a>", "100000 elements"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
        ("", "malformed"),
    ],
    ids=["bomb", "external", "malformed", "other XML", "deep", "many", "encoding", "empty"],
)
def test_xml_that_is_hostile_or_broken_is_listed_and_the_rest_is_read(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_text(text, encoding="utf-8")
    (tmp_path / "good.xml").write_text(OPENI, encoding="utf-8")
    reports, bad = loaded("iu-xray", tmp_path)
    assert [report.report_id for report in reports] == ["CXR7"]
    assert [row.file for row in bad] == ["bad.xml"]
    assert told in bad[0].reason
    assert "ha" * 8 not in bad[0].reason


def test_one_xml_file_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "report").write_text(OPENI, encoding="utf-8")
    reports, bad = loaded("iu-xray", tmp_path / "report")
    assert ([report.report_id for report in reports], bad) == (["CXR7"], [])


def test_kaggles_table_gives_the_same_reports_under_the_same_ids(tmp_path: Path) -> None:
    (tmp_path / "indiana_projections.csv").write_text("uid,filename,projection\n7,7_IM.png,Frontal\n", encoding="utf-8")
    table = tmp_path / "indiana_reports.csv"
    table.write_text(
        "uid,MeSH,Problems,image,indication,comparison,findings,impression\n"
        "7,Consolidation,Consolidation,PA,Cough & fever,None.,Left lower lobe consolidation.,Pneumonia.\n",
        encoding="utf-8",
    )
    (kaggle,), bad = loaded("iu-xray", table)
    assert not bad
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "7.xml").write_text(OPENI, encoding="utf-8")
    (openi,), _ = loaded("iu-xray", tmp_path / "xml")
    assert (kaggle.report_id, kaggle.text) == (openi.report_id, openi.text)
    assert [report.report_id for report in loaded("iu-xray", tmp_path)[0]] == ["CXR7"]


def test_mimic_cxr_tells_patient_and_study_by_the_path_and_split_by_its_table(tmp_path: Path) -> None:
    for path in ("files/p10/p10000032/s50414267.txt", "files/p10/p10000032/s5.txt", "files/p11/p11000000/s6.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(" FINAL REPORT\n IMPRESSION: Normal.\n", encoding="utf-8")
    (tmp_path / "LICENSE.txt").write_text("a licence", encoding="utf-8")
    (tmp_path / "mimic-cxr-2.0.0-split.csv").write_text(
        "dicom_id,study_id,subject_id,split\nd1,50414267,10000032,train\nd2,6,11000000,validate\n", encoding="utf-8"
    )
    reports, bad = loaded("mimic-cxr", tmp_path)
    assert not bad
    assert [(report.report_id, report.patient_id, report.split) for report in reports] == [
        ("s5", "p10000032", None), ("s50414267", "p10000032", "train"), ("s6", "p11000000", "validation"),
    ]  # fmt: skip
    archive = tmp_path / "reports.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(tmp_path / "files/p11/p11000000/s6.txt", "files/p11/p11000000/s6.txt")
    assert [report.report_id for report in loaded("mimic-cxr", archive)[0]] == ["s6"]


def test_ct_rate_keeps_one_reconstruction_of_a_scan_and_the_patient_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "train_reports.csv"
    path.write_text(
        "VolumeName,ClinicalInformation_EN,Technique_EN,Findings_EN,Impressions_EN\n"
        "train_1_a_1.nii.gz,Not given.,Non-contrast,Trachea is open.,Normal.\n"
        "train_1_a_2.nii.gz,Not given.,Non-contrast,Trachea is open.,Normal.\n"
        'train_1_b_1.nii.gz,Cough,,"Nodule, 4 mm.",\n'
        "valid_22_a_1.nii.gz,,,Effusion.,\n"
        "scan.nii.gz,,,Effusion.,\n",
        encoding="utf-8",
    )
    reports, bad = loaded("ct-rate", path)
    assert [(report.report_id, report.patient_id, report.split) for report in reports] == [
        ("train_1_a", "train_1", "train"), ("train_1_b", "train_1", "train"), ("valid_22_a", "valid_22", "validation"),
    ]  # fmt: skip
    assert reports[0].text == "TECHNIQUE: Non-contrast\nFINDINGS: Trachea is open.\nIMPRESSION: Normal."
    assert [row.row for row in bad] == [6]


def scene_graph(**changed: Any) -> dict[str, Any]:
    clear = "No pneumothorax is seen."
    effusion = "Worsened moderate left effusion."
    attributes = [
        {"bbox_name": "left lung", "phrases": [effusion, clear],
         "attributes": [["anatomicalfinding|yes|pleural effusion", "nlp|yes|abnormal"],
                        ["anatomicalfinding|no|pneumothorax"]],
         "severity_cues": [["severity|yes|moderate"], []], "comparison_cues": [["comparison|yes|worsened"], []]},
        {"bbox_name": "left costophrenic angle", "phrases": [effusion],
         "attributes": [["anatomicalfinding|yes|pleural effusion"]],
         "severity_cues": [["severity|yes|moderate"]], "comparison_cues": [["comparison|yes|worsened"]]},
        {"bbox_name": "right lung", "phrases": [clear], "attributes": [["anatomicalfinding|no|pneumothorax"]]},
        {"bbox_name": "trachea", "phrases": ["The trachea is normal."], "attributes": [["nlp|yes|normal"]]},
        {"bbox_name": "unknown", "phrases": ["A wobble."], "attributes": [["anatomicalfinding|yes|wobble"]]},
    ]  # fmt: skip
    objects = [
        {"bbox_name": "left lung", "x1": 1, "y1": 2, "x2": 3, "y2": 4,
         "original_x1": 10, "original_y1": 20, "original_x2": 30, "original_y2": 40},
        {"bbox_name": "trachea", "original_x1": 5, "original_y1": 5, "original_x2": 5, "original_y2": 9},
    ]  # fmt: skip
    graph = {"image_id": "d1", "patient_id": 10000032, "study_id": 50414267, "viewpoint": "AP"}
    return {**graph, "objects": objects, "attributes": attributes, **changed}


def test_scene_graphs_become_facts_with_sides_joined_and_wholes_dropped(tmp_path: Path) -> None:
    (tmp_path / "d1_SceneGraph.json").write_text(json.dumps(scene_graph()), encoding="utf-8")
    (report,), bad = loaded("imagenome", tmp_path)
    assert not bad
    assert (report.report_id, report.case_id, report.patient_id) == ("d1", "s50414267", "p10000032")
    assert ("pneumothorax", "pleural_space", "bilateral", "absent") in facts_of(report)
    effusions = [fact for fact in report.facts or () if fact.finding == "pleural_effusion"]
    assert [(fact.side, fact.polarity, fact.severity, fact.change) for fact in effusions] == [
        ("left", "present", "moderate", "increased")
    ]
    assert all(fact.span and report.text[slice(*fact.span)] == fact.sentence for fact in report.facts or ())
    assert [str(place) for place in report.normal] == ["trachea"]
    assert "wobble" in report.unplaced
    assert report.extra["regions"] == [{"anatomy": "lung", "side": "left", "box": [10.0, 20.0, 30.0, 40.0]}]


def test_a_label_that_says_one_or_the_other_makes_each_uncertain_and_its_denial_both_absent(tmp_path: Path) -> None:
    said = [
        {"bbox_name": f"{side} upper lung zone", "phrases": [f"Sentence on the {side}."],
         "attributes": [[f"anatomicalfinding|{answer}|mass/nodule (not otherwise specified)"]]}
        for side, answer in (("left", "yes"), ("right", "no"))
    ]  # fmt: skip
    (tmp_path / "d1_SceneGraph.json").write_text(json.dumps(scene_graph(attributes=said)), encoding="utf-8")
    (report,), _ = loaded("imagenome", tmp_path)
    assert sorted(facts_of(report)) == [
        ("mass", "upper_lung_zone", "left", "uncertain"), ("mass", "upper_lung_zone", "right", "absent"),
        ("nodule", "upper_lung_zone", "left", "uncertain"), ("nodule", "upper_lung_zone", "right", "absent"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["[]", "{", json.dumps(scene_graph(attributes={})), json.dumps(scene_graph(image_id="")), "[" * 100_000]
)
def test_a_scene_graph_that_is_none_is_listed(text: str, tmp_path: Path) -> None:
    (tmp_path / "bad_SceneGraph.json").write_text(text, encoding="utf-8")
    (tmp_path / "d1_SceneGraph.json").write_text(json.dumps(scene_graph()), encoding="utf-8")
    reports, bad = loaded("imagenome", tmp_path)
    assert len(reports) == 1
    assert [row.file for row in bad] == ["bad_SceneGraph.json"]


def test_padchest_gr_takes_labels_where_there_are_some_and_reads_the_sentence_where_not(tmp_path: Path) -> None:
    studies = [
        {"StudyID": "s1", "ImageID": "s1_i.png", "findings": [
            {"sentence_en": "Right basal consolidation.", "abnormal": True, "labels": ["consolidation"],
             "locations": ["right", "lung base"], "boxes": [[0.1, 0.5, 0.3, 0.9]], "progression": "new"},
            {"sentence_en": "No pleural effusion.", "abnormal": False},
            {"sentence_en": "Cardiomegaly.", "abnormal": True, "labels": ["cardiomegaly"], "boxes": []}]},
        {"StudyID": "s2", "findings": "none"},
        5,
    ]  # fmt: skip
    (tmp_path / "grounded_reports_20240819.json").write_text(json.dumps(studies), encoding="utf-8")
    (tmp_path / "master_table.csv").write_text(
        "ImageID,StudyID,PatientID,split,label\ns1_i.png,s1,p9,validation,consolidation\n", encoding="utf-8"
    )
    (report,), bad = loaded("padchest-gr", tmp_path)
    assert (report.report_id, report.patient_id, report.split) == ("s1", "p9", "validation")
    assert facts_of(report) == [
        ("consolidation", "lung_base", "right", "present"),
        ("pleural_effusion", "pleural_space", None, "absent"),
        ("cardiomegaly", "cardiac_silhouette", None, "present"),
    ]
    assert [fact.change for fact in report.facts or ()] == ["new", None, None]
    assert all(fact.span and report.text[slice(*fact.span)] in (fact.sentence or "") for fact in report.facts or ())
    assert report.extra["grounding"] == [
        {"finding": "consolidation", "anatomy": "lung_base", "side": "right", "boxes_share": [[0.1, 0.5, 0.3, 0.9]]}
    ]
    assert [row.row for row in bad] == [2, 3]
    zipped = shutil.make_archive(str(tmp_path / "zipped"), "zip", tmp_path, ".")
    assert loaded("padchest-gr", Path(zipped)) == ([report], bad)


def test_radirs_layout_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    values = np.array([[1, 2 / 3, 0], [2 / 3, 1, 1 / 3], [0, 1 / 3, 1]], dtype=np.float32)
    names = ("p10000032/s1/d1.jpg", "train_3_a_1.nii.gz", "c")
    reports = [(name, f"Report of {number}.") for number, name in enumerate(names)]
    table = RegionTable(anatomy="left_lower_lobe", names=names, values=values)
    write_radir(tmp_path, split="test", reports=reports, regions=[table])
    assert (tmp_path / "test_entity" / "left lower lobe.csv").read_text(encoding="utf-8").splitlines()[0] == "File Path"
    found, bad = loaded("radir", tmp_path)
    assert not bad
    assert [(report.report_id, report.text) for report in found] == reports
    assert [report.patient_id for report in found] == ["p10000032", "train_3", None]
    assert {report.split for report in found} == {"test"}
    (path,) = region_files(tmp_path)
    read = read_region(path)
    assert (read.anatomy, read.names) == ("left lower lobe", names)
    assert np.array_equal(read.values, values)


def test_radirs_stored_triangle_is_mirrored_and_hundredths_are_shares(tmp_path: Path) -> None:
    write_radir(
        tmp_path,
        split="train",
        reports=[("a", "x"), ("b", "y")],
        regions=[RegionTable(anatomy="lung", names=("a", "b"), values=np.eye(2, dtype=np.float32))],
    )
    np.save(tmp_path / "train_ratescore" / "lung.npy", np.array([[100, 40], [0, 100]], dtype=np.uint8))
    (path,) = region_files(tmp_path)
    assert np.allclose(read_region(path).values, [[1, 0.4], [0.4, 1]])


@pytest.mark.parametrize("kind", ["missing", "shape", "object", "anatomy", "column"])
def test_radirs_tables_that_do_not_fit_are_listed_and_the_reports_are_read(kind: str, tmp_path: Path) -> None:
    anatomy = "left flux capacitor" if kind == "anatomy" else "lung"
    write_radir(
        tmp_path,
        split="train",
        reports=[("a", "x"), ("b", "y")],
        regions=[RegionTable(anatomy=anatomy, names=("a", "b"), values=np.eye(2, dtype=np.float32))],
    )
    table = tmp_path / "train_ratescore" / f"{anatomy}.npy"
    if kind == "missing":
        table.unlink()
    elif kind == "shape":
        np.save(table, np.eye(3, dtype=np.float32))
    elif kind == "object":
        np.save(table, np.array([[{}, {}], [{}, {}]], dtype=object))
    elif kind == "column":
        (tmp_path / "train_entity" / "lung.csv").write_text("nothing\na\nb\n", encoding="utf-8")
    reports, bad = loaded("radir", tmp_path)
    assert len(reports) == 2
    assert [row.file for row in bad] == [f"train_entity/{anatomy}.csv"]
    (path,) = region_files(tmp_path)
    with pytest.raises(InputError):
        read_region(path)
