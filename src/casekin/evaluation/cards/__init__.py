"""What an evaluation looks like to people: an HTML page and Markdown from its record, cards of model and archive."""

from casekin.evaluation.cards.data_set_card import DescribedArchive, describe_index, render_data_set_card
from casekin.evaluation.cards.markdown import write_markdown
from casekin.evaluation.cards.model_card import render_model_card
from casekin.evaluation.cards.page import write_page

__all__ = [
    "DescribedArchive",
    "describe_index",
    "render_data_set_card",
    "render_model_card",
    "write_markdown",
    "write_page",
]
