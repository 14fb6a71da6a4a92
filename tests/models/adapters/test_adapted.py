"""A backbone of others as casekin's own encoder: whitened on an archive, then through ingest and search."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError, ModelError
from casekin.index import CaseIndex
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder, grid_weights, load_encoder
from casekin.models.adapters import adapt_backbone, load_backbone
from casekin.models.adapters.adapted import AdaptedNet, area_shares
from casekin.models.features import FeatureNet
from casekin.models.head import load_head
from casekin.models.weights import FOLDER
from casekin.retrieval.query import SearchQuery
from casekin.types import Box, Place

from .published import rad_dino, write_json
from .test_onnx_file import CARD, network
from .test_regions import unmixed

View = NDArray[np.float64]
PLACE = Place(anatomy="lower_lung_zone", side="left")
OPACITY = Box(x0=62, y0=72, x1=82, y1=92)
"""Where `chest` has it, in pixels."""


def chest(number: int, *, opacity: bool = False) -> View:
    """A crude chest `(120, 100)` that differs a little from number to number; `opacity` in its left lower zone."""
    y, x = np.mgrid[0:120, 0:100] / np.array([120, 100])[:, None, None]
    rng = np.random.default_rng(number)
    lungs = sum(np.exp(-(((x - c) / 0.13) ** 2) - ((y - 0.45) / 0.3) ** 2) for c in (0.3, 0.7))
    waves = 0.06 * np.sin(9 * x + rng.uniform(0, 6)) * np.cos(7 * y + rng.uniform(0, 6))
    added = 0.4 * np.exp(-(((x - 0.72) / 0.08) ** 2) - ((y - 0.68) / 0.07) ** 2) if opacity else 0.0
    return np.asarray(np.clip(0.8 - 0.6 * lungs + waves + added, 0.0, 1.0))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny RAD-DINO whose patches don't look at one another."""
    folder = rad_dino(tmp_path_factory.mktemp("backbone") / "rad-dino")
    unmixed(folder / "model.safetensors", parts=("attention.output.dense",))
    return folder


@pytest.fixture(scope="module")
def card(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The card of that model, adapted on eight chests."""
    return adapt_backbone(source, map(chest, range(8)), out=tmp_path_factory.mktemp("adapted"), dim=16)


@pytest.fixture(scope="module")
def adapted(card: Path) -> ImageEncoder:
    return load_encoder(card)


@given(source=st.integers(1, 40), target=st.integers(1, 40))
def test_shares_of_cells_keep_constants_and_means(source: int, target: int) -> None:
    shares = area_shares(source, target)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares.sum(axis=0), target / source)


def test_whitened_vectors_have_the_covariance_that_shrinkage_leaves(source: Path, card: Path) -> None:
    """Around each location's mean the pooled cells vary alike in every direction: var / (var + 0.1 mean var)."""
    net = AdaptedNet(load_backbone(source), FeatureNet(FOLDER / "efficientnet_lite0.onnx"))
    head, finder = load_head(card.parent / "whitening.npz"), load_encoder()
    rows = []
    for view in map(chest, range(8)):
        weights, cells = finder.encode(view).weights, net(view).cells
        rows.append([np.tensordot(weights[place], cells, axes=2) / weights[place].sum() for place in LOCATIONS])
    stacked = np.stack(rows)
    around = (stacked - stacked.mean(axis=0)).reshape(-1, net.channels)
    covariance = around.T @ around / len(rows)
    variances = np.sort(np.linalg.eigvalsh(covariance))[::-1][:16]
    expected = variances / (variances + 0.1 * variances.mean())
    got = head.projection.T @ covariance @ head.projection
    np.testing.assert_allclose(np.diag(got), expected, rtol=1e-3)
    np.testing.assert_allclose(got, np.diag(np.diag(got)), atol=1e-3)
    centers = np.stack([head.centers[place] for place in LOCATIONS])
    np.testing.assert_allclose(centers, stacked.mean(axis=0) @ head.projection, atol=1e-3)


def test_an_adapted_encoder_gives_what_the_shipped_one_gives(adapted: ImageEncoder) -> None:
    view, shipped = chest(3), load_encoder().encode(chest(3))
    encoded = adapted.encode(view)
    assert encoded.boxes == shipped.boxes
    assert encoded.geometry == shipped.geometry
    assert encoded.tokens.shape == (24, 24, 16)
    assert set(encoded.region_vectors) == set(LOCATIONS)
    lengths = [float(np.linalg.norm(vector)) for vector in encoded.region_vectors.values()]
    np.testing.assert_allclose(lengths, 1.0, atol=1e-5)  # the look alone: no findings are scored
    assert np.linalg.norm(encoded.global_vector) == pytest.approx(1.0, abs=1e-5)
    weights = encoded.weights[PLACE]
    np.testing.assert_allclose(encoded.pool(weights), encoded.region_vectors[PLACE], atol=0.1)


def test_an_opacity_moves_the_tokens_of_its_zone_and_not_those_of_the_other_lung(adapted: ImageEncoder) -> None:
    clear, opaque = adapted.encode(chest(3)), adapted.encode(chest(3, opacity=True))
    moved = np.abs(opaque.tokens.astype(float) - clear.tokens.astype(float)).max(axis=-1)
    under = grid_weights(clear.geometry, OPACITY) > 0.5
    other = grid_weights(clear.geometry, Box(x0=15, y0=20, x1=45, y1=90)) > 0.5
    # What is left there is the foot of the opacity's bell, a grey level or two.
    assert moved[under].max() > 5 * max(moved[other].max(), 1e-6)


def test_the_same_views_give_the_same_version_and_the_card_keeps_the_licence(
    card: Path, source: Path, adapted: ImageEncoder, tmp_path: Path
) -> None:
    assert adapted.version.startswith("rad-dino-")
    again = adapt_backbone(source, map(chest, range(8)), out=tmp_path / "again", dim=16)
    assert load_encoder(again).version == adapted.version
    record = json.loads(card.read_text(encoding="utf-8"))
    assert (record["licence"], record["licence_tier"]) == ("mit", "A")


def test_a_backbone_or_head_that_changed_since_is_refused(card: Path, tmp_path: Path) -> None:
    record = json.loads(card.read_text(encoding="utf-8"))
    (tmp_path / "whitening.npz").write_bytes((card.parent / "whitening.npz").read_bytes())
    other = {**record["backbone"], "path": str(rad_dino(tmp_path / "rad-dino", seed=9))}
    write_json(tmp_path / "encoder.json", {**record, "backbone": other})
    with pytest.raises(ModelError, match="lay the same weights there"):
        load_encoder(tmp_path / "encoder.json")
    (tmp_path / "whitening.npz").write_bytes(b"other numbers")
    write_json(tmp_path / "encoder.json", record)
    with pytest.raises(ModelError, match="damaged"):
        load_encoder(tmp_path / "encoder.json")


def test_too_few_views_and_models_without_tokens_are_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="got 2 views"):
        adapt_backbone(source, map(chest, range(2)), out=tmp_path / "few")
    folder = network(tmp_path / "net", outputs=("vector",), card=CARD)
    with pytest.raises(ModelError, match="gives no tokens"):
        adapt_backbone(folder, map(chest, range(8)), out=tmp_path / "none")


