"""Presets over one dual encoder: what their batches hold, that all of them learn, and what their files give."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch

from casekin.anatomy import LOCATIONS, mirror
from casekin.models import load_encoder
from casekin.models.features import LEVELS
from casekin.models.region import LOOK_SHARE, NORMAL_SHARE
from casekin.models.text import load_text_encoder
from casekin.training.dual import pool_under
from casekin.training.dual_training import DualTraining
from casekin.training.export import export_encoder, export_model
from casekin.training.presets import preset_names
from casekin.training.recipes import TERMS
from casekin.training.trained import load_trained
from made_cases import chest_picture
from training.made_dual import CASES, FINDINGS, made_cases, made_preset, made_training

NUMBERS = np.arange(8, dtype=np.int64)


def taught(training: DualTraining, steps: int) -> list[float]:
    """The sums of the loss over some steps on all images."""
    torch.manual_seed(0)
    optimizer = torch.optim.AdamW(training.groups(3e-3, 0.0), lr=3e-3)
    sums = []
    for step in range(steps):
        training.network.train()
        terms = training.loss(training.batch(np.arange(CASES), torch.Generator().manual_seed(step % 2)))
        total = torch.stack([*terms.values()]).sum()
        optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        sums.append(float(total.detach()))
    return sums


@pytest.mark.parametrize("name", preset_names())
def test_every_parameter_of_a_preset_gets_a_gradient(name: str) -> None:
    training = made_training(made_preset(name))
    training.network.train()
    terms = training.loss(training.batch(NUMBERS, torch.Generator().manual_seed(1)))
    assert set(terms) == {term for term in TERMS if training.preset.numbers[term] > 0}
    torch.stack([*terms.values()]).sum().backward()  # type: ignore[no-untyped-call]
    silent = [n for n, p in training.network.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
    assert silent == []


@pytest.mark.parametrize("name", ["evidence_aligned", "gloria", "radir"])
def test_a_preset_learns_from_a_handful_of_reports(name: str) -> None:
    sums = taught(made_training(made_preset(name)), 6)
    assert sums[-1] < sums[0] and sums[-2] < sums[1]


def test_the_same_generator_draws_the_same_batch() -> None:
    training = made_training(made_preset("evidence_aligned"))
    one, other = (training.batch(NUMBERS, torch.Generator().manual_seed(5)) for _ in range(2))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name].nan_to_num(-1), other[name].nan_to_num(-1)) for name in one)


def test_a_mirrored_batch_asks_at_the_mirrored_places() -> None:
    training = made_training(made_preset("evidence_aligned", anchors=400.0, normal_anchors=0.0))
    asked = {}
    for seed in range(20):
        batch = training.batch(np.array([0, 2, 4, 6]), torch.Generator().manual_seed(seed))
        places = {str(LOCATIONS[p]) for p in batch["anchor_places"][batch["anchor_images"] == 0].tolist()}
        bright_first = bool(batch["sentence_owners"].numel())
        assert bright_first
        asked["left_lower_lung_zone" in places] = places
    assert set(asked) == {True, False}
    plain = {str(place) for place in LOCATIONS if str(mirror(place)) in asked[False]}
    assert plain == asked[True]


def test_a_near_opposite_is_against_the_regions_of_its_own_image_and_for_none() -> None:
    training = made_training(made_preset("evidence_aligned"))
    for seed in range(4):
        batch = training.batch(NUMBERS, torch.Generator().manual_seed(seed))
        own = len(batch["sentence_owners"])
        near_of = batch["near_of"]
        assert len(batch["ids"]) == own + len(near_of) > own
        assert not bool(batch["sentence_positives"][own:].any())
        for row, of in enumerate(near_of.tolist()):
            against = batch["sentence_negatives"][own + row].nonzero()[:, 0]
            assert bool((batch["anchor_images"][against] == batch["sentence_owners"][of]).all())
            assert bool(batch["sentence_positives"][of][against].all())


def test_pooling_under_weights_is_their_weighted_mean() -> None:
    generator = np.random.default_rng(0)
    tokens, weights = generator.normal(size=(2, 576, 3)), generator.random(size=(2, 4, 24, 24))
    got = pool_under(torch.tensor(tokens, dtype=torch.float32), torch.tensor(weights)).numpy()
    for image in range(2):
        for place in range(4):
            expected = np.average(tokens[image], axis=0, weights=weights[image, place].ravel())
            assert np.allclose(got[image, place], expected, atol=1e-5)


def test_where_a_name_looks_are_shares_of_one() -> None:
    network = made_training(made_preset("radir")).network
    looks = network.look_for(torch.randn(29, 16), torch.randn(2, 576, 16)).exp()
    assert looks.shape == (2, 29, 576) and torch.allclose(looks.sum(dim=2), torch.ones(2, 29), atol=1e-5)


def test_files_give_what_the_network_gives(tmp_path: Path) -> None:
    training = made_training(made_preset("evidence_aligned"))
    taught(training, 2)
    card = export_model(training, tmp_path, encoder="made", notes={})
    assert card["outputs"] == ["evidence", "look"] and card["findings"] == list(FINDINGS) and card["look"] == 16
    inputs = training.inputs(NUMBERS, np.zeros_like(NUMBERS))
    network = training.network
    with torch.no_grad():
        expected = network.decoder(*(inputs[name] for name in LEVELS))
    session = ort.InferenceSession(str(tmp_path / card["files"]["decoder"]["name"]))
    got = session.run(card["outputs"], {name: inputs[name].numpy() for name in LEVELS})
    for one, other in zip(got, expected, strict=True):
        assert other is not None and np.allclose(one, other.numpy(), atol=1e-3)
    sentence = "There is a right pneumothorax."
    assert training.texts is not None
    ids, mask = training.texts.padded([training.texts.reports[2][0][0]])
    with torch.no_grad():
        vector = network.read(torch.from_numpy(ids), torch.from_numpy(mask))[0]
    assert np.allclose(load_text_encoder(tmp_path / "text").encode([sentence]).vectors, vector.numpy(), atol=1e-3)


def test_an_opened_preset_encodes_as_it_did_in_training(tmp_path: Path) -> None:
    preset = made_preset("evidence_aligned")
    training = made_training(preset)
    taught(training, 2)
    training.network.eval()
    with torch.no_grad():
        figures = training.fit_presence()
        known = training.encode(NUMBERS)
    assert "nDCG@10" in figures and training.presence is not None
    export_model(training, tmp_path, encoder="made", notes={})
    record = {"preset": asdict(preset), "findings": list(FINDINGS), "options": {"seed": 0}}
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    opened = load_trained(tmp_path)
    again = opened.encode_images(training.maps, NUMBERS)
    assert again.named is not None and known.named is not None
    assert np.allclose(again.located, known.located, atol=1e-5) and np.allclose(again.named, known.named, atol=1e-5)
    normal = NORMAL_SHARE**0.5 * (1.0 - known.located[..., : len(FINDINGS)]).prod(axis=-1)
    assert np.allclose(known.located[..., len(FINDINGS)], normal, atol=1e-6)  # as encoders' own vectors have it
    cases = made_cases()[:2]
    reports = opened.encode_reports([*cases, replace(cases[0], facts=(), report="Nothing is said here.")])
    stated = (
        reports[:, : len(LOCATIONS) * len(FINDINGS)].reshape(3, len(LOCATIONS), len(FINDINGS)) * len(LOCATIONS) ** 0.5
    )
    lung = [str(place) for place in LOCATIONS].index("left_lung")
    assert np.allclose(stated[0, lung], [1.0, 0.0]) and not stated[1:].any()
    looks = reports[:, len(LOCATIONS) * len(FINDINGS) :]
    assert looks.shape == (3, 16)
    assert np.allclose(np.linalg.norm(looks, axis=1), LOOK_SHARE**0.5, atol=1e-4)
    boxed = opened.encode_images(training.maps, NUMBERS, boxes=True)
    assert np.allclose(boxed.located, known.located, atol=1e-5)  # made locations are boxes already


def test_a_preset_with_evidence_is_an_encoder(tmp_path: Path) -> None:
    training = made_training(made_preset("evidence"))
    training.fit_presence()
    card = export_model(training, tmp_path, encoder="made", notes={})
    path = export_encoder(tmp_path, card, base="default")
    assert path is not None
    encoder, shipped = load_encoder(path), load_encoder()
    view = chest_picture(1).astype(np.float32) / 255.0
    encoded = encoder.encode(view)
    maps = {name: torch.from_numpy(level)[None] for name, level in shipped.features(view).maps.items()}
    network = training.network.eval()
    assert encoder.version != shipped.version
    with torch.no_grad():
        expected, _ = network.decoder(*(maps[name] for name in LEVELS))
    assert expected is not None and np.allclose(encoded.evidence_maps, expected[0].numpy(), atol=1e-3)
    assert set(encoded.presence(LOCATIONS[0])) == set(FINDINGS)
    blind = made_training(made_preset("clip"))
    assert export_encoder(tmp_path, export_model(blind, tmp_path, encoder="made", notes={}), base="default") is None
