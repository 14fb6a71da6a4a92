"""train, end to end on a made archive: what it reads, what it leaves, and that it goes on where it stopped."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import casekin.journeys.train as journey
from casekin.cli import run
from casekin.errors import InputError
from casekin.evaluation import Judgements
from casekin.journeys.train import TrainOptions, make_scorer, train_model
from casekin.models import load_encoder
from casekin.training import read_ledger, verify_ledger
from casekin.training.presets import Preset, read_preset
from journeys.conftest import CLEAR, EFFUSION, PNEUMONIA, MakeArchive

REPORTS = {
    "train": (PNEUMONIA, CLEAR, EFFUSION),
    "validation": (
        "Dense airspace consolidation occupies the left lower lobe, with air bronchograms. Heart size is normal.",
        "Heart, mediastinum and both lungs are normal. There is no effusion, no pneumothorax, no focal consolidation.",
        "A large effusion is layering in the right pleural space. The left lung is clear, the heart is not enlarged.",
    ),
    "test": ("Unremarkable chest.",),
}
"""Reports of validation are worded otherwise: whose report has a twin in train doesn't ask."""
ROWS: list[dict[str, Any]] = [
    {
        "case_id": f"{split}{n}",
        "patient_id": f"SECRET-{split}{n}",
        "split": split,
        "report": REPORTS[split][n % len(REPORTS[split])],
    }
    for split, count in (("train", 6), ("validation", 6), ("test", 2))
    for n in range(count)
]


@pytest.fixture
def small_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    """The preset with two short epochs, for findings that two patients have."""

    def read(name: str, *, size: str | None = None) -> Preset:
        preset = read_preset(name, size="tiny")
        changed = {"epochs": 2.0, "least_patients": 2.0, "batch_size": 6.0, "minutes": 5.0}
        return replace(preset, numbers={**preset.numbers, **changed})

    monkeypatch.setattr(journey, "read_preset", read)


@pytest.fixture
def archive(make_archive: MakeArchive) -> Path:
    """An archive whose truth can't be read and whose test images are no images."""
    folder = make_archive(ROWS)
    (folder / "truth.jsonl").mkdir()
    for row in ROWS:
        if row["split"] == "test":
            (folder / "images" / f"{row['case_id']}.png").unlink()
    return folder


