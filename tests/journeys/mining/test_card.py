"""The data card: true counts, self-contained, harmless whatever a report says, silent about reports when told to be."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from casekin.evaluation.cards.data_set_card import LIMITS, USES, DescribedArchive, render_data_set_card
from casekin.findings import finding
from casekin.journeys.mine import MineOptions, mine_reports
from casekin.journeys.mining.tally import row_of_line

REPORTS = {
    "a": "Small left pleural effusion <script>alert(1)</script>. No pneumothorax.",
    "b": "Right pleural effusion [link] `code` *mark*. Possible pneumonia in the right lower lobe.",
    "c": "No pleural effusion. Heart size is normal.",
    "d": "",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "r.jsonl"
    rows = [json.dumps({"report_id": name, "report": text}) for name, text in REPORTS.items()]
    path.write_text("\n".join([*rows, "{broken"]) + "\n", encoding="utf-8")
    return path


class Tags(HTMLParser):
    """Tags and their attributes, and whether all that open are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_counts_of_the_card_are_those_of_the_facts(source: Path, tmp_path: Path) -> None:
    result = mine_reports(source, out=tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out" / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    facts = [fact for line in lines for fact in line["facts"]]
    text = (tmp_path / "out" / "card.md").read_text(encoding="utf-8")
    for name in {fact["finding"] for fact in facts}:
        counts = [
            sum(fact["finding"] == name and fact["polarity"] == polarity for fact in facts)
            for polarity in ("present", "uncertain", "absent")
        ]
        assert f"| {finding(name).name} | {counts[0]} | {counts[1]} | {counts[2]} |" in text
    assert f"| facts | {len(facts)} |" in text
    assert "| bad rows | 2 |" in text
    assert result.record["files"]["facts.jsonl"] in text


def test_the_page_is_whole_loads_nothing_and_runs_nothing(source: Path, tmp_path: Path) -> None:
    mine_reports(source, out=tmp_path / "out")
    page = (tmp_path / "out" / "card.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "link", "img", "iframe", "a"}
    assert not [attributes for _, attributes in tags.found if {"src", "href", "onclick", "onload"} & set(attributes)]
    assert not re.search(r"url\(|@import", page)
    assert "&lt;script&gt;" in page


def test_markdown_of_a_report_is_shown_and_not_obeyed(source: Path, tmp_path: Path) -> None:
    mine_reports(source, out=tmp_path / "out")
    text = (tmp_path / "out" / "card.md").read_text(encoding="utf-8")
    assert "\\[link\\] \\`code\\` \\*mark\\*" in text


def test_without_examples_no_sentence_of_a_report_is_on_the_card(source: Path, tmp_path: Path) -> None:
    mine_reports(source, out=tmp_path / "out", options=MineOptions(examples=False))
    for name in ("card.html", "card.md"):
        page = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "alert" not in page
        assert "Heart size is normal" not in page
        assert "[link]" not in page


def test_header_fields_licences_uses_and_limits_are_those_of_every_archives_card(tmp_path: Path) -> None:
    rows = [
        {
            "report_id": f"r{number}",
            "patient_id": f"p{number}",
            "report": "No effusion.",
            "sex": "F" if number < 12 else "M",
            "age": 40 + number,
            "site": ["odd"] if number else "north",
            "licence": "CC BY 4.0 <b>" if number < 9 else None,
            "licence_tier": "A",
        }
        for number in range(14)
    ]
    (tmp_path / "r.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    mine_reports(tmp_path / "r.jsonl", out=tmp_path / "out")
    text, page = ((tmp_path / "out" / name).read_text(encoding="utf-8") for name in ("card.md", "card.html"))
    assert "| F | 12 | 12 |" in text and "| M | \\< 11 patients | \\< 11 patients |" in text
    assert "| CC BY 4.0 \\<b\\> | A | 9 |" in text and "| not stated | A | 5 |" in text
    assert "CC BY 4.0 &lt;b&gt;" in page and "<td>F</td>" in page
    shown = tuple(row_of_line(row) for row in rows)
    card = render_data_set_card(DescribedArchive(name="a", rows=shown))
    for line in (*LIMITS, USES, "| F | 12 | 12 |", "| not stated | A | 5 |"):
        assert line in card and line in text


@pytest.mark.parametrize("report", ["The lungs are clear.", "Comparison is made with the prior.", "No effusion."])
def test_an_archive_without_a_finding_has_a_card_too(report: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(report, encoding="utf-8")
    mine_reports(tmp_path / "a.txt", out=tmp_path / "out")
    assert "Data card: 1 mined reports" in (tmp_path / "out" / "card.md").read_text(encoding="utf-8")
