"""What an evaluation looks like to people: an HTML page and Markdown from its record."""

from casekin.evaluation.cards.markdown import write_markdown
from casekin.evaluation.cards.page import write_page

__all__ = ["write_markdown", "write_page"]
