"""The Markdown: the page's tables as tables, names shown and not obeyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from casekin.evaluation.cards import write_markdown

EVIL = "a|b<script>[x](http://y)`c`*d*"


def markdown_of(record: dict[str, Any], folder: Path) -> str:
    path = folder / "evaluation.md"
    write_markdown(record, path)
    return path.read_text(encoding="utf-8")


def test_every_table_parses_and_has_as_many_cells_in_each_row(made_record: Any, tmp_path: Path) -> None:
    text = markdown_of(made_record(places=[f"place_{i}" for i in range(40)], tasks=[made_record()]), tmp_path)
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(blocks) >= 15
    for block in blocks:
        assert len({line.replace(r"\|", "").count("|") for line in block}) == 1, block[0]
    tokens = MarkdownIt().enable("table").parse(text)
    assert sum(token.type == "table_open" for token in tokens) == len(blocks)
    assert "\n\n\n" not in text


def test_a_hostile_name_stays_in_its_cell(made_record: Any, tmp_path: Path) -> None:
    record = made_record(places=(EVIL,), baselines=(EVIL,), run=EVIL, labels={EVIL: EVIL})
    record["worst"][1] |= {"query_id": f"{EVIL}@{EVIL}", "first": [{"case_id": EVIL, "grade": 1.0}]}
    html = MarkdownIt().enable("table").render(markdown_of(record, tmp_path))
    assert "<script" not in html and "<a " not in html and "<em>" not in html and "<code>" not in html
    assert "a|b&lt;script&gt;[x](http://y)`c`*d*" in html


def test_the_figures_are_those_of_the_page(made_record: Any, tmp_path: Path) -> None:
    text = markdown_of(made_record(), tmp_path).replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("# Of the first ten cases, 4.2 show the same or a related finding")
    assert "| global vector | 0.468 (0.438 to 0.498) | +0.052 (0.032 to 0.072) | 0.20 | 0.028 |" in text
    assert "| unjudged | 1,200 |" in text and "same patient | 0" not in text
    assert (
        "| case-3 | left lower lobe | 0.030 | 4 | case-30 (grade 0), case-31 (not judged), case-32 (grade 2) |" in text
    )


def test_the_same_record_gives_the_same_bytes(made_record: Any, tmp_path: Path) -> None:
    assert markdown_of(made_record(), tmp_path) == markdown_of(made_record(), tmp_path)
