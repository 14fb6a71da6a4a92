"""The page: whole, self-contained, harmless whatever a name says, readable without seeing its plots."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casekin.evaluation.cards import write_page
from casekin.look import look_css, page_environment

VOID = {"meta", "img", "rect", "line", "circle", "path"}
EVIL = "<script>alert('x')</script>\"'"
ALWAYS = {"overall", "measures", "origin"}


class Tags(HTMLParser):
    """Tags with their attributes, text by tag, and whether all that open are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def film() -> bytes:
    packed = io.BytesIO()
    Image.fromarray(np.zeros((60, 50), dtype=np.uint8)).save(packed, "PNG")
    return packed.getvalue()


def page_of(record: dict[str, Any], folder: Path, **more: Any) -> tuple[str, Tags]:
    path = folder / "evaluation.html"
    write_page(record, path, **more)
    text = path.read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert not tags.open
    return text, tags


def test_the_page_is_whole_loads_nothing_and_runs_nothing(made_record: Any, tmp_path: Path) -> None:
    record = made_record(tasks=[made_record(), made_record(task="b")])
    text, tags = page_of(record, tmp_path, pictures={"case-0": film(), "case-42": film()})
    assert not {tag for tag, _ in tags.found} & {"script", "link", "iframe", "object", "form"}
    for tag, attributes in tags.found:
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "a" or str(attributes["href"]).startswith("#")
        assert "src" not in attributes or str(attributes["src"]).startswith("data:image/jpeg;base64,")
    assert not re.search(r"url\(|@import|https?://", text)


def test_a_hostile_name_is_shown_and_not_obeyed(made_record: Any, tmp_path: Path) -> None:
    record = made_record(places=(EVIL,), baselines=(EVIL, "random"), run=EVIL, task=EVIL, labels={EVIL: EVIL})
    record |= {"dropped": {EVIL: 1}, "baselines_missing": {EVIL: EVIL}, "slices_missing": {EVIL: EVIL}}
    record["slices"]["sex"][0]["label"] = record["comparison"]["other"] = record["gates"][0]["require"] = EVIL
    record["leaks"]["splits"] = {EVIL: 3}
    record["pointing"]["pairs"] = {EVIL: record["pointing"]["pairs"]["name/box"] | {"regions": [EVIL, EVIL]}}
    record["command"] = EVIL
    record["worst"][2] |= {"query_id": f"{EVIL}@{EVIL}", "place": EVIL, "first": [{"case_id": EVIL, "grade": 1.0}]}
    text, tags = page_of(record, tmp_path, pictures={EVIL: film()})
    assert "<script" not in text and "script" not in {tag for tag, _ in tags.found}
    assert sum("<script>alert('x')" in words for words in tags.words) >= 10
    assert not [value for _, attributes in tags.found for name, value in attributes.items() if name == "alert('x')"]


def test_every_measure_place_and_baseline_is_in_the_page(made_record: Any, tmp_path: Path) -> None:
    missing = dict.fromkeys(("pixels", "words"), "the archive isn't there")
    record = made_record(places=[f"place_{i}" for i in range(60)], baselines_missing=missing)
    _, tags = page_of(record, tmp_path)
    words = "\n".join(tags.words)
    for name in [*record["measures"], *record["baselines"], *(f"place {i}" for i in range(60))]:
        assert re.search(rf"\b{re.escape(name)}\b", words), name
    assert "Share of all relevant cases that stand among the first 10 hits." in words
    assert "pixels, words couldn’t be had: the archive isn't there." in words
    assert "2 of 300 queries have no list and count 0." in words


def test_links_inside_the_page_lead_to_sections_and_ids_are_unique(made_record: Any, tmp_path: Path) -> None:
    _, tags = page_of(made_record(tasks=[made_record()]), tmp_path)
    ids = [attributes["id"] for _, attributes in tags.found if attributes.get("id")]
    links = [str(attributes["href"])[1:] for tag, attributes in tags.found if tag == "a"]
    assert sorted(ids) == sorted(set(ids)) == sorted(links)


