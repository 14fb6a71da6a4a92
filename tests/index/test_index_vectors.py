"""Vectors and further fields come back as they were stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casekin.index import CaseIndex
from made_cases import made_case, made_image, unit_vector


def test_an_images_vectors_and_a_regions_images_are_what_was_put(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    stored = [{"global": unit_vector(rng), "left_lung": unit_vector(rng)}, {"global": unit_vector(rng)}]
    images = [made_image(vectors, content=str(number)) for number, vectors in enumerate(stored)]
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", images=images, extra={"scanner": "x", "kVp": 120})])
        first, second = index.image_ids_of("a")
        for image_id, vectors in zip((first, second), stored, strict=True):
            found = index.vectors_of(image_id)
            assert list(found) == sorted(vectors)
            assert all(found[name].dtype == np.float32 for name in found)
            assert all(found[name].tolist() == vectors[name].tolist() for name in found)
        image_ids, matrix = index.vectors_at("left_lung")
        assert image_ids.tolist() == [first]
        assert matrix.tolist() == [stored[0]["left_lung"].tolist()]
        assert index.vectors_at("carina")[0].tolist() == []
        assert index.vectors_of(99) == {}
        assert index.cases(["a"])["a"].extra == {"scanner": "x", "kVp": 120}
