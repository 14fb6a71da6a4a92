"""Several models live side by side in an index, and every list comes from exactly one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex, IndexedImage, Kind, Term
from made_cases import made_case, made_image, unit_vector

RNG = np.random.default_rng(5)


def seen(content: str, *, version: str | None = None, kind: Kind = "radiograph", dim: int = 8) -> IndexedImage:
    """An image with these pixels as a model saw it."""
    image = made_image({"global": unit_vector(RNG, dim)}, content=content)
    return replace(image, kind=kind, model_version=version)


def listed(index: CaseIndex, kind: Kind, dim: int) -> list[int]:
    """Ids of all images that a query of a kind can find."""
    term = Term(region="global", vector=np.eye(dim, dtype=np.float32)[0], weight=1.0, kind=kind)
    (wave,) = index.nearest([term], allowed_cases=None)
    return sorted(wave.image_ids.tolist())


def test_each_kind_of_image_has_a_model_and_lists_of_its_own(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        volume = seen("v", version="ct1", kind="ct", dim=16)
        index.put([made_case("a", images=[seen("r"), volume]), made_case("b", images=[seen("r2")])])
        assert (index.model_version(), index.model_version("ct")) == ("m1", "ct1")
        assert listed(index, "radiograph", 8) == [1, 3]
        assert listed(index, "ct", 16) == [2]
        assert [image.kind for image in index.images([1, 2, 3])] == ["radiograph", "ct", "radiograph"]
        assert [vector.shape for vector in (index.vectors_of(i)["global"] for i in (1, 2))] == [(8,), (16,)]
        assert index.has_source("stamp a", "m1", "ct1")
        assert not index.has_source("stamp a", "m1")


def test_vectors_of_another_model_than_the_active_are_refused(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", images=[seen("1")])])
        with pytest.raises(IndexStoreError, match="m1, got m2"):
            index.put([made_case("b", images=[seen("2")], model_version="m2")])
        with pytest.raises(IndexStoreError, match="ct images, got m1 of radiograph images"):
            index.put([made_case("b", images=[seen("2", kind="ct")])])
        assert index.info()["cases"] == 1


def test_an_emptied_index_takes_another_model(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", images=[seen("1")])])
        index.put([], remove=["a"])
        assert index.model_version() is None
        index.put([made_case("b", images=[seen("2")], model_version="m2")])
        assert [(model.version, model.state) for model in index.models()] == [("m2", "active")]


def test_a_model_that_is_being_built_answers_nothing(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", images=[seen("1"), seen("2")]), made_case("b", images=[seen("2")])])
        before = [index.vectors_of(image_id)["global"].tolist() for image_id in (1, 2, 3)]
        other = [seen("2", dim=4), seen("nobody's", dim=4)]
        assert index.put_embeddings(other, model_version="m2") == 2
        assert index.put_embeddings(other, model_version="m2") == 0
        assert [(m.version, m.state, m.images, m.missing) for m in index.models()] == [
            ("m1", "active", 3, 0), ("m2", "building", 2, 1),
        ]  # fmt: skip
        assert index.model_version() == "m1"
        assert [index.vectors_of(image_id)["global"].tolist() for image_id in (1, 2, 3)] == before
        assert listed(index, "radiograph", 8) == [1, 2, 3]
        assert index.has_source("stamp b", "m2") and not index.has_source("stamp a", "m2")


def two_models(folder: Path) -> CaseIndex:
    """An index of two images with `m1` active and `m2`, of half the size, built for the first."""
    index = CaseIndex(folder, create=True)
    index.put([made_case("a", images=[seen("1"), seen("2")])])
    index.put_embeddings([seen("1", dim=4)], model_version="m2")
    return index


def test_a_switch_is_refused_while_an_image_is_without_the_model(tmp_path: Path) -> None:
    with two_models(tmp_path) as index:
        with pytest.raises(IndexStoreError, match="1 are without"):
            index.activate_model("m2")
        with pytest.raises(IndexStoreError, match="one of m1, m2, got m3"):
            index.activate_model("m3")
        assert index.model_version() == "m1"
        index.activate_model("m2", incomplete=True)
        assert listed(index, "radiograph", 4) == [1]
        assert [(len(image.tokens), len(index.vectors_of(image.image_id))) for image in index.images([1, 2])] == [
            (6, 1), (0, 0),
        ]  # fmt: skip


def test_a_switch_changes_every_list_at_once_and_back_again(tmp_path: Path) -> None:
    with two_models(tmp_path) as index, CaseIndex(tmp_path) as reader:
        index.put_embeddings([seen("2", dim=4)], model_version="m2")
        before = {
            image_id: reader.vectors_of(image_id)["global"].tolist() for image_id in listed(reader, "radiograph", 8)
        }
        versions = [reader.version()]
        index.activate_model("m2")
        versions.append(reader.version())
        assert reader.model_version() == "m2"
        assert listed(reader, "radiograph", 4) == [1, 2]
        index.put([made_case("b", images=[seen("3", dim=4)], model_version="m2")])
        with pytest.raises(IndexStoreError, match="1 are without"):
            index.activate_model("m1")
        index.put([], remove=["b"])
        index.activate_model("m1")
        assert {i: reader.vectors_of(i)["global"].tolist() for i in listed(reader, "radiograph", 8)} == before
        assert len(set(versions)) == 2


def test_a_kept_model_that_catches_up_answers_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.index.search.derived._LEAST_KEPT", 1)
    with two_models(tmp_path) as index:
        index.put_embeddings([seen("2", dim=4)], model_version="m2")
        index.put([made_case("b", images=[seen("3")])])
        index.write_derived()
        index.activate_model("m2", incomplete=True)
        index.write_derived()
        index.put_embeddings([seen("3", dim=4)], model_version="m2")
        assert listed(index, "radiograph", 4) == [1, 2, 3]
        index.activate_model("m1")
        assert listed(index, "radiograph", 8) == [1, 2, 3]


def test_a_removed_model_leaves_no_vector(tmp_path: Path) -> None:
    with two_models(tmp_path) as index:
        with pytest.raises(IndexStoreError, match="activate another first"):
            index.remove_model("m1")
        index.remove_model("m2")
        assert [model.version for model in index.models()] == ["m1"]
        assert index._db.execute("SELECT count(*) FROM vectors").fetchone() == (2,)