def test_sections_without_content_are_left_out(made_record: Any, tmp_path: Path) -> None:
    empty = {name: {} for name in ("strata", "slices", "slices_missing", "curves", "dropped", "removed", "labels")}
    unknown = dict.fromkeys(("risk_coverage", "sensitivity", "comparison", "program", "leaks", "pointing"))
    bare = made_record(baselines=(), places=(), worst=[], gates=[], **empty, **unknown)
    text, tags = page_of(bare, tmp_path)
    assert {attributes["id"] for tag, attributes in tags.found if tag == "section"} == ALWAYS
    assert "None" not in "\n".join(tags.words) and "best baseline" not in "\n".join(tags.words)
    assert "left out by the protocol" not in text.lower()


def test_plots_are_hidden_from_a_reader_of_tables_or_have_a_name(made_record: Any, tmp_path: Path) -> None:
    _, tags = page_of(made_record(), tmp_path)
    plots = [attributes for tag, attributes in tags.found if tag == "svg" and "x" not in attributes]
    outer = [one for one in plots if one]
    assert len(outer) > 20
    hidden_list = [attributes for tag, attributes in tags.found if tag == "ul" and attributes.get("aria-hidden")]
    assert hidden_list
    assert all(one.get("aria-hidden") == "true" or one.get("aria-label") for one in outer)
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert all(attributes.get("alt") for attributes in images)


def test_films_stand_beside_the_worst_queries_and_their_words_without(made_record: Any, tmp_path: Path) -> None:
    pictures = {"case-3": film(), "case-30": film(), "case-32": b"broken", "elsewhere": film()}
    _, with_films = page_of(made_record(), tmp_path, pictures=pictures)
    assert len([tag for tag, _ in with_films.found if tag == "img"]) == 2
    assert "guard this page like the archive" in "\n".join(with_films.words)
    _, without = page_of(made_record(), tmp_path)
    assert not [tag for tag, _ in without.found if tag == "img"]
    words = "\n".join(without.words)
    assert "guard this page" not in words
    assert "2 · not judged" in words and "1 · grade 0" in words and "Nothing was listed." in words


def test_the_protocols_words_are_shown_only_of_the_very_same_protocol(made_record: Any, tmp_path: Path) -> None:
    from casekin.evaluation.protocols import load_protocol

    protocol = load_protocol("casekin")
    _, same = page_of(made_record(protocol_sha256=protocol.sha256), tmp_path)
    assert protocol.gallery in "\n".join(same.words)
    _, other = page_of(made_record(), tmp_path)
    assert protocol.gallery not in "\n".join(other.words)
    _, unheard = page_of(made_record(protocol="unheard-of"), tmp_path)
    assert "unheard-of" in "\n".join(unheard.words)


def test_the_same_record_gives_the_same_bytes(made_record: Any, tmp_path: Path) -> None:
    pictures = {"case-3": film()}
    assert (
        page_of(made_record(), tmp_path, pictures=pictures)[0] == page_of(made_record(), tmp_path, pictures=pictures)[0]
    )


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of WCAG 2.2."""
    linear = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("scheme", "faint_ink"), [(0, 0.0), (1, 1.0)], ids=["light", "dark"])
def test_figures_in_every_shade_of_the_map_keep_the_contrast_of_wcag_aa(scheme: int, faint_ink: float) -> None:
    block = re.findall(r":root \{(.*?)\}", look_css(), flags=re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})", block))
    top, ground = ([int(colours[name][i : i + 2], 16) for i in (0, 2, 4)] for name in ("part-region", "card"))
    css = page_environment("casekin.evaluation.cards").get_template("evaluation.css").render()
    shades = re.findall(r"\.heat\d .*?part-region\) (\d+)%.*?color: (.*?);", css)
    assert len(shades) == 10
    for percent, ink in shades:
        share = int(percent) / 100
        back = luminance(tuple(share * a + (1 - share) * b for a, b in zip(top, ground, strict=True)))
        light, dark = sorted((back, 0.0 if ink == "#000000" else faint_ink), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, percent
