"""CT volumes in an index: a space of their own beside radiographs, and what can't be located in 3D."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from casekin import CaseIndex, SearchQuery, load_encoder, search_cases
from casekin.cli import run
from casekin.errors import PlaceError
from casekin.journeys.evaluating.index import index_task
from casekin.journeys.evaluating.runs import search_run
from casekin.journeys.ingest import IngestSummary, ingest_cases
from casekin.journeys.search import encode_query
from casekin.retrieval.encode import EncodedFile
from casekin.world.image_files import VolumeGeometry, write_volume_nifti
from made_cases import write_png
from made_ct import ORIGIN, SPACING, draw_chest

EFFUSION = "Small left pleural effusion. Consolidation in the right lower lobe."
CLEAR = "The lungs are clear. No pleural effusion."
LIVER = "liver"


def write_volume(path: Path, pixels: np.ndarray) -> None:
    geometry = VolumeGeometry(spacing_mm=SPACING, origin_lps=ORIGIN, direction=np.eye(3))
    write_volume_nifti(path, volume=np.rint(pixels).astype(np.int16), geometry=geometry)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, IngestSummary]:
    """Three CT volumes of three patients, a radiograph, and a volume in which nothing is found."""
    folder = tmp_path_factory.mktemp("archive")
    sick, well = draw_chest(dense_right_base=True).image.pixels, draw_chest().image.pixels
    for name, pixels in {"sick": sick, "well": well, "again": np.roll(sick, 2, axis=2)}.items():
        write_volume(folder / f"{name}.nii.gz", pixels)
    ball = np.full((40, 40, 40), -1000.0)
    ball[8:32, 8:32, 8:32] = 40.0
    write_volume(folder / "ball.nii.gz", ball)
    write_png(folder / "film.png", 3)
    reports = {"sick": EFFUSION, "well": CLEAR, "again": EFFUSION, "ball": CLEAR, "film": EFFUSION}
    rows = [
        {
            "case_id": name,
            "patient_id": f"patient {name}",
            "image": f"{name}.png" if name == "film" else f"{name}.nii.gz",
            "modality": "DX" if name == "film" else "CT",
            "report": report,
        }
        for name, report in reports.items()
    ]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    summary = ingest_cases([folder], index=folder / "index")
    return folder, summary


@pytest.fixture(scope="module")
def index(ingested: tuple[Path, IngestSummary]) -> Iterator[CaseIndex]:
    with CaseIndex(ingested[0] / "index") as handle:
        yield handle


@pytest.fixture(scope="module")
def query(ingested: tuple[Path, IngestSummary], index: CaseIndex) -> EncodedFile:
    return encode_query(index, ingested[0] / "sick.nii.gz", load_encoder())


def ask(index: CaseIndex, query: EncodedFile, folder: Path, **how: object) -> list[str]:
    question = SearchQuery(image=folder / "sick.nii.gz", **how)  # type: ignore[arg-type]
    return [hit.case_id for hit in search_cases(index, question, encoder=load_encoder(), encoded=query).hits]


def test_each_kind_of_image_has_a_model_of_its_own(ingested: tuple[Path, IngestSummary], index: CaseIndex) -> None:
    assert index.model_version() == load_encoder().version
    assert str(index.model_version("ct")).startswith("casekin-ct-")
    kinds = {
        name: {image.kind for image in index.images(index.image_ids_of(name))} for name in ("sick", "film", "ball")
    }
    assert kinds == {"sick": {"ct"}, "film": {"radiograph"}, "ball": {"radiograph"}}


def test_a_volume_that_shows_no_trunk_goes_in_as_its_projection_with_a_warning(
    ingested: tuple[Path, IngestSummary],
) -> None:
    (warning,) = [one for one in ingested[1].warnings if "ball" in one.source]
    assert "frontal projection" in warning.reason
    assert not ingested[1].problems


def test_a_second_ingest_encodes_nothing_again(ingested: tuple[Path, IngestSummary]) -> None:
    again = ingest_cases([ingested[0]], index=ingested[0] / "index")
    assert (again.added, again.unchanged) == (0, 5)


@pytest.mark.parametrize(
    "how",
    [
        {"at": ("right lower lobe",)},
        {"at": ("lungs",)},
        {"phrase": "consolidation in the right lower lobe"},
        {"at": ("right lower lobe",), "text": "consolidation"},
    ],
)
def test_a_ct_finds_cts_alone_and_the_like_one_first(
    how: dict[str, object], ingested: tuple[Path, IngestSummary], index: CaseIndex, query: EncodedFile
) -> None:
    assert ask(index, query, ingested[0], **how) == ["again", "well"]


@pytest.mark.parametrize("how", [{}, {"at": (LIVER,)}, {"at": (LIVER, "aorta"), "combine": "all_of"}])
def test_wholes_and_organs_below_the_diaphragm_find_cts(
    how: dict[str, object], ingested: tuple[Path, IngestSummary], index: CaseIndex, query: EncodedFile
) -> None:
    assert sorted(ask(index, query, ingested[0], **how)) == ["again", "well"]


def test_a_box_or_mask_on_the_projection_is_the_volume_behind_it(
    ingested: tuple[Path, IngestSummary], index: CaseIndex, query: EncodedFile
) -> None:
    place = next(place for place in query.encoded.boxes if str(place) == "right_lower_lung_zone")
    box = query.turn.to_stored(query.encoded.boxes[place])
    mask = np.zeros(query.turn.stored, dtype=bool)
    mask[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)] = True
    assert ask(index, query, ingested[0], box=box) == ["again", "well"]
    assert ask(index, query, ingested[0], mask=mask) == ["again", "well"]


def test_a_radiograph_finds_no_ct_and_words_find_both(ingested: tuple[Path, IngestSummary], index: CaseIndex) -> None:
    folder, encoder = ingested[0], load_encoder()
    film = search_cases(index, SearchQuery(image=folder / "film.png", text="pleural effusion"), encoder=encoder)
    assert {hit.case_id for hit in film.hits} == {"ball"}
    words = search_cases(index, SearchQuery(text="pleural effusion"))
    assert {"sick", "again", "film"} <= {hit.case_id for hit in words.hits}


def test_a_liked_ct_asks_among_cts(index: CaseIndex) -> None:
    answer = search_cases(index, SearchQuery(like=("sick",), at=(LIVER,)))
    assert sorted(hit.case_id for hit in answer.hits) == ["again", "well"]
    assert answer.model_version == index.model_version("ct")


def test_what_no_ct_of_the_trunk_shows_is_refused(
    ingested: tuple[Path, IngestSummary], index: CaseIndex, query: EncodedFile
) -> None:
    with pytest.raises(PlaceError):
        ask(index, query, ingested[0], at=("brain",))


def test_an_index_of_cts_is_evaluated_by_them(tmp_path: Path, ingested: tuple[Path, IngestSummary]) -> None:
    shutil.copytree(ingested[0] / "index", tmp_path / "index")
    with CaseIndex(tmp_path / "index") as index:
        index.put([], remove=["film", "ball"])
        asked = index_task(index, queries=0)
        assert asked.kind == "ct"
        run = search_run(index, asked)
    assert run.lists["sick@right_lower_lobe"] == ("again", "well")


@pytest.mark.parametrize(
    ("kind", "measured", "cases", "others"),
    [(None, "radiograph", 2, 3), ("radiograph", "radiograph", 2, 3), ("ct", "ct", 3, 2)],
)
def test_an_index_of_both_is_measured_by_one_kind_at_a_time(
    ingested: tuple[Path, IngestSummary],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str | None,
    measured: str,
    cases: int,
    others: int,
) -> None:
    asked = ["evaluate", "--index", str(ingested[0] / "index"), "--out", str(tmp_path), "--baseline", "random"]
    assert run([*asked, *(() if kind is None else ("--kind", kind)), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["kind"], record["labels"]["cases"]) == (measured, cases)
    assert record["dropped"]["cases_of_another_kind"] == others
    with CaseIndex(ingested[0] / "index") as index:
        assert record["model_version"] == index.model_version(record["kind"])
    page = (tmp_path / "evaluation.html").read_text(encoding="utf-8")
    assert f"<td>{measured}</td>" in page and "cases of another kind" in page


def test_a_kind_that_an_index_does_not_hold_is_refused(stored_index: Path, tmp_path: Path) -> None:
    assert run(["evaluate", "--index", str(stored_index), "--out", str(tmp_path), "--kind", "ct"]) == 1
