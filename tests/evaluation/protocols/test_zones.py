"""The zone protocol: same third, same side, other patients; drops are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.protocols import read_tasks


def row(case: str, patient: str, *found: tuple[str, str, str, float], duplicate: str | None = None) -> dict[str, Any]:
    keys = ("finding", "side", "zone", "frac_of_zone")
    return {
        "case_id": case,
        "patient_group": patient,
        "region_findings": [dict(zip(keys, one, strict=True)) for one in found],
        "duplicate_of": duplicate,
    }


ROWS = [
    row("a1", "a", ("opacity", "right", "lower", 0.4), ("opacity", "left", "mid", 0.04)),
    row("a2", "a", ("opacity", "right", "lower", 0.4)),
    row("b1", "b", ("opacity", "right", "lower", 0.05), ("fluid", "left", "lower", 0.3)),
    row("c1", "c", ("opacity", "left", "lower", 0.4)),
    row("d1", "d"),
    row("e1", "e", ("opacity", "right", "lower", 0.4), duplicate="b1"),
]


def manifest(folder: Path) -> Path:
    path = folder / "manifest.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in ROWS), encoding="utf-8")
    return path


def test_relevant_are_other_patients_with_the_finding_in_the_same_third(tmp_path: Path) -> None:
    (task,) = read_tasks("zones", manifest(tmp_path))
    labels = task.judgements
    named = {q: [labels.documents[i] for i in one.numbers] for q, one in labels.listed.items()}
    place = "right_lower_lung_zone"
    assert named == {f"a1@{place}": ["b1"], f"a2@{place}": ["b1"], f"b1@{place}": ["a1", "a2"]}


def test_the_folder_of_the_manifest_is_the_same_as_the_file(tmp_path: Path) -> None:
    path = manifest(tmp_path)
    ((by_file,), (by_folder,)) = (tuple(read_tasks("zones", source)) for source in (path, tmp_path))
    assert by_folder.judgements.listed.keys() == by_file.judgements.listed.keys() and by_folder.dropped
    with pytest.raises(InputError, match=r"manifest\.jsonl"):
        tuple(read_tasks("zones", tmp_path.parent))


def test_what_is_dropped_is_counted_by_reason(tmp_path: Path) -> None:
    (task,) = read_tasks("zones", manifest(tmp_path))
    # b1 has the only fluid and c1 the only opacity at the left
    assert task.dropped == {"without_masks": 1, "near_duplicates": 1, "no_relevant_image": 2}


def test_the_own_patient_is_in_no_gallery_and_normal_thirds_are_no_queries(tmp_path: Path) -> None:
    (task,) = read_tasks("zones", manifest(tmp_path))
    queries = [*task.judgements.listed, "c1@right_lower_lung_zone"]
    judged = task.judge(Run.build("all", [(q, d, 0.0) for q in queries for d in ("a1", "a2", "b1", "c1")]))
    assert judged.query_ids == tuple(sorted(task.judgements.listed))
    assert judged.gallery_sizes.tolist() == [2.0, 2.0, 3.0]
    assert judged.removed["normal_queries"] == 1


def test_a_malformed_manifest_is_one_error_that_shows_no_content(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text('{"case_id": "secret"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="region_findings") as error:
        list(read_tasks("zones", path))
    assert "secret" not in str(error.value)
