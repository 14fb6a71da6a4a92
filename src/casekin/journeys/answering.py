"""Which model answers in an index: the one that was named, unless the index was switched to another since."""

from __future__ import annotations

from pathlib import Path

from casekin.errors import ModelError
from casekin.index import CaseIndex
from casekin.models.image_encoder import card_version
from casekin.models.weights import find_card


def answering_model(index: CaseIndex, named: str) -> str:
    """The encoder's name, or its card's path, that belongs to the index's active model.

    `named` where that fits, where the index holds no film, and where it doesn't know another's card or that is gone.
    Raises `ModelError` where `named` is no encoder.
    """
    active = index.model_version("radiograph")
    if active in (None, _version_of(named)):
        return named
    known = index.upkeep.card_of(active)
    try:
        return known if known is not None and _version_of(known) == active else named
    except ModelError:
        return named


def told_model(index: CaseIndex, told: str, *, named: str) -> str:
    """The encoder's name or card of what somebody called a model: its version in the index, or as an encoder is named.

    `named` is the model that is asked with now. A version of which nobody knows the card stays as it is.
    """
    if told not in {model.version for model in index.models()}:
        return told
    known = (index.upkeep.card_of(told), *(name for name in (named, "default") if _version_of(name) == told))
    return next((name for name in known if name is not None), told)


def note_model(index: CaseIndex, named: str, version: str) -> None:
    """Let an index know by what a model is loaded that it may be switched to."""
    index.upkeep.note_card(version, str(Path(named).resolve()) if named.endswith(".json") else named)


def _version_of(named: str) -> str:
    return card_version(find_card(named)[1])
