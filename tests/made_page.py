"""What a person does on the pages of the service, and what a test reads from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

from casekin.cli import run

LATER = 600_000
"""For what a process of low priority does, in milliseconds: beside busy ones it takes many times as long."""
NARROW, WIDE = 320, 1440
_READY = "() => document.querySelector('#viewer-here casekin-viewer').renderer"


class Tab:
    """A tab of a browser that one test after the other opens its page in, and what it complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._said: list[str] = []
        self._asked: list[str] = []
        self._homes: tuple[str, ...] = ("blob:", "data:")
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._said.append(f"script: {error}"))
        page.on("request", lambda sent: self._asked.append(sent.url))

    def open(self, address: str, *, width: int, height: int) -> None:
        """Open a page in a window of this size."""
        self.page.set_viewport_size({"width": width, "height": height})
        self._homes = (*self._homes, "/".join(address.split("/")[:3]))
        self.page.goto(address)

    def complaints(self) -> list[str]:
        """Errors and warnings, and requests to where this tab never was (a page's icon may come late), since last."""
        self.page.evaluate("0")  # what was said before has arrived then
        wrong = [*self._said, *(url for url in self._asked if not url.startswith(self._homes))]
        self._said.clear()
        self._asked.clear()
        return wrong

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self._said.append(said.text)


def give(page: Page, image: Path) -> None:
    """Choose an image and wait until its viewer shows it."""
    page.locator("#image").set_input_files(image)
    expect(page.locator("#viewer-here casekin-viewer")).to_be_visible()
    expect(page.locator("#image-progress")).to_be_hidden()
    page.wait_for_function(_READY)


def show_few(page: Page, count: int) -> None:
    """Have the next answers show no more cases than these: what a page costs, its cards cost."""
    page.locator("#limit").evaluate("(node, count) => (node.value = count)", count)


def search(page: Page) -> list[str]:
    """Ask, and read the ids of the cases that are shown."""
    page.locator("#search").click()
    return shown(page)


def shown(page: Page) -> list[str]:
    """Case ids of the cards, in order, once they are there."""
    expect(page.locator("#answer .answer-head h1")).to_be_visible()
    return page.locator("#hits > article h2 a").all_inner_texts()


def by_command(index: Path, capsys: Any, *argv: str) -> list[str]:
    """Case ids that the command line finds."""
    assert run(["search", "--index", str(index), "--json", *argv]) == 0
    return [hit["case_id"] for hit in json.loads(capsys.readouterr().out)["hits"]]


def studies(page: Page) -> int:
    """How many studies the list counts."""
    return int(page.locator("main p[role=status]").inner_text().split()[0])


def keep_picture(page: Page, artefacts: Path | None, name: str) -> None:
    """Keep a picture of the whole page where pictures are kept."""
    if artefacts is not None:
        page.screenshot(path=artefacts / f"{name}.png", full_page=True)


def check(page: Page, artefacts: Path | None, name: str, *, within: str | None = None) -> None:
    """Fail where the page isn't accessible, light or dark, runs out of a narrow or a wide window, or forgets its use.

    Width and colours don't depend on each other: dark and wide, only contrast is looked at once more. `within`: only
    this part of the page is looked at.
    """
    expect(page.locator("footer.foot")).to_contain_text("Not a diagnostic device")
    page.evaluate(Axe().axe_script)
    for scheme, width, rules in (("light", NARROW, None), ("dark", WIDE, ["color-contrast"])):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        keep_picture(page, artefacts, f"{name}-{width}-{scheme}")
        assert _faults(page, within, rules) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def _faults(page: Page, within: str | None, rules: list[str] | None) -> list[str]:
    """What an accessibility checker calls serious or critical on the page as it stands, by these rules or all."""
    how = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = page.evaluate("([within, how]) => axe.run(within ?? document, how)", [within, how])["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
