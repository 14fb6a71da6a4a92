"""Pictures of known values behind the addresses that the image viewer asks, and what a person does to a viewer."""

from __future__ import annotations

import base64
import gzip
import io
import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

import casekin.web
from casekin.api.guard import SECURITY_HEADERS

STATIC = Path(casekin.web.__file__).parent / "static"
PATCH = (120, 80, 260, 200)
"""Where the pictures are bright: left, top, right, bottom."""


def patch(width: int, height: int, dark: float, bright: float, *, shrink: int = 1) -> NDArray[np.float64]:
    """A dark picture with a bright patch."""
    picture = np.full((height // shrink, width // shrink), dark)
    x0, y0, x1, y1 = (edge // shrink for edge in PATCH)
    picture[y0:y1, x0:x1] = bright
    return picture


STACK = np.stack([np.full((48, 64), 50.0 * number - 500.0) for number in range(20)])
"""A volume whose slice says its number."""
FRONTAL = np.tile(np.linspace(0.0, 1.0, 64), (20, 1))
PICTURES: dict[str, tuple[NDArray[np.float64], dict[str, Any]]] = {
    "plain": (patch(400, 300, 100, 900), {"dtype": "int16", "window": [0, 1000], "spacing_mm": [0.5, 0.5]}),
    "oblong": (patch(400, 300, 100, 900), {"dtype": "uint16", "window": [0, 1000], "spacing_mm": [1.0, 0.5]}),
    "fraction": (patch(400, 300, 0.1, 0.9), {"dtype": "float32", "window": [0, 1]}),
    "scaled": (patch(400, 300, 100, 900), {"dtype": "int16", "window": [0, 1000], "slope": 2.0, "intercept": -500.0}),
    "preview": (patch(400, 300, 25, 230, shrink=2), {"dtype": "uint8", "window": [0, 255], "kept": False}),
    "large": (patch(1600, 1200, 100, 900), {"dtype": "int16", "window": [0, 1000]}),
    "ct": (
        STACK,
        {"dtype": "int16", "window": [-600, 600], "modality": "CT", "units": "HU", "spacing_mm": [5.0, 1.0, 1.0]},
    ),
}


def description_of(name: str) -> dict[str, Any]:
    """What the service says of a picture."""
    picture, how = PICTURES[name]
    shrunk = 2 if name == "preview" else 1
    said = _plane(picture, how, shrunk) | {
        "modality": how.get("modality", "DX"),
        "units": how.get("units"),
        "kept": how.get("kept", True),
    }
    said |= {"frames": len(picture) if picture.ndim == 3 else 1, "orientation": {"left": "R", "right": "L"}}
    if picture.ndim == 3:
        said["frontal"] = _plane(FRONTAL, {"dtype": "float32", "window": [0, 1], "spacing_mm": [5.0, 1.0]}, 1)
    return said


def _plane(picture: NDArray[np.float64], how: dict[str, Any], shrunk: int) -> dict[str, Any]:
    height, width = picture.shape[-2:]
    raw = {"dtype": how["dtype"], "width": width, "height": height}
    return {
        "width": width * shrunk,
        "height": height * shrunk,
        "window": how["window"],
        "spacing_mm": how.get("spacing_mm"),
        "value_range": [float(picture.min()), float(picture.max())],
        "pixels": raw | {"slope": how.get("slope", 1), "intercept": how.get("intercept", 0)},
    }


def frame_of(name: str, frame: str) -> tuple[NDArray[np.float64], str, float, float]:
    """A frame's values, and how they are sent."""
    picture, how = PICTURES[name]
    if frame == "frontal":
        return FRONTAL, "float32", 1.0, 0.0
    chosen = picture[int(frame)] if picture.ndim == 3 else picture
    return chosen, how["dtype"], how.get("slope", 1.0), how.get("intercept", 0.0)


class Service(BaseHTTPRequestHandler):
    """The addresses that the viewer asks, with the real service's headers."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        parts = address.path.strip("/").split("/")
        if parts[0] == "static":
            self._send((STATIC / "/".join(parts[1:])).read_bytes(), "text/javascript")
        elif parts[0] == "page":
            self._send(page_of(parse_qs(address.query)).encode(), "text/html; charset=utf-8")
        elif parts[0] == "v1" and parts[2] in PICTURES:
            self._picture(parts[2], parts[3:], parse_qs(address.query))
        else:
            self._send(json.dumps({"detail": "There is no such upload."}).encode(), "application/problem+json", 404)

    def _picture(self, name: str, rest: list[str], asked: dict[str, list[str]]) -> None:
        if not rest:
            self._send(json.dumps(description_of(name)).encode(), "application/json")
            return
        values, dtype, slope, intercept = frame_of(name, rest[1])
        if rest[0] == "pixels":
            raw = ((values - intercept) / slope).astype(np.dtype(dtype).newbyteorder("<")).tobytes()
            self._send(gzip.compress(raw, 1), "application/octet-stream", encoding="gzip")
            return
        center, width = (float(asked[key][0]) for key in ("center", "width"))
        shown = np.clip((values - center) / width + 0.5, 0, 1)
        shown = 1 - shown if asked["invert"] == ["true"] else shown
        packed = io.BytesIO()
        Image.fromarray((shown * 255).astype(np.uint8)).save(packed, "PNG")
        self._send(packed.getvalue(), "image/png")

    def _send(self, content: bytes, kind: str, status: int = 200, *, encoding: str | None = None) -> None:
        self.send_response(status)
        headers = {**SECURITY_HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}
        for key, value in (headers | ({"Content-Encoding": encoding} if encoding else {})).items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(content)


def page_of(asked: dict[str, list[str]]) -> str:
    """A page with one viewer for each `src`."""
    viewers = "".join(
        f'<casekin-viewer src="/v1/uploads/{name}" region="{asked.get("region", ["box"])[0]}" group="pair" '
        f'label="Film {name}"><img src="/v1/uploads/{name}/frames/0?center=500&amp;width=1000&amp;invert=false" '
        f'alt="film"></casekin-viewer>'
        for name in asked["src"]
    )
    return (
        '<!doctype html><html lang="en"><title>Viewer</title><link rel="icon" href="data:,">'
        f'<script type="module" src="/static/viewer/viewer.js"></script><main>{viewers}</main></html>'
    )


_SETTLED = """() => new Promise((done) => {
  let left = 4; // the engine draws in a frame of its own
  const wait = () => {
    if (![...document.querySelectorAll("casekin-viewer")].every((viewer) => viewer.isSettled)) left = 4;
    if (left--) requestAnimationFrame(wait);
    else done();
  };
  wait();
})"""
_ALL_READY = "() => [...document.querySelectorAll('casekin-viewer')].every((viewer) => viewer.renderer)"
_KEEP_REGIONS = """() => {
  window.regions = [];
  const base64 = async (blob) => blob && btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  document.addEventListener("region", ({ detail }) =>
    window.regions.push(base64(detail.mask).then((mask) => ({ box: detail.box, mask }))));
}"""
_SEE_OVERLAYS = """(how) => {
  for (const viewer of document.querySelectorAll("casekin-viewer"))
    for (const node of viewer.shadowRoot.querySelectorAll(".overlay-root, .corner, .mask, .map"))
      node.style.visibility = how;
}"""


class Viewers:
    """A page with viewers: what a person does to them, and what is on the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stage = page.locator("casekin-viewer").first.locator(".stage")

    def get(self, words: str, which: int = 0) -> Any:
        """A JavaScript expression of the viewer `v`."""
        return self.page.evaluate(
            f"() => {{ const v = document.querySelectorAll('casekin-viewer')[{which}]; return ({words}); }}"
        )

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(_SETTLED)

    def at(self, x: float, y: float, which: int = 0) -> tuple[float, float]:
        """Where a stored pixel's upper left corner is in the window."""
        place = self.page.locator("casekin-viewer").nth(which).locator(".stage").bounding_box()
        assert place is not None
        view = self.get("({...v.view, aspect: v.plane.spacing ? v.plane.spacing[0] / v.plane.spacing[1] : 1})", which)
        across = place["x"] + place["width"] / 2 + (x - view["x"]) * view["scale"]
        return across, place["y"] + place["height"] / 2 + (y - view["y"]) * view["scale"] * view["aspect"]

    def drag(self, start: tuple[float, float], end: tuple[float, float], button: Any = "left") -> None:
        """Drag between two points of the window."""
        self.page.mouse.move(*start)
        self.page.mouse.down(button=button)
        self.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.page.mouse.move(*end)
        self.page.mouse.up(button=button)
        self.settle()

    def screen(self) -> NDArray[np.uint8]:
        """Grey values of the stage without what lies over the picture; its rounded, fractional rim counts as black."""
        self.settle()
        self.page.evaluate(_SEE_OVERLAYS, "hidden")
        shot = Image.open(io.BytesIO(self.stage.screenshot())).convert("L")
        self.page.evaluate(_SEE_OVERLAYS, "")
        grey = np.array(shot)
        grey[-24:, :24] = grey[-24:, -24:] = grey[-4:] = 0
        return grey

    def ready(self, renderer: str) -> Viewers:
        """Wait until every viewer shows its picture, by this renderer; events of regions are kept from now on."""
        self.page.evaluate(_KEEP_REGIONS)
        self.page.wait_for_function(_ALL_READY, polling=50, timeout=20_000)
        count = self.page.locator("casekin-viewer").count()
        assert [self.get("v.renderer", which) for which in range(count)] == [renderer] * count
        self.settle()
        return self

    def regions(self) -> list[Any]:
        """Details of the events `region` so far; a mask as base64 of its PNG."""
        self.settle()
        return self.page.evaluate("() => Promise.all(window.regions)")

    def mask(self) -> NDArray[np.bool_]:
        """The last mask that the page was told."""
        content = base64.b64decode(self.regions()[-1]["mask"])
        return np.asarray(Image.open(io.BytesIO(content)).convert("L")) > 0

    def field(self, words: str) -> Any:
        """A field by its name."""
        return self.page.locator("casekin-viewer").first.get_by_label(words, exact=True)

    def text(self, selector: str) -> str:
        """The text of a part of the first viewer."""
        return str(self.get(f"v.shadowRoot.querySelector('{selector}').textContent"))

    def middle(self) -> tuple[int, int]:
        """The stage's middle as an index of `screen()`."""
        size = self.get("v.size")
        return int(size["height"] / 2), int(size["width"] / 2)

    def outline(self, selector: str = ".drawn .line") -> list[float] | None:
        """Left, top, right, bottom of a drawn rectangle on the stage; None where it isn't drawn."""
        corners = self.get(
            f"((r) => r && ['x', 'y', 'width', 'height'].map((k) => Number(r.getAttribute(k))))"
            f"(v.shadowRoot.querySelector('{selector}'))"
        )
        return corners and [corners[0], corners[1], corners[0] + corners[2], corners[1] + corners[3]]

    def pinch(self, *fingers: tuple[int, int]) -> None:
        """Two fingers put down at the first two points of the window, moved to the last two, lifted."""
        session = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        touch("touchStart", fingers[0])
        touch("touchStart", *fingers[:2])
        for step in (0.25, 0.5, 0.75, 1.0):
            touch(
                "touchMove",
                *(
                    (a[0] + (b[0] - a[0]) * step, a[1] + (b[1] - a[1]) * step)
                    for a, b in zip(fingers[:2], fingers[2:], strict=True)
                ),
            )
        touch("touchEnd")
        self.settle()
