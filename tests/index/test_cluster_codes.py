"""Sign codes: what their bits say of angles, and that the measured list is as long as it has to be."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.index.cluster import codes as codes_module
from casekin.index.cluster.codes import MEASURED_TOP, ServerCodes, bits_of, code_rows, make_codes, read_codes


def unit_rows(count: int, dim: int, *, clusters: int, spread: float) -> NDArray[np.float16]:
    """Unit vectors around random directions."""
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(clusters, dim))
    rows = centres[rng.integers(0, clusters, count)] + spread * rng.normal(size=(count, dim))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float16)


def test_the_share_of_bits_that_differ_is_the_angle_over_pi() -> None:
    rng, dim = np.random.default_rng(1), 256
    codes = ServerCodes(key="k", rows=1, mark=1, depth=1, recall=1.0, centre=np.zeros(dim, dtype=np.float32))
    for angle in (0.2, 0.8, 1.5, 2.5):
        one, other = np.linalg.qr(rng.normal(size=(dim, 2)))[0].T
        both = np.stack([one, np.cos(angle) * one + np.sin(angle) * other]).astype(np.float32)
        left, right = np.unpackbits(codes.encode(both), axis=1)
        assert len(left) == bits_of(dim) == 1024
        assert (left != right).mean() == pytest.approx(angle / np.pi, abs=4 * 0.5 / 1024**0.5)


def test_the_measured_list_holds_the_nearest_by_a_naive_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes_module, "_DEPTHS", (40, 80, 160, 320, 640))
    vectors = unit_rows(800, 24, clusters=20, spread=0.5)
    codes = make_codes("k", np.arange(1, 801), vectors)
    assert codes is not None and codes.mark == codes.rows == 800
    bits = np.unpackbits(codes.encode(vectors.astype(np.float32)), axis=1).astype(np.int64)
    shares = {}
    for depth in (codes.depth // 4, codes.depth):
        found = []
        for own in range(0, 800, 8):
            others = np.delete(np.arange(800), own)
            listed = others[np.argsort((bits[others] != bits[own]).sum(axis=1), kind="stable")[:depth]]
            scores = vectors[others].astype(np.float32) @ vectors[own].astype(np.float32)
            found.append(np.isin(others[np.argsort(-scores)[:MEASURED_TOP]], listed).mean())
        shares[depth] = float(np.mean(found))
    assert shares[codes.depth] > 0.995 > shares[codes.depth // 4]
    assert codes.recall >= 0.998


def test_vectors_that_codes_do_not_tell_apart_get_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes_module, "_DEPTHS", (40,))
    assert make_codes("k", np.arange(1, 801), unit_rows(800, 24, clusters=1, spread=9.0)) is None


def test_what_codes_need_to_be_asked_stands_under_image_0_and_is_read_back() -> None:
    vectors = unit_rows(400, 12, clusters=8, spread=0.3)
    codes = make_codes("1/spine@ab", np.arange(11, 411), vectors)
    assert codes is not None
    *rows, facts = code_rows(codes, "1/spine", np.arange(11, 411), vectors)
    assert [row["image_id"] for row in rows] == list(range(11, 411))
    assert {len(row["code"]) for row in [*rows, facts]} == {bits_of(12) // 8}
    assert facts["image_id"] == 0
    again = read_codes(codes.key, facts["facts"])
    assert again.encode(vectors[:5].astype(np.float32)).tobytes() == b"".join(row["code"] for row in rows[:5])
    assert (again.depth, again.recall, again.mark, again.rows) == (codes.depth, codes.recall, 410, 400)
