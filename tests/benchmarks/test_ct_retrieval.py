"""The benchmark of CT vectors: vectors that know the truth rank first, and a lobe is asked where it was located."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS, parse_place
from casekin.models import load_encoder
from casekin.models.ct.normals import EVIDENCE
from casekin.relevance.trec import ANYWHERE

ROOT = Path(__file__).parents[2]
FINDINGS = ("consolidation", "pleural_thickening", "nodule")
LOBE = parse_place("left lower lobe")
PATIENTS = 24


@pytest.fixture(scope="module")
def benchmark() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("tools", "benchmarks"):
            patch.syspath_prepend(str(ROOT / name))
        return importlib.import_module("ct_retrieval")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, benchmark: Any) -> Path:
    """Patients with one of three findings in the left lower lobe; 3D knows which, the projection is noise."""
    folder = tmp_path_factory.mktemp("vectors")
    rng = np.random.default_rng(0)
    film, whole = load_encoder().dim, benchmark.whole_length()
    for number in range(PATIENTS):
        kind = number % len(FINDINGS)
        known = np.zeros(EVIDENCE)
        known[kind] = 10.0
        vectors = {str(place): np.r_[rng.normal(size=film) * 0.01, known] for place in (*LOCATIONS, LOBE)}
        vectors["global"] = np.r_[rng.normal(size=whole) * 0.01, known]
        case = {"case_id": f"c{number:02d}", "patient_id": f"p{number:02d}"}
        fact = {"finding": FINDINGS[kind], "anatomy": LOBE.anatomy, "side": LOBE.side, "polarity": "present"}
        row = {**case, "image": "x.nii.gz", "modality": "CT", "report": FINDINGS[kind], "source": "made"}
        record = {"row": row, "truth": {**case, "facts": [fact]}, "model_version": "made"}
        np.savez(folder / f"{number}.npz", **{name: vector.astype(np.float32) for name, vector in vectors.items()})
        (folder / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_what_knows_the_truth_is_first(benchmark: Any, folder: Path) -> None:
    benchmark.encode_patients(folder, PATIENTS, seed=0)  # all is there: nothing is rendered
    volumes, version = benchmark.read_patients(folder, PATIENTS)
    questions = benchmark.read_questions(folder, queries=0)
    record = benchmark.record_of(questions, benchmark.measure(questions, volumes))
    assert version == "made"
    mean = {name: found["at places"]["measures"]["nDCG@10"]["mean"] for name, found in record["rankings"].items()}
    assert mean["ct"] > 0.99
    assert mean["3D alone"] > 0.99
    assert mean["projection"] < 0.8
    assert record["ct minus"]["projection"]["mean"] == pytest.approx(mean["ct"] - mean["projection"])


def test_a_lobe_is_asked_where_it_was_located_and_the_whole_by_the_whole(benchmark: Any, folder: Path) -> None:
    volumes, _ = benchmark.read_patients(folder, PATIENTS)
    ids = tuple(sorted(volumes))
    score = benchmark.by_located(volumes, ids, part=slice(None), whole=slice(None))
    lobe = np.stack([volumes[case][str(LOBE)] for case in ids]).astype(float)
    whole = np.stack([volumes[case]["global"] for case in ids]).astype(float)
    rows = np.array([0, 5])
    assert np.allclose(score(str(LOBE), rows), lobe[rows] @ lobe.T)
    assert np.allclose(score(ANYWHERE, rows), whole[rows] @ whole.T)
