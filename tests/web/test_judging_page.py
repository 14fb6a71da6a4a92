"""A reader's page in a real browser, from its file: answer by key and mouse, stop and go on, save, load, collect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from casekin.evaluation.judging import Film, read_answers, reader_page
from casekin.types import Box
from made_judging import made_session, picture

GRADES = {"0": 0, "1": 1, "2": 2, "3": 3, "?": None}
SESSION = made_session(cases=12, queries=6, pairs=10, depth=2)
ITEMS = len(SESSION.orders[0])
HOSTILE = "</script><script>document.title = 'broken'</script>"


def film_of(case_id: str, place: str) -> Film:
    """A film of 40 x 50 with the place in it and a hostile report."""
    box = Box(x0=20, y0=5, x1=36, y1=45)
    return Film(jpeg=picture(int(case_id[-2:])), width=40, height=50, box=box, report=f"{case_id} {HOSTILE}")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reader 1's page."""
    path = tmp_path_factory.mktemp("judging") / "reader-1.html"
    path.write_text(reader_page(SESSION, 1, film_of), encoding="utf-8")
    return path


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that remembers nothing of other tests."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield context
    context.close()


@pytest.fixture
def open_page(context: BrowserContext, file: Path) -> Iterator[Callable[[], Page]]:
    """Opens the page, each time in a new tab. Fails the test on errors and on requests to anywhere."""
    wrong: list[str] = []

    def open_tab() -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda sent: wrong.append(sent.url) if not sent.url.startswith((file.as_uri(), "data:", "blob:")) else None,
        )
        page.goto(file.as_uri())
        return page

    yield open_tab
    assert not wrong


def saved(page: Page, folder: Path) -> Path:
    """What the button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save answers").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_reader_answers_stops_goes_on_saves_and_the_answers_are_read_back(
    open_page: Callable[[], Page], tmp_path: Path
) -> None:
    keys = ["3", "0", "?", "1", "2"]
    page = open_page()
    for key in keys[:4]:
        page.keyboard.press(key)
    page.close()
    page = open_page()
    expect(page.locator("#status")).to_have_text(f"4 answered, {ITEMS - 4} left")
    expect(page.locator("#number")).to_have_value("5")
    for item in range(4, ITEMS):
        page.locator(f'.answer[data-answer="{keys[item % 5]}"]').click()
    expect(page.locator("#status")).to_have_text("All answered: save your answers.")
    path = saved(page, tmp_path)
    assert path.name == "reader-1.answers.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["item"] for line in lines] == list(range(1, ITEMS + 1))
    answers = read_answers(path, SESSION)
    for item, shown in enumerate(SESSION.orders[0]):
        given = answers.again if shown.again else answers.first
        assert given[shown.pair] == GRADES[keys[item % 5]]


def test_an_answer_can_be_looked_at_again_and_changed(open_page: Callable[[], Page], tmp_path: Path) -> None:
    page = open_page()
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator('.answer[data-answer="2"]')).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Backspace")
    expect(page.locator("#number")).to_have_value("1")
    page.keyboard.press("0")
    expect(page.locator("#number")).to_have_value("3")  # on to the next without an answer
    page.get_by_label("Pair", exact=True).fill("7")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(page.locator("#number")).to_have_value("8")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Next").click()
    lines = saved(page, tmp_path).read_text(encoding="utf-8").splitlines()
    assert [(json.loads(line)["item"], json.loads(line)["grade"]) for line in lines] == [(1, 0), (2, 2), (7, 1)]


def test_saved_answers_go_on_in_another_browser_and_those_of_another_page_are_refused(
    open_page: Callable[[], Page], browser: Browser, file: Path, tmp_path: Path
) -> None:
    page = open_page()
    for key in "31":
        page.keyboard.press(key)
    path = saved(page, tmp_path)
    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    other.goto(file.as_uri())
    expect(other.locator("#status")).to_have_text(f"0 answered, {ITEMS} left")
    other.locator("#load").set_input_files(path)
    expect(other.locator("#status")).to_have_text(f"2 answered, {ITEMS - 2} left")
    path.write_text(path.read_text(encoding="utf-8").replace('"reader":1', '"reader":2'), encoding="utf-8")
    other.locator("#load").set_input_files(path)
    expect(other.get_by_role("alert")).to_contain_text("not answers saved from this page")
    expect(other.locator("#status")).to_have_text(f"2 answered, {ITEMS - 2} left")
    elsewhere.close()


def test_films_stand_in_the_keys_order_with_the_place_outlined_and_reports_as_text(
    open_page: Callable[[], Page],
) -> None:
    page = open_page()
    expect(page.locator("h1")).to_contain_text("left lung")
    for shown in SESSION.orders[0]:
        cases = SESSION.pairs[shown.pair].cases
        reports = page.locator(".report").all_inner_texts()
        assert reports == [f"{case} {HOSTILE}" for case in (cases[::-1] if shown.swapped else cases)]
        page.keyboard.press("ArrowRight")
    assert page.title() == "casekin judging, reader 1"
    outline = page.locator(".whole .line").first
    assert [float(outline.get_attribute(name) or "nan") for name in ("x", "y", "width", "height")] == [20, 5, 16, 40]
    assert page.locator(".crop").first.get_attribute("viewBox") == "-10 -5 60 60"
    assert page.evaluate("[...document.querySelectorAll('.film')].every((f) => f.getBoundingClientRect().width > 100)")


@pytest.mark.parametrize(("width", "height"), [(360, 700), (1100, 800), (1920, 1000)])
def test_narrow_or_wide_both_films_and_every_answer_are_in_the_window(
    width: int, height: int, browser: Browser, file: Path
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.locator(".answer").all():
        box: Any = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
    for film in page.locator(".whole").all():
        box = film.bounding_box()
        assert box["width"] > 90 and box["y"] + box["height"] <= height
    context.close()


def test_where_the_browser_keeps_nothing_the_reader_is_told_to_save(browser: Browser, file: Path) -> None:
    context = browser.new_context()
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    page = context.new_page()
    page.goto(file.as_uri())
    page.keyboard.press("2")
    expect(page.get_by_role("alert")).to_contain_text("Save your answers before you close the page")
    expect(page.locator("#status")).to_have_text(f"1 answered, {ITEMS - 1} left")
    context.close()