def test_fewer_directions_than_asked_for_are_no_error(tmp_path: Path) -> None:
    folder = network(tmp_path / "net", outputs=("map",), card=CARD)
    card = adapt_backbone(folder, map(chest, range(8)), out=tmp_path / "adapted")
    assert load_head(card.parent / "whitening.npz").dim == 2
    assert load_encoder(card).encode(chest(1)).tokens.shape == (24, 24, 2)


def test_an_archive_is_ingested_and_searched_with_an_adapted_encoder(
    card: Path, simulated: tuple[View, dict[Place, Box]], tmp_path: Path
) -> None:
    box = simulated[1][PLACE]
    y, x = np.indices(simulated[0].shape)
    away = np.hypot((x - (box.x0 + box.x1) / 2) / (box.x1 - box.x0), (y - (box.y0 + box.y1) / 2) / (box.y1 - box.y0))

    def save_film(number: int, path: Path) -> None:
        """The simulated chest, a little other from number to number; odd ones with an opacity in the box."""
        waves = 0.03 * np.sin(x / 40 + number) * np.cos(y / 50 - number)
        film = simulated[0] + waves + number % 2 * 0.5 * np.exp(-((away / 0.4) ** 2))
        Image.fromarray(np.round(np.clip(film, 0, 1) * 255).astype(np.uint8)).save(path)

    archive = tmp_path / "archive"
    (archive / "images").mkdir(parents=True)
    lines = []
    for number in range(8):
        name = f"images/case{number}.png"
        save_film(number, archive / name)
        row = {"case_id": f"case{number}", "patient_id": f"patient{number}", "image": name, "modality": "DX"}
        lines.append(json.dumps({**row, "source": "made"}))
    (archive / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    summary = ingest_cases([archive], index=tmp_path / "index", model=str(card))
    assert (summary.added, summary.problems) == (8, ())
    asked = tmp_path / "asked.png"
    save_film(21, asked)
    encoder = load_encoder(card)
    with CaseIndex(tmp_path / "index") as index:
        there = search_cases(index, SearchQuery(image=asked, box=box), encoder=encoder)
        elsewhere = search_cases(index, SearchQuery(image=asked, at=("right upper lung zone",)), encoder=encoder)
    assert there.model_version == encoder.version
    with_opacity = [hit.score for hit in there.hits if int(hit.case_id[-1]) % 2]
    assert int(there.hits[0].case_id[-1]) % 2 and np.mean(with_opacity) > np.mean([hit.score for hit in there.hits])
    assert [hit.case_id for hit in there.hits] != [hit.case_id for hit in elsewhere.hits]
