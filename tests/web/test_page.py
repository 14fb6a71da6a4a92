"""The search page in a real browser: drop, draw, ask, read; by mouse, by keyboard, narrow, dark, without script."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from casekin.anatomy import on_radiograph, parse_place
from casekin.cli import run
from casekin.web.pages import known_places

pytestmark = pytest.mark.xdist_group("archive")

DROP = """([content, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0))], name));
  const target = document.querySelector(".drop");
  for (const kind of ["dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""

UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, [tabindex]")]
  .filter((field) => !(field.labels && [...field.labels].some((label) => label.innerText.trim())))
  .filter((field) => !field.getAttribute("aria-label") && !(field.tagName === "BUTTON" && field.innerText.trim()))
  .map((field) => field.outerHTML)"""

# Contrast of every piece of text with the nearest ground behind it (WCAG 2.2, 1.4.3), for colours without transparency.
FAINT = """() => {
  const rgb = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = (text) => rgb(text).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] === 1) return getComputedStyle(at).backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility() && [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
    .map((node) => [light(getComputedStyle(node).color), light(ground(node)), node.outerHTML])
    .filter(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5)
    .map(([, , html]) => html.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def film(small_archive: Path) -> Path:
    """A film of the archive."""
    first = (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()[0]
    return small_archive / str(json.loads(first)["image"])


def drop(page: Page, content: bytes, name: str) -> None:
    """Drop a file on the page."""
    page.evaluate(DROP, [base64.b64encode(content).decode("ascii"), name])


def shown_cases(page: Page) -> list[str]:
    """Case ids of the evidence cards, in order, once they are there."""
    expect(page.locator("#status")).to_contain_text("found, with evidence", timeout=30_000)
    return page.frame_locator("#evidence").locator("article.card h2").all_inner_texts()


def cases_by_command(index: Path, capsys: Any, *argv: str) -> list[str]:
    """Case ids that the command line finds."""
    assert run(["search", "--index", str(index), "--json", *argv]) == 0
    return [hit["case_id"] for hit in json.loads(capsys.readouterr().out)["hits"]]


def test_a_dropped_dicom_with_a_box_drawn_by_mouse_finds_what_the_command_line_finds(
    page: Page, film: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(page, film.read_bytes(), "film.dcm")
    expect(page.locator("#preview")).to_be_visible()
    page.locator("#film").scroll_into_view_if_needed()
    picture = page.locator("#preview").bounding_box()
    assert picture is not None
    left, top, width, height = picture["x"], picture["y"], picture["width"], picture["height"]
    page.mouse.move(left + 0.8 * width, top + 0.9 * height)
    page.mouse.down()
    page.mouse.move(left + 0.6 * width, top + 0.5 * height, steps=3)
    page.mouse.up()
    box = page.locator("#box").input_value()
    columns, rows = (int(page.locator(f"#{corner}").get_attribute("max") or 0) for corner in ("x1", "y1"))
    expected = (0.6 * columns, 0.5 * rows, 0.8 * columns, 0.9 * rows)
    assert [float(value) for value in box.split(",")] == pytest.approx(expected, abs=2 * columns / width + 1)
    assert [page.locator(f"#{corner}").input_value() for corner in ("x0", "y0", "x1", "y1")] == box.split(",")
    page.locator("#search").click()
    assert shown_cases(page) == cases_by_command(small_index, capsys, str(film), "--box", box)
    evidence = page.frame_locator("#evidence")
    expect(evidence.locator("dl")).to_contain_text("film.dcm")
    height_shown = page.locator("#evidence").evaluate("frame => frame.getBoundingClientRect().height")
    height_inside = evidence.locator("body").evaluate("body => body.getBoundingClientRect().height")
    assert height_shown == pytest.approx(height_inside, abs=2)


def test_the_keyboard_alone_places_a_box_names_a_place_and_asks(
    page: Page, film: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.locator("#image").set_input_files(film)  # the system's own file dialog lies outside the page
    expect(page.locator("#preview")).to_be_visible()
    page.locator("#image").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "film"
    page.keyboard.press("ArrowRight")
    x0, y0, x1, y1 = (int(value) for value in page.locator("#box").input_value().split(","))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    moved = [int(value) for value in page.locator("#box").input_value().split(",")]
    stride = moved[0] - x0
    assert stride > 0
    assert moved == [x0 + stride, y0, x1 + stride, y1 - stride]
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    assert page.locator("#box").input_value().split(",")[0] == str(moved[0] + 1)
    for _ in range(5):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Remove the box
    assert page.locator("#box").input_value() == ""
    page.keyboard.press("Tab")
    page.keyboard.type("Left Lower-Lobe")
    page.keyboard.press("Enter")
    assert shown_cases(page) == cases_by_command(small_index, capsys, str(film), "--at", "left lower lobe")


def test_words_places_and_a_filter_ask_without_an_image(
    page: Page, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.get_by_label("Place", exact=True).fill("left lung")
    page.get_by_role("button", name="Add a place").click()
    page.keyboard.type("right lung")
    page.get_by_label("Findings or report text").fill("effusion")
    page.get_by_label("Only cases where").fill("age > 18")
    page.get_by_text("More").click()
    page.get_by_label("Cases to show").fill("3")
    page.get_by_role("button", name="Search").click()
    argv = ("--text", "effusion", "--at", "left lung", "--at", "right lung", "--where", "age > 18", "--limit", "3")
    assert shown_cases(page) == cases_by_command(small_index, capsys, *argv)


def test_mistakes_are_said_in_words_beside_the_button(page: Page) -> None:
    status = page.locator("#status")
    page.locator("#search").click()
    expect(status).to_contain_text("Choose an image")
    drop(page, b"no image at all", "notes.txt")
    expect(status).to_contain_text("unknown format")
    expect(page.locator("#viewer")).to_be_hidden()
    page.locator("#image").set_input_files([])
    page.locator("#text").fill("effusion")
    page.locator("#at-1").fill("<b>flurb</b>")
    page.locator("#search").click()
    expect(status).to_contain_text("no known anatomy")
    page.locator("#at-1").fill("")
    page.locator("#where").fill("age > 149")
    page.locator("#search").click()
    expect(status).to_have_text("No case answers the question.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow_or_wide_light_or_dark_everything_is_named_legible_and_inside_the_window(
    scheme: Any, browser: Browser, address: str, film: Path
) -> None:
    for width in (320, 1200):
        context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        page.locator("#image").set_input_files(film)
        expect(page.locator("#preview")).to_be_visible()
        page.get_by_text("More").click()
        page.locator("#search").click()
        assert shown_cases(page)
        assert page.evaluate(UNNAMED) == []
        assert page.evaluate(FAINT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        evidence = page.frame_locator("#evidence").locator("html")
        assert evidence.evaluate("root => root.scrollWidth") <= width
        context.close()


def test_without_script_the_form_still_asks(browser: Browser, address: str, film: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#image").set_input_files(film)
    page.locator("#at-1").fill("right lung")
    page.locator("#search").click()
    expect(page.frame_locator("#evidence").locator("article.card").first).to_be_visible(timeout=30_000)
    context.close()


def test_every_place_offered_is_one_that_a_search_takes() -> None:
    places = known_places()
    assert len(places) == len(set(places)) > 29
    assert {"left lower lobe", "trachea", "right costophrenic angle"} <= set(places)
    assert all(on_radiograph(parse_place(place)) for place in places)
    assert [str(parse_place(place)).replace("_", " ") for place in places] == list(places)
