"""The pages of a service that has taken in a film and a volume: ingest, CT questions, figures, accessibility."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pydicom
import pytest
from playwright.sync_api import Page, expect
from pydicom.uid import generate_uid

from made_ct import ORIGIN, SPACING, draw_chest
from made_page import LATER, Tab, check, give, search, studies


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What the page of jobs took in: how many studies there were before, and the words it ended with."""

    before: int
    words: str


def save_volume(path: Path, *, is_ill: bool) -> None:
    """A made chest as NIfTI, whose axes point to the right, the front and the head (RAS)."""
    image = draw_chest(dense_right_base=is_ill).image
    (thick, *_), (left, back, foot) = SPACING, ORIGIN
    affine = np.diag([-SPACING[2], -SPACING[1], thick, 1.0])
    affine[:3, 3] = -left, -back, foot
    nibabel.save(nibabel.Nifti1Image(image.pixels.astype(np.int16).transpose(2, 1, 0), affine), path)


def save_newcomer(path: Path, film: Path) -> None:
    """Another patient's film: the same picture without its rim."""
    header = pydicom.dcmread(film)
    pixels = np.ascontiguousarray(header.pixel_array[:-8, :-6])
    header.Rows, header.Columns = pixels.shape
    header.PixelData = pixels.tobytes()
    header.PatientID, header.AccessionNumber = "newcomer", "N1"
    for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(header, name, generate_uid(entropy_srcs=["newcomer", name]))
    header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    header.save_as(path)


@pytest.fixture(scope="module")
def added(tab: Tab, address: str, film: Path, tmp_path_factory: pytest.TempPathFactory) -> Added:
    """A film and a volume, put in by the page of jobs."""
    folder = tmp_path_factory.mktemp("arrived")
    save_newcomer(folder / "film.dcm", film)
    save_volume(folder / "chest.nii.gz", is_ill=True)
    page = tab.page
    tab.open(f"{address}cases", width=1200, height=900)
    before = studies(page)
    page.goto(f"{address}jobs")
    page.locator("#files").set_input_files(sorted(folder.iterdir()))
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("#jobs .verdict").first).to_have_text("done", timeout=LATER)
    page.locator("#jobs li a").first.click()
    return Added(before=before, words=page.locator("main").inner_text())


@pytest.fixture
def asked_volume(page: Page, added: Added, tmp_path: Path) -> Iterator[Page]:
    """The search page with a volume that is given and boxed, not yet searched."""
    volume = tmp_path / "asked.nii.gz"
    save_volume(volume, is_ill=False)
    give(page, volume)
    page.get_by_role("button", name="Draw a box").click()
    page.get_by_role("button", name="Place box").click()
    expect(page.locator("#region-drawn")).to_be_visible()
    yield page


def test_an_ingest_shows_its_progress_and_its_cases_are_there_without_a_restart(
    page: Page, address: str, added: Added
) -> None:
    assert "2 of 2" in added.words
    assert "Problems" not in added.words
    page.goto(f"{address}cases")
    assert studies(page) == added.before + 2
    page.goto(f"{address}admin")
    expect(page.locator("#index-title + dl")).to_contain_text("ok")
    expect(page.get_by_text("unbroken", exact=True)).to_be_visible()


def test_a_volume_is_asked_with_a_box_on_its_frontal_view_and_never_answered_by_films(
    asked_volume: Page, rows: list[dict[str, Any]], artefacts: Path | None
) -> None:
    page = asked_volume
    x0, y0, x1, y1 = (int(value) for value in page.locator("#box").input_value().split(","))
    assert 0 <= x0 < x1 <= 105 and 0 <= y0 < y1 <= 70  # columns and slices
    (found,) = search(page)
    assert found not in {row["case_id"] for row in rows}
    expect(page.locator("#hits .seen").first).to_be_visible()
    check(page, artefacts, "volume")
    page.get_by_text("Which cases").click()
    page.get_by_label("Modality").select_option("DX")
    page.locator("#search").click()
    expect(page.locator("#answer .verdict").first).to_contain_text("No comparable case")
    expect(page.locator("#hits .empty")).to_be_visible()


def test_an_evaluation_is_shown_with_its_figures_and_plots(page: Page, address: str, served_index: Path) -> None:
    page.goto(f"{address}evaluation")
    record = json.loads((served_index / "site/evaluations/first/evaluation.json").read_text(encoding="utf-8"))
    expect(page.locator(".tiles")).to_contain_text(f"{record['n_queries']} questions")
    expect(page.locator(".tiles dl")).to_contain_text(f"{record['measures']['nDCG@10']['mean']:.3f}")
    shown = page.frame_locator("iframe.evaluation")
    expect(shown.locator("h1")).to_be_visible()
    assert shown.locator("svg").count() > 0


def test_pages_that_are_read_are_accessible_and_fit_wide_and_narrow_light_and_dark(
    page: Page, address: str, artefacts: Path | None
) -> None:
    for name in ("cases", "history", "jobs", "evaluation", "admin", "admin/audit?event=list", "nothing-here"):
        page.goto(address + name)
        check(page, artefacts, name.replace("/", "-").partition("?")[0])


def test_pages_that_are_worked_with_are_accessible_and_fit_wide_and_narrow_light_and_dark(
    page: Page, address: str, film: Path, added: Added, artefacts: Path | None
) -> None:
    give(page, film)
    page.get_by_text("Which cases").click()
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Cases to show").fill("2")
    page.locator("[name=at-1]").fill("left lung")
    search(page)
    expect(page.locator("#hits .seen").first).to_be_visible()
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator("#next")).to_be_visible()
    page.get_by_role("button", name="Draft a report").click()
    expect(page.locator("#draft .notice")).to_be_visible()
    check(page, artefacts, "search")
    page.locator("#hit-1").get_by_text("Compare").click()
    expect(page.locator("#compare casekin-viewer")).to_have_count(2)
    check(page, artefacts, "compare", within="#compare")
    page.keyboard.press("Escape")
    page.locator("#hit-1 .who a").click()
    expect(page.get_by_text("Export", exact=True)).to_be_visible()
    page.get_by_text("Export", exact=True).click()
    page.get_by_text("Keep in a collection").click()
    page.get_by_label("or a new one called").fill("Rounds")
    page.get_by_label("Answer, for the quiz").fill("Effusion")
    check(page, artefacts, "case")
    page.get_by_role("button", name="Keep this case").click()
    page.get_by_text("Export to other systems").click()
    page.get_by_text("Change", exact=True).click()
    page.get_by_text("Change this collection").click()
    check(page, artefacts, "collection")
    page.get_by_role("link", name="Quiz").click()
    check(page, artefacts, "quiz")
    page.goto(f"{address}collections")
    check(page, artefacts, "collections")
