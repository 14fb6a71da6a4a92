"""reembed: another model's vectors come beside the active one's, while searches and ingests go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.reembed import reembed_cases
from casekin.models import EncodedImage, ImageEncoder
from casekin.types import Place
from made_cases import write_png


class HalfEncoder:
    """Another model: every second number of the vectors of the first."""

    version = "half-1"

    def __init__(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder

    def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Any]) -> EncodedImage:
        encoded = self._encoder.encode(view, regions=regions)
        vectors = {place: vector[::2] for place, vector in encoded.region_vectors.items()}
        return replace(encoded, global_vector=encoded.global_vector[::2], region_vectors=vectors)


@pytest.fixture
def half(encoder: ImageEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    models = {"default": encoder, "half": HalfEncoder(encoder)}
    for module in ("reembed", "ingest", "ingesting.study"):
        monkeypatch.setattr(f"casekin.journeys.{module}.load_encoder", lambda name: models[name])


def test_every_image_gets_the_other_models_vectors_and_a_switch_uses_them(
    make_archive: Any, half: None, tmp_path: Path
) -> None:
    archive, folder = make_archive(), tmp_path / "index"
    ingested = ingest_cases([archive], index=folder)
    with CaseIndex(folder) as index:
        ids, before = index.vectors_at("global")
    summary = reembed_cases([archive], index=folder, model="half")
    assert (summary.images, summary.missing, summary.model_version) == (ingested.images, 0, "half-1")
    assert reembed_cases([archive], index=folder, model="half").images == 0
    with CaseIndex(folder) as index:
        assert index.model_version() == ingested.model_version
        index.activate_model("half-1")
        found, after = index.vectors_at("global")
        assert found.tolist() == ids.tolist()
        assert np.array_equal(after, before[:, ::2])
    assert ingest_cases([archive], index=folder, model="half").added == 0


def test_what_was_ingested_meanwhile_is_missing_until_the_next_pass(
    make_archive: Any, half: None, tmp_path: Path
) -> None:
    archive, folder = make_archive(), tmp_path / "index"
    images = ingest_cases([archive], index=folder).images
    late = write_png(tmp_path / "late" / "film.png", 77)
    stranger = write_png(tmp_path / "stranger.png", 78)
    assert reembed_cases([archive, stranger], index=folder, model="half").images == images
    ingest_cases([late], index=folder)
    with CaseIndex(folder) as index:
        assert [(model.version, model.missing) for model in index.models() if model.missing] == [("half-1", 1)]
    assert reembed_cases([archive, late], index=folder, model="half").images == 1


def test_an_empty_index_has_nothing_to_embed_anew(half: None, tmp_path: Path) -> None:
    CaseIndex(tmp_path / "index", create=True).close()
    film = write_png(tmp_path / "film.png", 5)
    with pytest.raises(InputError, match="ingest them first"):
        reembed_cases([film], index=tmp_path / "index", model="half")