@pytest.mark.usefixtures("small_preset")
def test_an_archive_becomes_a_model_without_its_truth_or_its_test_images(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    words = ["train", "--archive", str(archive), "--out", str(out), "--json"]
    assert run(words) == 0
    printed = capsys.readouterr().out
    record = json.loads(printed)
    assert record["images"] == {"train": 6, "validation": 6, "unreadable": 0} and record["left_out"]["test"] == 2
    assert record["findings"] == ["consolidation", "pleural_effusion"]
    assert len(record["epochs"]) == 2 and record["stopped_by"] == "epochs"
    assert "nDCG@10" in record["epochs"][0] and 0.0 <= record["baseline"][record["encoder"]]["nDCG@10"] <= 1.0
    ledger = read_ledger(out / "ledger.json")
    assert verify_ledger(ledger) == {"test": 4, "validation": 12}
    assert ledger.count_seen(cases=[row["case_id"] for row in ROWS]) == 6
    card = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert card["findings"] == record["findings"] and {"weights.pt", "decoder.onnx"} <= {p.name for p in out.iterdir()}
    for text in (printed, (out / "run.json").read_text(encoding="utf-8"), json.dumps(card)):
        assert "SECRET" not in text and "train1" not in text and "consolidation in the" not in text
    weights = (out / "weights.pt").read_bytes()
    assert run(words) == 0  # finished: the same record, nothing trained
    assert json.loads(capsys.readouterr().out) == record and (out / "weights.pt").read_bytes() == weights
    with pytest.raises(InputError, match="holds a run with other settings, data or versions"):
        train_model(archive, out=out, options=TrainOptions(seed=1))


@pytest.mark.usefixtures("small_preset")
def test_interrupted_while_decoding_or_training_it_goes_on_to_the_same_model(archive: Path, tmp_path: Path) -> None:
    whole = train_model(archive, out=tmp_path / "whole")
    told: list[str] = []

    def stop_at(what: str, done: int) -> None:
        def listen(now: int, _: int, name: str) -> None:
            told.append(name)
            if (name.split()[0], now) == (what, done):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train_model(archive, out=tmp_path / "cut", cache=tmp_path / "other", told=listen)

    for what, done in (("views", 5), ("maps", 4), ("epoch", 2)):
        stop_at(what, done)
    told.clear()
    resumed = train_model(
        archive, out=tmp_path / "cut", cache=tmp_path / "other", told=lambda *step: told.append(step[2])
    )
    assert resumed.record["epochs"] == whole.record["epochs"]
    assert not {"views", "maps", "mine"} & set(told)
    same = [(tmp_path / name / "decoder.onnx").read_bytes() for name in ("whole", "cut")]
    assert same[0] == same[1]


@pytest.mark.usefixtures("small_preset")
def test_runs_with_other_presets_and_seeds_share_what_was_decoded(archive: Path, tmp_path: Path) -> None:
    told: list[str] = []
    train_model(archive, out=tmp_path / "one", told=lambda *step: told.append(step[2]))
    assert {"views", "maps"} <= set(told)
    told.clear()
    options = TrainOptions(preset="clip", seed=1, epochs=1)
    result = train_model(archive, out=tmp_path / "two", options=options, told=lambda *step: told.append(step[2]))
    assert not {"views", "maps"} & set(told) and result.record["samples"] == 6
    assert (tmp_path / "two" / "text" / "model.onnx").is_file() and len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.usefixtures("small_preset")
@pytest.mark.parametrize("backbone", ["lite0_tuned", "convnet"])
def test_a_backbone_that_learns_along_is_chosen_by_name(archive: Path, tmp_path: Path, backbone: str) -> None:
    out = tmp_path / "model"
    options = TrainOptions(encoder=backbone, epochs=1)
    record = train_model(archive, out=out, cache=tmp_path / "cache", options=options).record
    assert record["options"]["encoder"] == backbone and f"--encoder {backbone}" in record["command"]
    assert json.loads((out / "model.json").read_text(encoding="utf-8"))["backbone"] == backbone
    encoder = load_encoder(out / "encoder.json")
    assert encoder.form.findings == tuple(record["findings"])
    assert encoder.version != record["encoder"] == load_encoder().version
    kept = {path.name.split("-")[0] for path in (tmp_path / "cache").iterdir()}
    assert kept == ({"views", "maps"} if backbone == "lite0_tuned" else {"views"})


def test_what_cannot_be_trained_is_told_in_one_line(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["train", "--archive", str(archive), "--out", str(tmp_path / "model")]
    assert run([*words, "--preset", "evidents"]) == 1
    assert "preset: expected one of evidence, " in capsys.readouterr().err
    assert run([*words, "--encoder", "resnet"]) == 1
    told = capsys.readouterr().err
    assert "encoder: expected default, lite0_tuned, lite0_whole, convnet, vit, or the path of an encoder's card" in told
    assert run(["train", "--archive", str(tmp_path / "nothing"), "--out", str(tmp_path / "model")]) == 1
    assert "expected a folder with manifest.jsonl" in capsys.readouterr().err

    monkeypatch.setitem(sys.modules, "torch", None)
    assert run(words) == 1
    assert "training needs torch; pip install 'casekin[train]'" in capsys.readouterr().err


def test_a_scorer_ranks_cases_of_other_patients_by_inner_product_at_the_place() -> None:
    place = "left_lung"
    ids = [f"c{n}" for n in range(5)]
    labels = Judgements.build(
        [(f"c0@{place}", "c1", 3.0), (f"c0@{place}", "c2", 1.0), ("c0@*", "c3", 3.0)],
        documents=ids,
        patients={name: f"p{min(n, 3)}" for n, name in enumerate(ids)},
    )
    from casekin.anatomy import LOCATIONS

    vectors = np.zeros((5, len(LOCATIONS), 1), dtype=np.float32)
    vectors[:, [str(each) for each in LOCATIONS].index(place), 0] = [1.0, 0.5, 0.9, 0.1, 0.2]
    ideal = 3 / np.log2(2) + 1 / np.log2(3)
    got = (1 / np.log2(2) + 3 / np.log2(3)) / ideal
    assert make_scorer(labels, ids)(vectors)["nDCG@10"] == pytest.approx(got)
    with pytest.raises(InputError, match="expected validation cases that share a finding"):
        make_scorer(labels, ["c4"])
