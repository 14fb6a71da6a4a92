"""The search page in a real browser over the real service: its ways by mouse, by keyboard, without script."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from casekin.imaging import read_image
from made_page import by_command, give, keep_picture, search, show_few, shown

DROP = """([content, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0))], name));
  for (const kind of ["dragover", "drop"])
    document.querySelector(".drop").dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""
MASK = """async () => {
  const file = document.querySelector("#mask-drawn").files[0];
  return file ? [...new Uint8Array(await file.arrayBuffer())] : null;
}"""


def test_a_dropped_film_with_a_box_is_searched_steered_undone_compared_drafted_and_shared(
    page: Page,
    film: Path,
    served_index: Path,
    capsys: pytest.CaptureFixture[str],
    browser: Browser,
    artefacts: Path | None,
) -> None:
    page.evaluate(DROP, [base64.b64encode(film.read_bytes()).decode("ascii"), "film.dcm"])
    expect(page.locator("#image-name")).to_have_text("film.dcm")
    page.get_by_role("button", name="Place box").click()
    expect(page.locator("#region-drawn")).to_be_visible()
    box = page.locator("#box").input_value()
    show_few(page, 3)
    found = search(page)
    assert found == by_command(served_index, capsys, str(film), "--box", box, "--limit", "3")
    expect(page.locator("#hits .seen").first).to_be_visible()  # pairs and maps come after the list
    keep_picture(page, artefacts, "answer")

    page.locator("#hit-2 [name=like]").check()
    page.locator("#hit-1 [name=unlike]").check()
    page.locator("#hit-1 .judge button").first.click()
    expect(page.locator("#hit-1 .judge [aria-pressed=true]")).to_have_text("Yes")
    page.get_by_role("button", name="Search again").click()
    expect(page.locator("#answer dd", has_text=found[1]).first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#answer dt", has_text="More like")).to_have_count(0)
    assert shown(page) == found
    expect(page.locator("#hit-1 .judge [aria-pressed=true]")).to_have_text("Yes")

    page.locator("#hit-1").get_by_text("Compare").click()
    expect(page.locator("#compare")).to_be_visible()
    expect(page.locator("#compare casekin-viewer")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#compare")).to_be_hidden()

    page.locator("#more").scroll_into_view_if_needed()
    for title in ("Counter-evidence", "Differential", "What happened next"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    page.get_by_role("button", name="Draft a report").click()
    expect(page.locator("#draft .notice")).to_contain_text("DRAFT")
    cite = page.locator("#draft .cite").first
    target = cite.get_attribute("href") or ""
    cite.click()
    expect(page.locator(target)).to_be_focused()
    with page.expect_download() as saved:
        page.get_by_role("button", name="text", exact=True).click()
    assert "DRAFT" in saved.value.path().read_text(encoding="utf-8")

    page.get_by_role("button", name="Share this question").click()
    link = page.locator("#share input").input_value()
    page.reload()
    assert shown(page) == found  # the address asks the same again
    other = browser.new_page()
    other.goto(link)
    expect(other.locator("#answer")).to_contain_text("Give it again")
    assert other.locator("#box").input_value() == box
    other.close()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(200):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never focused: {wanted}")


def test_the_keyboard_alone_asks_at_places_compares_judges_drafts_and_saves(
    page: Page, film: Path, served_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#image")).to_be_focused()
    give(page, film)  # the system's own file dialog lies outside the page
    show_few(page, 2)
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
    assert shown(page) == by_command(
        served_index, capsys, str(film), "--at", "left lower lobe", "--at", "right lung", "--limit", "2"
    )
    expect(page.locator("#answer h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".jumps a").first).to_be_focused()

    card = page.locator("#hit-1")
    tab_to(page, card.get_by_role("link", name="Compare"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    expect(page.locator("#compare casekin-viewer")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(card.get_by_role("link", name="Compare")).to_be_focused()
    tab_to(page, card.get_by_role("button", name="Yes"))
    page.keyboard.press("Enter")
    expect(card.locator(".judge [aria-pressed=true]")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Draft a report"))
    page.keyboard.press("Enter")
    expect(page.locator("#draft h2")).to_be_focused()
    tab_to(page, page.locator("#draft").get_by_role("button", name="text", exact=True))
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert "DRAFT" in saved.value.path().read_text(encoding="utf-8")


def test_a_place_is_found_by_its_other_names_by_keyboard_or_mouse(page: Page) -> None:
    place, offered = page.locator("[name=at-1]"), page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    place.press_sequentially("RLL")
    expect(offered).to_have_text(["right lower lobe RLL"])
    expect(place).to_have_attribute("aria-expanded", "true")
    place.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    assert place.get_attribute("aria-activedescendant") == offered.first.get_attribute("id")
    place.press("Enter")  # takes the word, and doesn't ask
    expect(place).to_have_value("right lower lobe")
    expect(offered).to_have_count(0)
    expect(page.locator("#answer .start")).to_be_visible()
    place.fill("")
    place.press_sequentially("lobe low")  # every word begins one, in any order
    expect(offered.nth(0)).to_have_text("left lower lobe")
    expect(offered.nth(1)).to_have_text("right lower lobe")
    place.press("ArrowUp")
    expect(offered.last).to_have_attribute("aria-selected", "true")
    place.press("Escape")
    expect(offered).to_have_count(0)
    place.press("ArrowDown")
    offered.first.click()
    expect(place).to_have_value("left lower lobe")
    expect(place).to_be_focused()
    page.get_by_role("button", name="Add a place").click()
    page.keyboard.type("cp angle")
    expect(offered).to_have_text(["right costophrenic angle cp angle", "left costophrenic angle cp angle"])
    page.keyboard.press("Tab")
    expect(offered).to_have_count(0)
    expect(page.locator("[name=at-2]")).to_have_value("cp angle")


def test_a_painted_region_asks_as_its_mask_does_on_the_command_line(
    page: Page, film: Path, served_index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    give(page, film)
    show_few(page, 3)
    page.get_by_role("button", name="Paint a region").click()
    stage = page.locator("#viewer-here .stage").bounding_box()
    assert stage is not None
    across, down = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(across + 40, down - 30)
    page.mouse.down()
    page.mouse.move(across + 60, down + 30, steps=4)
    page.mouse.up()
    expect(page.locator("#region-drawn")).to_contain_text("A painted region asks")
    mask = tmp_path / "mask.png"
    mask.write_bytes(bytes(page.evaluate(MASK)))
    with Image.open(mask) as painted:
        assert painted.size == read_image(film).pixels.shape[::-1]
    assert search(page) == by_command(served_index, capsys, str(film), "--mask", str(mask), "--limit", "3")
    expect(page.locator("#hits .seen").first).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#region-drawn")).to_be_hidden()
    assert page.evaluate(MASK) is None


def test_words_filters_and_mistakes(
    page: Page, served_index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page.locator("#search").click()
    expect(page.locator("#answer [role=alert]")).to_contain_text("say what to search for")
    expect(page.locator("#answer [role=alert]")).to_be_focused()
    page.get_by_label("Finding or report text").fill("effusion")
    page.locator("[name=at-1]").fill("<b>flurb</b>")
    page.locator("#search").click()
    expect(page.locator("#answer [role=alert]")).to_contain_text("no known anatomy")
    expect(page.locator("#answer [role=alert]")).to_be_focused()  # from then on the keys are the field's again
    page.locator("[name=at-1]").fill("")
    page.get_by_text("Which cases").click()
    page.get_by_label("Age from").fill("19")
    page.get_by_label("Filter, in words").fill("sex = F or sex = M")
    where = "(sex = F or sex = M) and age >= 19"
    assert search(page) == by_command(served_index, capsys, "--text", "effusion", "--where", where)
    page.get_by_label("Age from").fill("130")
    page.locator("#search").click()
    expect(page.locator("#hits .empty")).to_be_visible()
    notes = tmp_path / "notes.txt"
    notes.write_text("no image at all")
    page.locator("#image").set_input_files(notes)
    expect(page.locator("#image-problem")).to_contain_text("unknown format")


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


def test_a_case_is_kept_with_a_note_and_asked_in_a_quiz(page: Page, film: Path, artefacts: Path | None) -> None:
    give(page, film)
    show_few(page, 1)
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
    page.locator("#hit-1 .kept a").click()
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
    keep_picture(page, artefacts, "quiz")
    page.goto(page.url.split("/collections")[0] + "/collections")
    page.get_by_role("link", name="Teaching").click()
    page.get_by_text("Change this collection").click()
    page.get_by_role("button", name="Remove the collection").click()
    expect(page.get_by_text("No collection yet")).to_be_visible()


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
    expect(page.locator("#answer dd", has_text=found[1]).first).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="Differential")).to_be_visible()
    page.go_back()
    assert found[1] in page.locator("#answer dd").all_inner_texts()
    page.get_by_role("button", name="Draft a report").click()
    expect(page.locator(".notice")).to_contain_text("DRAFT")
    context.close()
