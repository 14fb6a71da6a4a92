"""The checks of pair maps: a right encoder passes, wrong ones fail by name, and what the shipped card says is so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError, ModelError
from casekin.index import CaseIndex
from casekin.models import load_card, load_encoder
from casekin.retrieval.explain import check
from casekin.retrieval.explain.check import CheckPair, MapCheck, check_pair_maps, draw_pairs, why_no_maps
from casekin.training.shuffle import shuffle_decoder
from made_cases import place
from made_maps import SpotEncoder, spotted_view

ZONE = place("lower_lung_zone", "left")
SHUFFLED = np.random.default_rng(3).permutation(48 * 48)


def spot_pairs(count: int) -> list[CheckPair]:
    return [
        CheckPair(query=spotted_view(2 * number), hit=spotted_view(2 * number + 1), place=ZONE)
        for number in range(count)
    ]


def checked(encoder: SpotEncoder, shuffled: SpotEncoder) -> MapCheck:
    return check_pair_maps(encoder, spot_pairs(20), shuffled=shuffled, seed=1)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sound() -> MapCheck:
    return checked(SpotEncoder(), SpotEncoder(SHUFFLED))


def test_maps_that_show_what_the_similarity_hangs_on_pass(sound: MapCheck) -> None:
    assert sound.failed == ()
    assert sound.deletion.map < min(sound.deletion.random, sound.deletion.centre)
    assert sound.insertion.map > max(sound.insertion.random, sound.insertion.centre)
    assert abs(sound.randomised) < 0.1 and sound.mirrored > 0.9


def test_maps_of_other_cells_than_the_vectors_fail_deletion_insertion_and_the_mirror() -> None:
    wrong = checked(SpotEncoder(SHUFFLED), SpotEncoder(SHUFFLED[::-1].copy()))
    assert {"deletion", "insertion", "mirrored pictures"} <= set(wrong.failed)


def test_maps_that_survive_shuffled_weights_fail() -> None:
    assert checked(SpotEncoder(), SpotEncoder()).failed == ("randomised weights",)


def test_too_few_pairs_that_share_a_finding_are_refused() -> None:
    dark = [
        CheckPair(query=np.zeros((96, 96), np.float32), hit=np.zeros((96, 96), np.float32), place=ZONE)
        for _ in range(30)
    ]
    with pytest.raises(InputError, match="expected 20 pairs"):
        check_pair_maps(SpotEncoder(), [*dark, *spot_pairs(3)], shuffled=SpotEncoder(), seed=1)  # type: ignore[arg-type]


def test_maps_are_shown_only_of_the_very_model_that_passed(sound: MapCheck) -> None:
    record = sound.as_record()
    reasons = {
        "passed": why_no_maps(SpotEncoder(pair_maps=record)),  # type: ignore[arg-type]
        "unchecked": why_no_maps(SpotEncoder()),  # type: ignore[arg-type]
        "changed": why_no_maps(SpotEncoder(pair_maps={**record, "version": "spot-0"})),  # type: ignore[arg-type]
        "failed": why_no_maps(SpotEncoder(pair_maps={**record, "passed": False, "failed": ["deletion"]})),  # type: ignore[arg-type]
    }
    assert reasons == {
        "passed": None,
        "unchecked": "maps of model spot-1 have not been checked",
        "changed": "maps of model spot-1 have not been checked",
        "failed": "maps of model spot-1 failed a check: deletion",
    }


def test_the_shipped_models_card_says_that_its_maps_passed() -> None:
    encoder = load_encoder()
    record: dict[str, Any] = load_card()["pair_maps"]
    assert why_no_maps(encoder) is None
    assert record["version"] == encoder.version and record["pairs"] >= 50
    for kind in ("deletion", "insertion"):
        assert record[kind]["ahead_of_random"][0] > 0 and record[kind]["ahead_of_centre"][0] > 0


def test_the_shipped_encoders_maps_pass_on_films_of_the_demo(
    small_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "FEWEST_PAIRS", 3)
    encoder = load_encoder()
    with CaseIndex(small_index) as index:
        count = encoder.form.count
        pairs = [pair for seed in range(40) for pair in draw_pairs(index, findings=count, count=1, seed=seed)][:4]
    assert all(pair.place in LOCATIONS and pair.query.max() <= 1.0 for pair in pairs)
    shuffled = load_encoder(shuffle_decoder("default", out=tmp_path, seed=2))
    found = check_pair_maps(encoder, pairs, shuffled=shuffled, seed=4)
    assert found.deletion.map < min(found.deletion.random, found.deletion.centre)
    assert found.insertion.map > max(found.insertion.random, found.insertion.centre)
    assert abs(found.randomised) < 0.3 and found.mirrored > 0.7


def test_a_model_without_a_decoder_can_not_be_shuffled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.training.shuffle.find_card", lambda name: (tmp_path, {"files": {}, "short_name": "m"}))
    with pytest.raises(ModelError, match="has no decoder"):
        shuffle_decoder("m", out=tmp_path / "out", seed=1)
