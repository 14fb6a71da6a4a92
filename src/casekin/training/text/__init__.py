"""Pre-training of the text encoder on reports: what sentences state, tokenizer, network, fit, export.

Only `network`, `fit` and `export` import torch; the tokenizer needs the `text` extra.
"""

from casekin.training.text.phrases import compose_statements, ontology_names, reword_statement
from casekin.training.text.presets import TEXT_PRESETS, TextPreset
from casekin.training.text.statements import (
    Statement,
    compare_meanings,
    make_statement,
    near_statements,
    read_statement,
    read_statements,
)
from casekin.training.text.tokenizer import train_tokenizer

__all__ = [
    "TEXT_PRESETS",
    "Statement",
    "TextPreset",
    "compare_meanings",
    "compose_statements",
    "make_statement",
    "near_statements",
    "ontology_names",
    "read_statement",
    "read_statements",
    "reword_statement",
    "train_tokenizer",
]
