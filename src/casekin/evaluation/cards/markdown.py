"""The evaluation in Markdown: the page's sentences and tables without its pictures, for a repository or a ticket."""

from __future__ import annotations

import re
from pathlib import Path

from casekin.evaluation.cards.page import page_view, shown_queries
from casekin.evaluation.cards.words import Record
from casekin.look import page_environment


def write_markdown(record: Record, path: Path) -> None:
    """Write an evaluation record (`Evaluation.as_record`) as GitHub's Markdown. Names in it are shown, never obeyed."""
    view = page_view(record) | {"worst": shown_queries(record, {})}
    text = page_environment(__package__, escape=False).get_template("evaluation.md.j2").render(view)
    path.write_text(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", encoding="utf-8")
