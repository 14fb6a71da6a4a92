"""Published tables become tasks: what is relevant, what is dropped, and chance as closed forms have it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.protocols import Task, read_tasks

CLASSES = ("Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion")


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def by_id(task: Task) -> Run:
    """Every document for every query, in the order of ids."""
    documents = task.judgements.documents
    return Run.build("ids", [(q, d, -float(i)) for q in task.judgements.listed for i, d in enumerate(documents)])


def one_hot(shown: int) -> str:
    return ",".join("1.0" if i == shown else "0.0" for i in range(5))


@pytest.mark.parametrize("name", ["chexpert-5x200", "benchx-5x200"])
def test_five_balanced_classes_have_a_chance_of_a_fifth(name: str, tmp_path: Path) -> None:
    header = f"Path,{','.join(CLASSES)}"
    rows = [f"p{i:04d}.jpg,{one_hot(i % 5)}" for i in range(1000)]
    table = written(tmp_path / "t.csv", header, *rows, "none.jpg,0,0,0,0,-1", "two.jpg,1,1,0,0,0")
    (task,) = read_tasks(name, table)
    assert task.dropped == {"rows_without_one_class": 2, "classes_of_another_size": 0}
    figures = {figure.measure: figure for figure in task.score(by_id(task))}
    assert (figures["P@5"].value, figures["P@5"].chance) == (pytest.approx(0.2), pytest.approx(0.2))
    assert (figures["P@5"].gallery, figures["P@5"].prevalence, figures["P@5"].n) == (1000, pytest.approx(0.2), 1000)


def test_a_class_of_another_size_is_told(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", f"Path,{','.join(CLASSES)}", *(f"{i}.jpg,{one_hot(i)}" for i in range(5)))
    (task,) = read_tasks("chexpert-5x200", table)
    assert task.dropped["classes_of_another_size"] == 5


def test_ct_rate_grades_are_the_overlap_of_labels_and_unlabelled_volumes_drop(tmp_path: Path) -> None:
    header = "VolumeName," + ",".join(f"L{i}" for i in range(18))
    labels = {
        "valid_1_a_1.nii.gz": {0, 1},
        "valid_2_a_1.nii.gz": {1, 2},
        "valid_3_a_1.nii.gz": {0, 1},
        "valid_4": set(),
    }
    rows = [f"{name}," + ",".join(str(int(i in shown)) for i in range(18)) for name, shown in labels.items()]
    (task,) = read_tasks("ct-rate", written(tmp_path / "valid_predicted_labels.csv", header, *rows))
    assert task.dropped == {"volumes_without_label": 1}
    judged = task.judge(by_id(task))
    assert judged.grades[:, :2].tolist() == [
        pytest.approx([1 / 3, 1.0]),
        pytest.approx([1 / 3, 1 / 3]),
        pytest.approx([1.0, 1 / 3]),
    ]


def test_captions_ask_both_ways_and_the_same_text_is_one_group(tmp_path: Path) -> None:
    table = written(tmp_path / "test_captions.csv", "ID,Caption", "a,Chest CT.", "b,Chest  CT.", "c,MRI", "d,")
    tasks = list(read_tasks("roco", table))
    assert [task.name for task in tasks] == ["text to image", "image to text"]
    assert tasks[0].dropped == {"rows_without_text": 1}
    figures = {figure.measure: figure for figure in tasks[0].score(by_id(tasks[0]))}
    assert figures["R@1"].value == pytest.approx(1 / 3)  # a alone finds itself first
    assert figures["GroupR@1"].value == pytest.approx(2 / 3)  # b finds a, which says the same
    assert (figures["R@1"].gallery, figures["R@1"].chance) == (3, pytest.approx(1 / 3))


def test_m3d_takes_the_first_two_thousand_of_the_test_list(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    for i in (0, 1):
        written(tmp_path / "t" / f"{i}.txt", "the same")
    rows = [{"image": f"v/{i}.npy", "text": f"t/{i}.txt"} for i in range(2003)]
    source = written(tmp_path / "M3D_Cap.json", json.dumps({"train": [], "test": rows}))
    task, _ = read_tasks("m3d-2000", source)
    assert task.dropped == {"rows_past_the_limit": 3, "texts_not_found": 1998}
    assert len(task.judgements.documents) == 2000
    assert task.groups["v/0.npy"] == task.groups["v/1.npy"]
    assert len(set(task.groups.values())) == 1999


def test_a_text_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    written(tmp_path / "outside.txt", "not for you")
    folder = tmp_path / "data"
    folder.mkdir()
    row = {"image": "v", "text": "../outside.txt"}
    task, _ = read_tasks("m3d-2000", written(folder / "M3D_Cap.json", json.dumps({"test": [row]})))
    assert task.dropped["texts_not_found"] == 1


def test_mimic_has_one_image_a_study_of_the_test_split(tmp_path: Path) -> None:
    rows = ("d1,s1,p1,test", "d2,s1,p1,test", "d3,s2,p1,test", "d4,s3,p2,train")
    table = written(tmp_path / "split.csv", "dicom_id,study_id,subject_id,split", *rows)
    task, _ = read_tasks("mimic-full-gallery", table)
    assert task.dropped == {"rows_of_another_split": 1, "further_images": 1}
    assert task.judgements.documents == ("s1", "s2")


@pytest.mark.parametrize(
    ("name", "lines", "says"),
    [
        ("roco", ("ID,Text", "a,b"), "without caption"),
        ("roco", ("ID,Caption", "a,x", "a,y"), "twice"),
        ("roco", ("ID,Caption", "a,x,y"), "row 2"),
        ("ct-rate", ("VolumeName,L0", "v,1"), "18 columns"),
        ("chexpert-5x200", (f"Path,{','.join(CLASSES)}", "a,0,0,0,0,0"), "no row"),
        ("m3d-2000", ("{}",), "KeyError"),
    ],
)
def test_a_table_in_another_form_is_one_clear_error(
    name: str, lines: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=says):
        list(read_tasks(name, written(tmp_path / "t.csv", *lines)))
