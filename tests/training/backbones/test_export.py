"""Exported backbones: the shipped network's form, torch's numbers, and a card that tells what the files are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch

from casekin.models.features import LEVEL_CHANNELS, LEVELS, FeatureNet, letterbox
from casekin.training.backbones import load_backbone
from casekin.training.backbones.export import export_backbone
from casekin.training.decoder import EvidenceDecoder
from casekin.training.feature_maps import STRIDES


@pytest.mark.parametrize("name", ["convnet", "vit", "lite0_tuned"])
def test_the_file_runs_as_the_shipped_network_does_and_gives_torch_s_maps(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    backbone = load_backbone(name)
    export_backbone(backbone, tmp_path, name=name, licence="Apache-2.0", notes={})
    view = np.random.default_rng(0).random((300, 260), dtype=np.float32)
    features = FeatureNet(tmp_path / "backbone.onnx")(view)
    with torch.no_grad():
        expected = backbone(torch.from_numpy(letterbox(view)[0])[None, None])
    for level in LEVELS:
        assert np.abs(features.maps[level] - expected[level][0].numpy()).max() < 1e-3


def test_the_decoder_beside_it_takes_any_number_of_images(tmp_path: Path) -> None:
    torch.manual_seed(0)
    decoder = EvidenceDecoder(2, width=8)
    findings = ["nodule", "pneumothorax"]
    card = export_backbone(
        load_backbone("convnet"), tmp_path, name="convnet", licence="Apache-2.0", decoder=decoder, findings=findings,
        notes={},
    )  # fmt: skip
    maps = {n: torch.randn(3, LEVEL_CHANNELS[n], *(384 // STRIDES[n],) * 2) for n in LEVELS}
    session = ort.InferenceSession(str(tmp_path / card["files"]["decoder"]["name"]))
    (got,) = session.run(["evidence"], {name: level.numpy() for name, level in maps.items()})
    with torch.no_grad():
        assert np.abs(got - decoder(*maps.values()).numpy()).max() < 1e-3
    assert card["findings"] == findings


def test_the_card_says_licence_preprocessing_and_the_hash_of_every_file(tmp_path: Path) -> None:
    backbone = load_backbone("convnet")
    card = export_backbone(backbone, tmp_path, name="convnet", licence="MIT", notes={"trained_on": ["made"]})
    assert json.loads((tmp_path / "backbone.json").read_text(encoding="utf-8")) == card
    assert card["licence"] == "MIT" and card["preprocessing"] and card["trained_on"] == ["made"]
    for entry in card["files"].values():
        assert hashlib.sha256((tmp_path / entry["name"]).read_bytes()).hexdigest() == entry["sha256"]
    again = load_backbone("convnet", tmp_path / card["files"]["weights"]["name"])
    assert all(
        torch.equal(a, b) for a, b in zip(backbone.state_dict().values(), again.state_dict().values(), strict=True)
    )
