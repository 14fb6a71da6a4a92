"""Usual values of CT regions are fitted on samples alone, written with a card that the loader takes, again the same."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from casekin.imaging import MedicalImage, read_image
from casekin.models.ct import EncodedCT, encode_ct
from casekin.models.ct.normals import load_normals
from casekin.models.weights import checked_file, read_card
from casekin.world import archive
from casekin.world.ct import CtSeries
from made_ct import draw_chest

TOOLS = Path(__file__).parents[2] / "tools"


def imported(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))  # tools import one another, as scripts of one folder do
        return importlib.import_module(name)


def made_samples(numbers: Iterable[int], *, seed: int) -> Iterator[Any]:
    image = draw_chest().image
    for number in numbers:
        darker = replace(image, pixels=image.pixels - 5.0 * number)
        yield imported("ct_samples").CtSample(image=darker, row={"case_id": f"made-{seed}-{number}"}, truth={})


def test_what_is_written_is_what_the_samples_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ct_normals = imported("ct_normals")
    monkeypatch.setattr(ct_normals, "render_samples", made_samples)
    encoded = []

    def encode(image: MedicalImage) -> EncodedCT:
        encoded.append(encode_ct(image))
        return encoded[-1]

    monkeypatch.setattr(ct_normals, "encode_ct", encode)
    monkeypatch.setattr("sys.argv", ["ct_normals.py", "--patients", "3", "--seed", "5", "--out", str(tmp_path)])
    ct_normals.main()
    card = read_card(tmp_path / "casekin_ct.json")
    entry = card["files"]["normals"]
    normals = load_normals(checked_file(tmp_path, entry["name"], entry["sha256"]))
    assert len(encoded) == 3
    for place, values in encoded[1].statistics.items():
        assert normals.medians[place][0] == pytest.approx(values[0], abs=1e-3)  # the mean level falls with the number
    assert "--patients 3 --seed 5" in json.dumps(card)


def test_a_sample_is_the_volume_of_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ct_samples = imported("ct_samples")
    hu = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    seen: list[int] = []

    def render(*_: object, rng: np.random.Generator) -> CtSeries:
        seen.append(int(rng.integers(1 << 30)))
        return CtSeries(hu=hu, spacing_mm=(3.0, 1.5, 1.25), origin_lps=(-3.0, 4.0, 5.0), masks={})

    monkeypatch.setattr(ct_samples, "render_ct", render)
    monkeypatch.setattr("casekin.world.case_files.render_ct", render)
    monkeypatch.setattr(archive, "OOD_KINDS", ())  # seconds of pictures that nobody looks at here
    (sample,) = ct_samples.render_samples([0], seed=9)
    archive.write_archive(tmp_path / "archive", patients=1, seed=9, modality="ct", format="nifti", workers=1)
    row = json.loads((tmp_path / "archive" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()[0])
    written = read_image(tmp_path / "archive" / row["image"])
    assert seen[0] == seen[1]  # the same noise
    assert np.array_equal(sample.image.pixels, written.pixels)
    assert np.allclose(np.asarray(sample.image.direction), np.asarray(written.direction))
    assert np.allclose(np.asarray(sample.image.origin), np.asarray(written.origin))
    assert {name: row[name] for name in ("case_id", "patient_id", "report", "split")} == {
        name: sample.row[name] for name in ("case_id", "patient_id", "report", "split")
    }
    truth = json.loads((tmp_path / "archive" / "truth.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert [truth[name] for name in ("facts", "normal_anatomies")] == [
        sample.truth[name] for name in ("facts", "normal_anatomies")
    ]
