"""The image viewer in a real browser, before pictures of known values: what is drawn, what is told, what keys do."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from made_http import http_server
from made_page import Tab
from made_viewer import PATCH, STACK, Service, Viewers

NO_WEBGL = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-gpu", "--disable-3d-apis")
Opened = Callable[..., Viewers]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """Where the pictures are, e.g. `http://127.0.0.1:40123`."""
    with http_server(Service) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, service: str, tab: Tab) -> Iterator[Opened]:
    """Opens a page with a viewer for each picture named. Fails the test on console errors and requests to elsewhere."""
    yield from _opening(browser, service, tab)


def _opening(browser: Browser, service: str, shared: Tab | None = None) -> Iterator[Opened]:
    """In the shared tab, unless the browser has to be another one (`how`)."""
    tabs: list[Tab] = []
    blocked_words = "ERR_FAILED"  # a page that is denied a file complains of it

    def open_page(
        *pictures: str, region: str = "box", blocked: str | None = None, width: int = 700, height: int = 640, **how: Any
    ) -> Viewers:
        tab = shared if shared is not None and not how else Tab(browser.new_page(**how))
        tabs.append(tab)
        if blocked:
            tab.page.route(blocked, lambda route: route.abort())
        address = f"{service}/page?region={region}&" + "&".join(f"src={name}" for name in pictures)
        tab.open(address, width=width, height=height)
        return Viewers(tab.page)

    yield open_page
    wrong = [said for tab in tabs for said in tab.complaints() if blocked_words not in said]
    for tab in tabs:
        if tab is shared:
            tab.page.unroute_all()
        else:
            tab.page.close()
    assert not wrong


def bright_part(screen: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is bright on the screen."""
    rows, columns = np.nonzero(screen > 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def fitted(width: int, height: int, stage: tuple[int, int], *, row_height: float = 1.0) -> list[float]:
    """Where the patch lies on a stage that the whole picture just fits."""
    scale = min(stage[0] / width, stage[1] / (height * row_height))
    left, top = (stage[0] - width * scale) / 2, (stage[1] - height * row_height * scale) / 2
    x0, y0, x1, y1 = PATCH
    down = scale * row_height
    return [left + x0 * scale, top + y0 * down, left + x1 * scale, top + y1 * down]


@pytest.mark.parametrize(
    ("picture", "size", "row_height"),
    [("plain", (400, 300), 1), ("oblong", (400, 300), 2), ("fraction", (400, 300), 1), ("preview", (400, 300), 1)],
)
def test_a_picture_is_drawn_where_its_size_and_spacing_say(
    opened: Opened, picture: str, size: tuple[int, int], row_height: int
) -> None:
    viewers = opened(picture).ready("webgl")
    screen = viewers.screen()
    expected = fitted(*size, (screen.shape[1], screen.shape[0]), row_height=row_height)
    assert bright_part(screen) == pytest.approx(expected, abs=1.5)
    dark, bright = (int(value) for value in (screen[screen.shape[0] // 2, :].min(), screen.max()))
    assert bright == pytest.approx(0.9 * 255, abs=3)
    assert dark == 0


def test_brightness_follows_the_window_that_is_typed_dragged_or_chosen_by_a_key(opened: Opened) -> None:
    viewers = opened("scaled", region="none").ready("webgl")
    middle = viewers.middle()
    assert viewers.screen()[middle] == pytest.approx(0.9 * 255, abs=3)
    viewers.field("Centre").fill("900")
    viewers.field("Centre").press("Tab")
    viewers.field("Width").fill("400")
    viewers.field("Width").press("Tab")
    assert viewers.get("v.window") == [700, 1100]
    assert viewers.screen()[middle] == pytest.approx(0.5 * 255, abs=3)
    viewers.stage.focus()
    viewers.page.keyboard.press("i")
    viewers.page.keyboard.press("ArrowUp")  # the centre rises by a hundredth of the default width
    assert viewers.get("v.window") == [710, 1110]
    assert viewers.screen()[middle] == pytest.approx((1 - 190 / 400) * 255, abs=3)
    viewers.page.keyboard.press("1")
    assert viewers.get("v.window") == [0, 1000]
    viewers.page.keyboard.press("r")
    across, down = viewers.at(200, 150)
    viewers.drag((across, down), (across, down - 150))  # half the 300 pixels that move it by its default width
    assert viewers.get("v.window") == pytest.approx([-500, 500])
    assert viewers.screen()[middle] == 255


def test_a_box_drawn_by_mouse_is_in_stored_pixels_and_stays_on_them_at_every_zoom(opened: Opened) -> None:
    viewers = opened("large").ready("webgl")
    viewers.page.evaluate("() => document.querySelector('casekin-viewer').setView({x: 230, y: 150, scale: 0.9})")
    viewers.settle()
    viewers.drag(viewers.at(*PATCH[:2]), viewers.at(*PATCH[2:]))
    drawn = viewers.get("v.box")
    assert drawn == pytest.approx(list(PATCH), abs=1)
    assert viewers.regions()[-1] == {"box": drawn, "mask": None}
    for scale in (0.6, 1.0, 1.7, 2.5):
        viewers.page.evaluate(
            f"() => document.querySelector('casekin-viewer').setView({{x: 200, y: 150, scale: {scale}}})"
        )
        shown = bright_part(viewers.screen())
        assert shown == pytest.approx(viewers.outline(), abs=2.0 * max(scale, 1))
    assert viewers.get("v.box") == drawn


def test_the_box_is_held_by_its_edges_and_inside(opened: Opened) -> None:
    viewers = opened("plain").ready("webgl")
    viewers.drag(viewers.at(100, 100), viewers.at(200, 200))
    viewers.drag(viewers.at(200, 150), viewers.at(260, 150))
    assert viewers.get("v.box") == pytest.approx([100, 100, 260, 200], abs=1)
    viewers.drag(viewers.at(180, 150), viewers.at(200, 120))
    assert viewers.get("v.box") == pytest.approx([120, 70, 280, 170], abs=2)
    viewers.drag(viewers.at(120, 70), viewers.at(-50, -50))
    assert viewers.get("v.box")[:2] == [0, 0]


def test_the_keyboard_alone_places_moves_resizes_types_and_clears_a_box(opened: Opened) -> None:
    viewers = opened("plain").ready("webgl")
    viewers.stage.focus()
    viewers.page.keyboard.press("Enter")
    assert viewers.get("v.box") == [133, 100, 267, 200]
    viewers.page.keyboard.press("ArrowLeft")
    viewers.page.keyboard.press("Shift+ArrowDown")
    assert viewers.get("v.box") == [129, 100, 263, 204]
    viewers.field("Left edge of the box").fill("7")
    assert viewers.get("v.box") == [7, 100, 263, 204]
    viewers.field("Top edge of the box").fill("290")  # below the bottom: not a box, the last one stays
    assert viewers.get("v.box") == [7, 100, 263, 204]
    expect(viewers.page.locator("casekin-viewer [role=status]")).to_have_text("Box from 7, 100 to 263, 204")
    viewers.stage.focus()
    viewers.page.keyboard.press("Delete")
    assert viewers.get("v.box") is None
    assert viewers.regions()[-1] == {"box": None, "mask": None}


def test_a_box_typed_from_nothing_outlives_redrawing_and_the_button_that_places_boxes(opened: Opened) -> None:
    viewers = opened("plain").ready("webgl")
    for edge, value in (("Left", 20), ("Top", 30), ("Right", 220), ("Bottom", 130)):
        viewers.field(f"{edge} edge of the box").fill(str(value))
        viewers.page.mouse.move(*viewers.at(150 + value, 100))  # each move over the picture draws anew
        viewers.settle()
    assert viewers.get("v.box") == [20, 30, 220, 130]
    viewers.page.get_by_role("button", name="Place box").click()
    assert viewers.get("v.box") == [20, 30, 220, 130]


def test_the_button_that_places_boxes_waits_for_the_picture(opened: Opened) -> None:
    viewers = opened("plain").ready("webgl")
    held: list[Route] = []
    viewers.page.route("**/v1/uploads/large", lambda route: held.append(route))
    with viewers.page.expect_request("**/v1/uploads/large"):
        viewers.page.evaluate("() => document.querySelector('casekin-viewer').setAttribute('src', '/v1/uploads/large')")
    place = viewers.page.get_by_role("button", name="Place box")
    expect(place).to_be_disabled()
    held[0].continue_()
    place.click()
    assert viewers.regions()[-1] == {"box": [533, 400, 1067, 800], "mask": None}


def test_what_is_painted_comes_as_a_mask_of_the_stored_size(opened: Opened) -> None:
    viewers = opened("plain", region="brush").ready("webgl")
    radius = viewers.get("v.pointed.brushDiameter") / 2
    viewers.drag(viewers.at(100, 150), viewers.at(300, 150))
    rows, columns = np.mgrid[0:300, 0:400] + 0.5
    along = np.clip(columns, 100, 300)
    expected = np.hypot(columns - along, rows - 150) <= radius
    assert overlap(viewers.mask(), expected) > 0.97
    viewers.stage.focus()
    viewers.page.keyboard.press("e")
    viewers.drag(viewers.at(200, 100), viewers.at(200, 200))
    expected &= np.abs(columns - 200) > radius
    assert overlap(viewers.mask(), expected) > 0.97
    viewers.page.keyboard.press("Delete")
    assert viewers.regions()[-1] == {"box": None, "mask": None}


@pytest.mark.parametrize(("picture", "height"), [("large", 1200), ("ct", len(STACK))])
def test_a_tool_chosen_while_the_picture_is_coming_stays_in_hand(opened: Opened, picture: str, height: int) -> None:
    viewers = opened("plain").ready("webgl")
    held: list[Route] = []
    viewers.page.route(f"**/v1/uploads/{picture}", lambda route: held.append(route))
    with viewers.page.expect_request(f"**/v1/uploads/{picture}"):
        viewers.page.evaluate(
            f"() => document.querySelector('casekin-viewer').setAttribute('src', '/v1/uploads/{picture}')"
        )
    viewers.page.get_by_role("button", name="Paint a region").click()
    assert viewers.page.get_by_role("button", name="Frontal view").is_hidden()
    held[0].continue_()
    viewers.ready("webgl")
    assert viewers.get("v.tool") == "brush"
    assert viewers.get("v.plane.height") == height
    viewers.drag(viewers.at(20, 10), viewers.at(30, 10))
    assert viewers.mask().any()


def overlap(mask: NDArray[np.bool_], expected: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float((mask & expected).sum() / (mask | expected).sum())


def test_a_stack_is_scrolled_by_keys_wheel_and_slider_and_tells_its_values(opened: Opened) -> None:
    viewers = opened("ct", region="none").ready("webgl")
    assert viewers.get("v.slice") == 9
    assert "Slice 10 / 20" in viewers.text(".title")
    viewers.stage.focus()
    for key, expected in (("PageDown", 10), ("End", 19), ("PageUp", 18), ("Home", 0)):
        viewers.page.keyboard.press(key)
        assert viewers.get("v.slice") == expected
        brightness = np.clip((STACK[expected, 0, 0] + 600) / 1200, 0, 1) * 255
        assert viewers.screen()[viewers.middle()] == pytest.approx(brightness, abs=3)
        assert viewers.text(".value").endswith(f": {STACK[expected, 0, 0]:.0f} HU".replace("-", "−"))
    viewers.page.mouse.move(*viewers.at(32, 24))
    viewers.page.mouse.wheel(0, 300)
    viewers.settle()
    assert viewers.get("v.slice") == 3
    viewers.page.get_by_role("slider", name="Slice").fill("12")
    assert viewers.get("v.slice") == 11
    viewers.page.get_by_role("combobox", name="Window").select_option("Lung")
    assert viewers.get("v.window") == [-1350, 150]


def test_who_scrolls_fast_sees_the_last_slice_asked_for(opened: Opened) -> None:
    viewers = opened("ct", region="none").ready("webgl")
    viewers.page.evaluate(
        """async () => {
          const viewer = document.querySelector("casekin-viewer");
          for (const number of [19, 1, 18, 2, 0]) {
            viewer.slice = number;
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    viewers.page.wait_for_function(
        "() => document.querySelector('casekin-viewer').parts.corner.value.textContent.endsWith(': −500 HU')",
        polling=50,
    )
    assert viewers.screen()[viewers.middle()] == pytest.approx(100 / 1200 * 255, abs=3)


def test_a_volumes_box_is_drawn_on_its_frontal_view(opened: Opened) -> None:
    viewers = opened("ct").ready("webgl")
    viewers.page.get_by_role("button", name="Draw a box").click()
    viewers.page.wait_for_function("() => document.querySelector('casekin-viewer').plane.height === 20", polling=100)
    viewers.settle()
    viewers.drag(viewers.at(16, 5), viewers.at(48, 15))
    assert viewers.get("v.box") == [16, 5, 48, 15]
    row = viewers.screen()[viewers.middle()[0], :]
    assert row[-100] == 0 or row.max() > 200
    viewers.page.get_by_role("button", name="Frontal view").click()
    viewers.settle()
    assert viewers.get("v.plane.height") == 48
    assert viewers.get("v.box") == [16, 5, 48, 15]
    assert viewers.outline() is None


def test_viewers_of_a_group_go_together(opened: Opened) -> None:
    viewers = opened("plain", "large", region="none", height=900).ready("webgl")
    viewers.page.evaluate("() => { document.querySelector('casekin-viewer').setView({x: 100, y: 75, scale: 4}); }")
    viewers.settle()
    views = [viewers.get("v.view", which) for which in (0, 1)]
    assert views[1]["x"] == pytest.approx(400)
    assert views[1]["y"] == pytest.approx(300)
    assert views[1]["scale"] == pytest.approx(1)
    viewers.page.keyboard.press("Tab")
    assert viewers.get("v.window", 1) == [0, 1000]
    viewers.page.get_by_label("Same window").first.check()
    viewers.page.evaluate("() => { document.querySelector('casekin-viewer').window = [100, 300]; }")
    assert viewers.get("v.window", 1) == pytest.approx([100, 300])
    viewers.page.get_by_role("button", name="Invert").last.click()
    assert viewers.get("v.isInverted") is True


def test_boxes_and_a_map_of_the_pages_lie_where_they_should(opened: Opened) -> None:
    viewers = opened("plain", region="none").ready("webgl")
    viewers.page.evaluate(
        """() => {
          const v = document.querySelector("casekin-viewer");
          const boxes = [{ box: [120, 80, 260, 200], label: "left lower zone", kind: "finding" }];
          v.setAttribute("overlays", JSON.stringify(boxes));
          v.map = { box: [0, 0, 400, 300], rows: 2, columns: 2, cells: [[0, 1], [0, 0]] };
        }"""
    )
    viewers.settle()
    assert bright_part(viewers.screen()) == pytest.approx(viewers.outline(".overlay.finding .line"), abs=1.5)
    assert viewers.text(".overlay-root text") == "left lower zone"
    colours = np.asarray(Image.open(io.BytesIO(viewers.stage.screenshot())).convert("RGB")).astype(int)
    tinted = colours[:, :, 2] - colours[:, :, 0] > 40
    rows, columns = np.nonzero(tinted)
    assert columns.mean() > colours.shape[1] / 2
    assert rows.mean() < colours.shape[0] / 2
    viewers.page.get_by_label("Map of what matches").uncheck()
    viewers.settle()
    assert viewers.get("v.shadowRoot.querySelector('.map')") is None


def test_without_the_bundle_the_server_renders_and_boxes_still_work(opened: Opened) -> None:
    viewers = opened("plain", blocked="**/cornerstone.js").ready("server")
    screen = viewers.screen()
    assert bright_part(screen) == pytest.approx(fitted(400, 300, (screen.shape[1], screen.shape[0])), abs=1.5)
    viewers.drag(viewers.at(100, 100), viewers.at(200, 200))
    assert viewers.get("v.box") == pytest.approx([100, 100, 200, 200], abs=1)
    viewers.page.keyboard.press("i")
    picture = viewers.page.locator("casekin-viewer .picture")
    expect(picture).to_have_attribute("src", re.compile("invert=true"))
    picture.evaluate("image => image.decode()")
    assert viewers.screen()[viewers.middle()] == pytest.approx(0.1 * 255, abs=3)


def test_an_image_that_cannot_be_had_leaves_what_the_page_put_there(browser: Browser, service: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{service}/page?src=gone")
    page.locator("casekin-viewer .problem").wait_for()
    assert page.locator("casekin-viewer .problem").inner_text() == "There is no such upload."
    assert page.locator("casekin-viewer img").is_visible()
    context.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service}/page?src=plain")
    assert page.locator("casekin-viewer img").evaluate("image => image.naturalWidth") == 400
    context.close()


def test_nothing_hinders_who_uses_assistive_technology(opened: Opened) -> None:
    viewers = opened("ct", "plain").ready("webgl")
    viewers.page.get_by_role("button", name="Keys").first.click()
    found = Axe().run(viewers.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_two_fingers_zoom_and_a_narrow_screen_holds_everything(opened: Opened) -> None:
    viewers = opened("plain", has_touch=True, width=320).ready("webgl")
    assert viewers.page.evaluate("() => document.documentElement.scrollWidth") <= 320
    small = viewers.get(
        "[...v.shadowRoot.querySelectorAll('button, input, select')].filter((n) => n.checkVisibility())"
        ".map((n) => [n.getBoundingClientRect(), n.outerHTML])"
        ".filter(([r]) => r.width < 24 || r.height < 24).map((pair) => pair[1])"
    )
    assert small == []
    before = viewers.get("v.view.scale")
    viewers.pinch((130, 400), (190, 400), (70, 400), (250, 400))
    assert viewers.get("v.view.scale") == pytest.approx(before * 3, rel=0.05)
    assert viewers.get("v.box") is None


def test_without_webgl_the_same_is_drawn(browser: Browser, service: str) -> None:
    plain = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=list(NO_WEBGL))
    opening = _opening(plain, service)
    opened = next(opening)
    for picture, row_height, density in (("oblong", 2, 1), ("fraction", 1, 2)):
        viewers = opened(picture, device_scale_factor=density).ready("cpu")
        screen = viewers.screen()[::density, ::density]
        expected = fitted(400, 300, (screen.shape[1], screen.shape[0]), row_height=row_height)
        assert bright_part(screen) == pytest.approx(expected, abs=1.5)
        assert screen.max() == pytest.approx(0.9 * 255, abs=3)
        viewers.stage.focus()
        for key in "+++":
            viewers.page.keyboard.press(key)
        viewers.page.evaluate(f"() => {{ document.querySelector('casekin-viewer').box = {list(PATCH)}; }}")
        viewers.settle()
        assert bright_part(viewers.screen()[::density, ::density]) == pytest.approx(viewers.outline(), abs=1.5)
    next(opening, None)
    plain.close()
