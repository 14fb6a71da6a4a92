"""The shared style and templates: readable colours, nothing unescaped, nothing forgotten."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from casekin.look import look_css, markdown_cell, page_environment


def test_values_are_escaped_in_pages_and_a_missing_one_is_an_error() -> None:
    page = page_environment("casekin.journeys")
    assert page.from_string("{{ a }}").render(a="<script>") == "&lt;script&gt;"
    assert page_environment("casekin.journeys", escape=False).from_string("{{ a }}").render(a="<b>") == "<b>"
    with pytest.raises(UndefinedError):
        page.from_string("{{ forgotten }}").render()


def test_a_template_of_any_package_can_include_the_shared_style() -> None:
    assert page_environment("casekin.web").from_string('{% include "look.css" %}').render() == look_css().rstrip("\n")


def test_a_markdown_cell_keeps_its_text_and_loses_its_power() -> None:
    assert markdown_cell("a | b\n`c` *d* [e](f) <g>") == r"a \| b \`c\` \*d\* \[e\](f) \<g\>"
    assert markdown_cell(7) == "7"


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_keep_the_contrast_of_wcag_aa(scheme: int) -> None:
    block = re.findall(r":root \{(.*?)\}", look_css(), flags=re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    words = [
        ("ink", "page"),
        ("ink", "card"),
        ("soft", "page"),
        ("soft", "card"),
        ("accent", "page"),
        ("mark-ink", "mark"),
    ]
    words += [(name, f"{name}-soft") for name in ("accent", "good", "caution", "bad")]
    for ink, ground in words:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for part in ("global", "region", "facts", "text"):  # graphics need 3 : 1
        assert contrast(colours[f"part-{part}"], colours["card"]) >= 3.0, part
