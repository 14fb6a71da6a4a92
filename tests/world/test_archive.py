"""The archive on disk: same seed same bytes, resumable, patient-disjoint, a manifest that knows no truth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError
from casekin.types import Box, Fact, Place
from casekin.world import archive as archive_module
from casekin.world import case_files, ood, write_archive
from casekin.world.case_files import normal_locations
from casekin.world.dictation import WrittenReport
from casekin.world.radiograph import Acquisition, Radiograph

# Its first two patients have one examination each, in different splits and at different sites.
SEED = 115
# Images that cost no rendering.
CHEAP_OOD = ("blank", "noise")


def files_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def draw_plain(body: object, facts: list[Fact], *, acquisition: Acquisition, rng: np.random.Generator) -> Radiograph:
    """A stand-in for the renderer: noise, one box, one mask for each fact."""
    pixels = rng.integers(0, 2**acquisition.site.bits, (acquisition.size, acquisition.size)).astype(np.uint16)
    mask = np.zeros(pixels.shape, bool)
    mask[2:9, 3:7] = True
    return Radiograph(
        pixels=pixels,
        bits=acquisition.site.bits,
        spacing_mm=(0.5, 0.5),
        boxes={LOCATIONS[0]: Box(x0=1, y0=2, x1=30, y1=40)},
        masks={"right_lung": mask, **{f"{fact.finding}@{fact.place}": mask for fact in facts}},
    )


def draw_other(rng: np.random.Generator, kind: str, *, size: int) -> np.ndarray:
    return rng.integers(0, 256, (size, size)).astype(np.uint8)


@pytest.fixture
def plain_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures without rendering, for tests that are about files; they work in this process only."""
    for module in (case_files, ood):
        monkeypatch.setattr(module, "render_radiograph", draw_plain)
    monkeypatch.setattr(ood, "render_other_body_part", draw_other)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small archive with real rendering, made by two processes."""
    out = tmp_path_factory.mktemp("two") / "archive"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive_module, "OOD_KINDS", CHEAP_OOD)
        write_archive(out, patients=2, seed=SEED, size=64, workers=2)
    yield out


def test_one_process_and_two_give_the_same_bytes(
    rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "OOD_KINDS", CHEAP_OOD)
    write_archive(tmp_path / "one", patients=2, seed=SEED, size=64, workers=1)
    assert files_of(tmp_path / "one") == files_of(rendered)


def test_every_file_of_the_records_exists_and_no_other_does(rendered: Path) -> None:
    truth, manifest = rows(rendered / "truth.jsonl"), rows(rendered / "manifest.jsonl")
    named = {row["image"] for row in manifest} | {path for row in truth for path in row["masks"].values()}
    named |= {f"ood/{row['image']}" for row in rows(rendered / "ood" / "manifest.jsonl")}
    records = {"archive.json", "manifest.jsonl", "truth.jsonl", "ood/manifest.jsonl", "ood/truth.jsonl"}
    assert set(files_of(rendered)) == named | records


def test_manifest_and_truth_have_the_same_cases_in_the_same_order(rendered: Path) -> None:
    truth, manifest = rows(rendered / "truth.jsonl"), rows(rendered / "manifest.jsonl")
    names = [row["case_id"] for row in manifest]
    assert [row["case_id"] for row in truth] == names
    assert len(names) == len(set(names))
    assert not [name for name in names if "@" in name or name.split() != [name]]


def test_the_manifest_has_the_contracts_fields_and_nothing_of_the_truth(rendered: Path) -> None:
    expected = "case_id patient_id study_instance_uid accession_number image modality body_part view sex age day_offset"
    for row in rows(rendered / "manifest.jsonl"):
        assert list(row) == [*expected.split(), "report", "source", "split"]
        assert row["modality"] in ("CR", "DX")
        assert row["view"] in ("PA", "AP")


def test_boxes_lie_in_the_picture_and_masks_fit_it(rendered: Path) -> None:
    import pydicom

    for row, truth in zip(rows(rendered / "manifest.jsonl"), rows(rendered / "truth.jsonl"), strict=True):
        header = pydicom.dcmread(rendered / row["image"])
        for entry in truth["boxes"]:
            x0, y0, x1, y1 = entry["box"]
            assert 0 <= x0 < x1 <= header.Columns
            assert 0 <= y0 < y1 <= header.Rows
        assert {"left_lung", "right_lung", "cardiac_silhouette"} <= set(truth["masks"])
        for path in truth["masks"].values():
            with Image.open(rendered / path) as mask:
                assert (mask.mode, mask.size) == ("1", (header.Columns, header.Rows))


def test_spans_of_the_truth_index_the_manifests_report(rendered: Path) -> None:
    for row, truth in zip(rows(rendered / "manifest.jsonl"), rows(rendered / "truth.jsonl"), strict=True):
        for fact in truth["facts"]:
            if fact["span"]:
                assert row["report"][fact["span"][0] : fact["span"][1]] in fact["sentence"]
                assert fact["sentence"] in row["report"]


@pytest.mark.usefixtures("plain_pictures")
def test_splits_share_no_patient_and_the_test_split_has_writers_of_its_own(tmp_path: Path) -> None:
    summary = write_archive(tmp_path / "a", patients=40, seed=1, size=64, workers=1, format="png")
    assert summary.splits == {"test": 8, "train": 28, "validation": 4}
    patients: dict[str, set[str]] = {}
    writers: dict[bool, set[str]] = {}
    for row in rows(tmp_path / "a" / "truth.jsonl"):
        patients.setdefault(row["split"], set()).add(row["patient_id"])
        writers.setdefault(row["split"] == "test", set()).add(row["writer"])
    assert not patients["train"] & patients["test"] | patients["train"] & patients["validation"]
    assert not patients["validation"] & patients["test"]
    assert not writers[True] & writers[False]


@pytest.mark.usefixtures("plain_pictures")
def test_what_is_written_about_the_images_changes_nothing_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive(tmp_path / "a", patients=3, seed=7, size=64, workers=1)
    monkeypatch.setattr(
        case_files,
        "dictate",
        lambda writer, context, rng: WrittenReport(text="Normal.", statements=(), writer="nobody"),
    )
    write_archive(tmp_path / "b", patients=3, seed=7, size=64, workers=1)
    one, two = files_of(tmp_path / "a"), files_of(tmp_path / "b")
    assert set(one) == set(two)
    assert {name for name in one if one[name] != two[name]} == {"manifest.jsonl", "truth.jsonl"}


@pytest.mark.usefixtures("plain_pictures")
def test_another_seed_gives_other_bytes_and_other_names(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_archive(tmp_path / str(seed), patients=2, seed=seed, size=64, workers=1)
    one, two = files_of(tmp_path / "1"), files_of(tmp_path / "2")
    assert not {name for name in set(one) & set(two) if one[name] == two[name]}
    assert not {name for name in set(one) & set(two) if name.startswith("images/")}


@pytest.mark.usefixtures("plain_pictures")
def test_a_stopped_run_goes_on_where_it_was_and_ends_with_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive(tmp_path / "whole", patients=4, seed=3, size=64, workers=1, format="png")

    def stop(done: int, total: int) -> None:
        if done >= total / 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_archive(tmp_path / "cut", patients=4, seed=3, size=64, workers=1, format="png", progress=stop)
    assert not (tmp_path / "cut" / "manifest.jsonl").exists()
    drawn: list[int] = []
    write = archive_module.write_patient
    monkeypatch.setattr(
        archive_module, "write_patient", lambda out, p, s: (drawn.append(p.number), write(out, p, s))[1]
    )
    write_archive(tmp_path / "cut", patients=4, seed=3, size=64, workers=1, format="png")
    assert 0 not in drawn
    assert drawn
    assert files_of(tmp_path / "cut") == files_of(tmp_path / "whole")


@pytest.mark.usefixtures("plain_pictures")
def test_a_finished_archive_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_archive(tmp_path / "a", patients=2, seed=3, size=64, workers=1)
    before = files_of(tmp_path / "a")
    monkeypatch.setattr(archive_module, "write_patient", None)
    assert write_archive(tmp_path / "a", patients=2, seed=3, size=64, workers=1) == first
    assert files_of(tmp_path / "a") == before


@pytest.mark.usefixtures("plain_pictures")
def test_progress_counts_up_to_the_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = write_archive(
        tmp_path / "a", patients=3, seed=3, size=64, workers=1, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[0] == (0, summary.cases + summary.ood)
    assert seen[-1] == (summary.cases + summary.ood,) * 2
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.usefixtures("plain_pictures")
def test_another_seed_in_the_same_folder_is_refused_and_says_what_differs(tmp_path: Path) -> None:
    write_archive(tmp_path / "a", patients=1, seed=3, size=64, workers=1)
    with pytest.raises(InputError, match="seed 3 instead of 4"):
        write_archive(tmp_path / "a", patients=1, seed=4, size=64, workers=1)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        write_archive(tmp_path, patients=1, seed=3)
    with pytest.raises(InputError, match="is a file"):
        write_archive(tmp_path / "letter.txt", patients=1, seed=3)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"patients": 0}, "patients"),
        ({"seed": -1}, "seed"),
        ({"modality": "mr"}, "modality"),
        ({"format": "jpeg"}, "format"),
        ({"format": "png", "modality": "ct"}, "PNG"),
        ({"size": 8}, "size"),
        ({"workers": 0}, "workers"),
    ],
)
def test_a_wrong_argument_is_named_before_anything_is_written(
    tmp_path: Path, wrong: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        write_archive(tmp_path / "a", **{"patients": 1, "seed": 1, **wrong})
    assert not (tmp_path / "a").exists()


@pytest.mark.usefixtures("plain_pictures")
def test_png_and_nifti_hold_the_dicom_files_picture_the_right_way_round(tmp_path: Path) -> None:
    import pydicom

    for format in ("dicom", "png", "nifti"):
        write_archive(tmp_path / format, patients=1, seed=5, size=64, workers=1, format=format)  # type: ignore[arg-type]
    names = [rows(tmp_path / format / "manifest.jsonl")[0]["image"] for format in ("dicom", "png", "nifti")]
    header = pydicom.dcmread(tmp_path / "dicom" / names[0])
    stored = header.pixel_array.astype(int)
    if header.PhotometricInterpretation == "MONOCHROME1":
        stored = 2**header.BitsStored - 1 - stored
    with Image.open(tmp_path / "png" / names[1]) as picture:
        assert np.array_equal(np.asarray(picture), stored >> (header.BitsStored - 8))
    slab = nibabel.load(tmp_path / "nifti" / names[2])
    assert nibabel.aff2axcodes(slab.affine) == ("L", "A", "S")
    assert np.array_equal(np.asarray(slab.dataobj)[:, 0, ::-1].T, stored)


def test_a_fact_takes_its_places_and_their_wholes_from_the_normal_locations() -> None:
    nodule = Fact(finding="nodule", anatomy="upper_lobe", side="left", polarity="present")
    left_out = set(LOCATIONS) - set(normal_locations((nodule,)))
    zones = ("lung", "apical_zone", "upper_lung_zone", "mid_lung_zone")
    assert {Place(anatomy=zone, side="left") for zone in zones} <= left_out
    assert not [place for place in left_out if place.side == "right"]
    assert normal_locations(()) == LOCATIONS


def test_a_broken_rib_or_a_pacemaker_says_nothing_against_the_lung() -> None:
    facts = (
        Fact(finding="rib_fracture", anatomy="rib", side="left", polarity="present"),
        Fact(finding="pacemaker", anatomy="chest_wall", side="left", polarity="present"),
        Fact(finding="endotracheal_tube", anatomy="trachea", side=None, polarity="present"),
    )
    assert set(LOCATIONS) - set(normal_locations(facts)) == {Place(anatomy="trachea")}


def test_a_place_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="can't be written"):
        write_archive(tmp_path / "letter.txt" / "archive", patients=1, seed=3)


@pytest.mark.usefixtures("plain_pictures")
def test_a_damaged_settings_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.json").write_text("{")
    with pytest.raises(InputError, match="damaged"):
        write_archive(tmp_path, patients=1, seed=3)
