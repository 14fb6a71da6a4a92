"""The pages in a real browser over the real service: each way through them, by mouse, by keyboard, without script."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from casekin.anatomy import on_radiograph, parse_place
from casekin.cli import run
from casekin.imaging import display_uint8, read_image
from casekin.web.vocabulary import known_places

pytestmark = pytest.mark.xdist_group("archive")

SOON = 30_000
DROP = """([content, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0))], name));
  for (const kind of ["dragover", "drop"])
    document.querySelector(".drop").dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""
NARROW, WIDE = 320, 1440


@pytest.fixture(scope="module")
def rows(small_archive: Path) -> list[dict[str, Any]]:
    """The rows of the archive's manifest."""
    return [json.loads(line) for line in (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def film(small_archive: Path, rows: list[dict[str, Any]]) -> Path:
    """A film of the archive."""
    return small_archive / str(rows[0]["image"])


def give(page: Page, film: Path) -> None:
    """Choose an image and wait until its viewer is there."""
    page.locator("#image").set_input_files(film)
    expect(page.locator("#viewer-here casekin-viewer")).to_be_visible(timeout=SOON)
    expect(page.locator("#image-progress")).to_be_hidden(timeout=SOON)


def search(page: Page) -> list[str]:
    """Ask, and read the ids of the cases that are shown."""
    page.locator("#search").click()
    return shown(page)


def shown(page: Page) -> list[str]:
    """Case ids of the cards, in order, once they are there."""
    expect(page.locator("#answer .answer-head h1")).to_be_visible(timeout=SOON)
    return page.locator("#hits > article h2 a").all_inner_texts()


def by_command(index: Path, capsys: Any, *argv: str) -> list[str]:
    """Case ids that the command line finds."""
    assert run(["search", "--index", str(index), "--json", *argv]) == 0
    return [hit["case_id"] for hit in json.loads(capsys.readouterr().out)["hits"]]


def studies(page: Page) -> int:
    """How many studies the list counts."""
    return int(page.locator("main p[role=status]").inner_text().split()[0])


def faults(page: Page) -> list[str]:
    """What an accessibility checker calls serious or critical on the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def check(page: Page, picture: Path, width: int) -> None:
    """Keep a picture of the page; fail where it isn't accessible, runs out of the window, or forgets its use."""
    page.screenshot(path=picture, full_page=True)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("footer.foot")).to_contain_text("Not a diagnostic device")


def test_a_dropped_film_with_a_box_is_searched_steered_undone_compared_drafted_and_shared(
    page: Page, film: Path, small_index: Path, capsys: pytest.CaptureFixture[str], browser: Browser, artefacts: Path
) -> None:
    page.evaluate(DROP, [base64.b64encode(film.read_bytes()).decode("ascii"), "film.dcm"])
    expect(page.locator("#image-name")).to_have_text("film.dcm", timeout=SOON)
    page.get_by_role("button", name="Place box").click(timeout=SOON)
    expect(page.locator("#region-drawn")).to_be_visible()
    box = page.locator("#box").input_value()
    found = search(page)
    assert found == by_command(small_index, capsys, str(film), "--box", box)
    expect(page.locator("#hits .seen").first).to_be_visible(timeout=SOON)  # pairs and maps come after the list
    page.screenshot(path=artefacts / "answer.png")

    page.locator("#hit-2 [name=like]").check()
    page.locator("#hit-1 [name=unlike]").check()
    page.locator("#hit-1 .judge button").first.click()
    expect(page.locator("#hit-1 .judge [aria-pressed=true]")).to_have_text("Yes", timeout=SOON)
    page.get_by_role("button", name="Search again").click()
    expect(page.locator("#answer dd", has_text=found[1]).first).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#answer dt", has_text="More like")).to_have_count(0, timeout=SOON)
    assert shown(page) == found
    expect(page.locator("#hit-1 .judge [aria-pressed=true]")).to_have_text("Yes")

    page.locator("#hit-1").get_by_text("Compare").click()
    expect(page.locator("#compare")).to_be_visible(timeout=SOON)
    expect(page.locator("#compare casekin-viewer")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#compare")).to_be_hidden()

    page.locator("#more").scroll_into_view_if_needed()
    for title in ("Counter-evidence", "Differential", "What happened next"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Draft a report").click()
    expect(page.locator("#draft .notice")).to_contain_text("DRAFT", timeout=SOON)
    cite = page.locator("#draft .cite").first
    target = cite.get_attribute("href") or ""
    cite.click()
    expect(page.locator(target)).to_be_focused()
    with page.expect_download() as saved:
        page.get_by_role("button", name="text", exact=True).click()
    assert "DRAFT" in saved.value.path().read_text(encoding="utf-8")

    page.get_by_role("button", name="Share this question").click()
    link = page.locator("#share input").input_value(timeout=SOON)
    page.reload()
    assert shown(page) == found  # the address asks the same again
    other = browser.new_page()
    other.goto(link)
    expect(other.locator("#answer")).to_contain_text("Give it again", timeout=SOON)
    assert other.locator("#box").input_value() == box
    other.close()


def test_the_keyboard_alone_gives_an_image_a_place_and_reads_the_answer(
    page: Page, film: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#image")).to_be_focused()
    give(page, film)  # the system's own file dialog lies outside the page
    page.locator("[name=at-1]").focus()
    page.keyboard.type("lower lobe")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.type("left")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # add a place
    expect(page.locator("[name=at-2]")).to_be_focused()
    page.keyboard.type("right lung")
    page.keyboard.press("Enter")
    assert shown(page) == by_command(small_index, capsys, str(film), "--at", "left lower lobe", "--at", "right lung")
    expect(page.locator("#answer h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".jumps a").first).to_be_focused()


def test_words_filters_and_mistakes(
    page: Page, small_index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page.locator("#search").click()
    expect(page.locator("#answer [role=alert]")).to_contain_text("say what to search for", timeout=SOON)
    expect(page.locator("#answer [role=alert]")).to_be_focused()
    page.get_by_label("Finding or report text").fill("effusion")
    page.locator("[name=at-1]").fill("<b>flurb</b>")
    page.locator("#search").click()
    expect(page.locator("#answer [role=alert]")).to_contain_text("no known anatomy", timeout=SOON)
    page.locator("[name=at-1]").fill("")
    page.get_by_text("Which cases").click()
    page.get_by_label("Age from").fill("19")
    page.get_by_label("Filter, in words").fill("sex = F or sex = M")
    where = "(sex = F or sex = M) and age >= 19"
    assert search(page) == by_command(small_index, capsys, "--text", "effusion", "--where", where)
    page.get_by_label("Age from").fill("130")
    page.locator("#search").click()
    expect(page.locator("#hits .empty")).to_be_visible(timeout=SOON)
    notes = tmp_path / "notes.txt"
    notes.write_text("no image at all")
    page.locator("#image").set_input_files(notes)
    expect(page.locator("#image-problem")).to_contain_text("unknown format", timeout=SOON)


def test_a_stored_study_opens_by_a_link_that_leaves_no_id_behind_and_asks_without_its_patient(
    page: Page, address: str, rows: list[dict[str, Any]]
) -> None:
    patient = next(row["patient_id"] for row in rows if sum(r["patient_id"] == row["patient_id"] for r in rows) > 1)
    own = [row["case_id"] for row in rows if row["patient_id"] == patient]
    row = next(row for row in rows if row["case_id"] == own[-1])
    for link in (f"?study={row['study_instance_uid']}", f"?accession={row['accession_number']}"):
        page.goto(address + link)
        assert page.url == f"{address}?case={row['case_id']}"
    found = search(page)
    assert found
    assert not set(found) & set(own)
    assert page.locator("#exams a").count() == len(own)
    page.goto(f"{address}cases")
    page.get_by_label("Id", exact=True).fill(row["accession_number"])
    page.get_by_role("button", name="Open").click()
    expect(page.locator("h1")).to_have_text(row["case_id"])
    expect(page.locator(".report")).to_have_text(row["report"], use_inner_text=True)
    assert page.locator(".strip a").count() == len(own)
    page.goto(f"{address}?study=1.2.3")
    expect(page.get_by_role("status").first).to_contain_text("Not found")


def test_a_case_is_kept_with_a_note_and_asked_in_a_quiz(page: Page, film: Path, artefacts: Path) -> None:
    give(page, film)
    page.locator("[name=at-1]").fill("left lung")
    case_id = search(page)[0]
    page.locator("#hit-1 .keep summary").click()
    for label, words in (
        ("or a new one called", "Teaching"),
        ("Note", "look low"),
        ("Answer, for the quiz", "Effusion"),
    ):
        page.locator("#hit-1").get_by_label(label).fill(words)
    page.locator("#hit-1").get_by_role("button", name="Keep this case").click()
    page.locator("#hit-1 .kept a").click(timeout=SOON)
    expect(page.locator("h1")).to_have_text("Teaching")
    expect(page.locator(".entry")).to_contain_text("look low")
    expect(page.locator(".entry rect.line")).to_have_count(1)
    page.get_by_role("link", name="Quiz").click()
    assert case_id not in page.locator("main").inner_text()
    page.get_by_label("What do you see").fill("pneumothorax")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".outcome")).to_contain_text("Not quite")
    page.get_by_role("link", name="Finish").click()
    page.get_by_role("link", name="Begin again").click()
    page.get_by_label("What do you see").fill("pleural effusion")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".outcome")).to_contain_text("Right")
    expect(page.get_by_text("0 right at the first try, of 1 answered")).to_be_visible()
    page.screenshot(path=artefacts / "quiz.png")
    page.goto(page.url.split("/collections")[0] + "/collections")
    page.get_by_role("link", name="Teaching").click()
    page.get_by_text("Change this collection").click()
    page.get_by_role("button", name="Remove the collection").click()
    expect(page.get_by_text("No collection yet")).to_be_visible()


def test_an_ingest_shows_its_progress_and_its_case_is_there_without_a_restart(
    page: Page, address: str, film: Path, tmp_path: Path
) -> None:
    page.goto(f"{address}cases")
    before = studies(page)
    newcomer = tmp_path / "newcomer.png"
    Image.fromarray(display_uint8(read_image(film))[:-7, :-5]).save(newcomer)
    page.goto(f"{address}jobs")
    page.locator("#files").set_input_files(newcomer)
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("#jobs .verdict").first).to_have_text("done", timeout=60_000)
    page.goto(f"{address}cases")
    assert studies(page) == before + 1
    page.goto(f"{address}admin")
    expect(page.locator("#index-title + dl")).to_contain_text("ok")
    expect(page.get_by_text("unbroken", exact=True)).to_be_visible(timeout=SOON)


def test_an_evaluation_is_shown_with_its_figures_and_plots(page: Page, address: str, served_index: Path) -> None:
    page.goto(f"{address}evaluation")
    record = json.loads((served_index / "site/evaluations/first/evaluation.json").read_text(encoding="utf-8"))
    expect(page.locator(".tiles")).to_contain_text(f"{record['n_queries']} questions")
    expect(page.locator(".tiles dl")).to_contain_text(f"{record['measures']['nDCG@10']['mean']:.3f}")
    shown = page.frame_locator("iframe.evaluation")
    expect(shown.locator("h1")).to_be_visible(timeout=SOON)
    assert shown.locator("svg").count() > 0


def test_every_page_is_accessible_and_fits_wide_and_narrow_light_and_dark(
    browser: Browser, address: str, film: Path, artefacts: Path
) -> None:
    every = ("cases", "collections", "history", "jobs", "evaluation", "admin", "admin/audit", "nothing-here")
    for scheme, width, pages in (("light", NARROW, every), ("dark", WIDE, ("admin",))):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(address)
        give(page, film)
        page.get_by_text("Which cases").click()
        page.get_by_text("More", exact=True).click()
        page.get_by_label("Cases to show").fill("2")
        search(page)
        expect(page.locator("#hits .seen").first).to_be_visible(timeout=SOON)
        page.locator("#more").scroll_into_view_if_needed()
        expect(page.locator("#next")).to_be_visible(timeout=SOON)
        check(page, artefacts / f"search-{width}-{scheme}.png", width)
        page.locator("#hits h2 a").first.click()
        check(page, artefacts / f"case-{width}-{scheme}.png", width)
        for name in pages:
            page.goto(address + name)
            check(page, artefacts / f"{name.replace('/', '-')}-{width}-{scheme}.png", width)
        context.close()


def test_without_script_one_asks_steers_reads_on_and_drafts(browser: Browser, address: str, film: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#image").set_input_files(film)
    page.locator("[name=at-1]").fill("right lung")
    found = search(page)
    assert found
    assert page.locator("#viewer-here img").is_visible()
    page.locator("#hit-2 [name=like]").check()
    page.get_by_role("button", name="Search again").click()
    expect(page.locator("#answer dd", has_text=found[1]).first).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="Differential")).to_be_visible(timeout=SOON)
    page.go_back()
    assert found[1] in page.locator("#answer dd").all_inner_texts()
    page.get_by_role("button", name="Draft a report").click()
    expect(page.locator(".notice")).to_contain_text("DRAFT", timeout=SOON)
    context.close()


def test_every_place_offered_is_one_that_a_search_takes() -> None:
    places = known_places()
    assert len(places) == len(set(places)) > 29
    assert {"left lower lobe", "trachea", "right costophrenic angle"} <= set(places)
    assert all(on_radiograph(parse_place(place)) for place in places)
    assert [str(parse_place(place)).replace("_", " ") for place in places] == list(places)
