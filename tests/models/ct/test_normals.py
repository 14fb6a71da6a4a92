"""What is usual at a place, and what stands out beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casekin.anatomy import parse_place
from casekin.errors import InputError, ModelError
from casekin.models.ct import EncodedCT, Normals, fit_normals
from casekin.models.ct.evidence import STATISTICS
from casekin.models.ct.normals import EVIDENCE, home_of, load_normals, save_normals
from casekin.types import Place

RIGHT, SPINE = parse_place("right lower lobe"), Place(anatomy="spine")
KNEE = Place(anatomy="knee", side="left")


def usual() -> Normals:
    return Normals(
        medians={SPINE: np.zeros(len(STATISTICS), np.float32)}, spreads={SPINE: np.ones(len(STATISTICS), np.float32)}
    )


def test_places_without_values_take_those_of_their_whole(encoded: EncodedCT) -> None:
    assert home_of(parse_place("superior segment of the right lower lobe"), encoded.statistics) == RIGHT
    assert home_of(KNEE, encoded.statistics) is None


def test_normals_are_the_values_in_the_middle() -> None:
    rows = [np.full(len(STATISTICS), float(value), np.float32) for value in range(101)]
    normals = fit_normals({SPINE: row} for row in rows)
    assert np.allclose(normals.medians[SPINE], 50.0)
    assert np.allclose(normals.spreads[SPINE], 34.0)
    with pytest.raises(InputError, match="more chest CT volumes"):
        fit_normals({SPINE: row} for row in rows[:2])


def test_what_is_usual_is_no_evidence_and_three_spreads_above_are_even_odds() -> None:
    assert np.allclose(usual().evidence(np.zeros(len(STATISTICS)), SPINE), 1 / (1 + np.exp(4.5)), atol=1e-6)
    assert np.allclose(usual().evidence(np.full(len(STATISTICS), 3.0), SPINE), 0.5, atol=1e-6)
    assert len(usual().evidence(np.zeros(len(STATISTICS)), SPINE)) == EVIDENCE
    with pytest.raises(InputError, match="no usual values"):
        usual().evidence(np.zeros(len(STATISTICS)), KNEE)


def test_a_file_keeps_them_and_the_same_values_give_the_same_bytes(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(5, len(STATISTICS))).astype(np.float32)
    normals = fit_normals({SPINE: row, RIGHT: -row} for row in rows)
    for name in ("one", "other"):
        save_normals(normals, tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    again = load_normals(tmp_path / "one.npz")
    for place in (SPINE, RIGHT):
        assert np.array_equal(again.medians[place], normals.medians[place])
        assert np.array_equal(again.spreads[place], normals.spreads[place])


def test_a_file_of_other_statistics_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "normals.npz"
    save_normals(usual(), path)
    arrays = dict(np.load(path))
    np.savez(path, **{**arrays, "statistics": arrays["statistics"][::-1]})
    with pytest.raises(ModelError, match="other statistics"):
        load_normals(path)
    path.write_bytes(b"none")
    with pytest.raises(ModelError, match="no usual values"):
        load_normals(path)
