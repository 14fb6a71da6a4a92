"""Which model answers in an index: the one that was named, unless the index was switched to another since."""

from __future__ import annotations

from pathlib import Path

from casekin.errors import InputError, ModelError
from casekin.index import CaseIndex
from casekin.models import ImageEncoder
from casekin.models.image_encoder import card_version
from casekin.models.weights import find_card
from casekin.retrieval.encode import versions_of


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


def is_answering(index: CaseIndex, named: str) -> bool:
    """Whether an encoder of this name or card made what the index answers with; it isn't loaded for that.

    Raises `ModelError` where `named` is no encoder.
    """
    return index.model_version("radiograph") in (None, _version_of(named))


def switch_model(index: CaseIndex, encoder: ImageEncoder, *, named: str, incomplete: bool = False) -> None:
    """Let an encoder answer from now on, for every kind of image that the index holds, in one step.

    `named` is its name or card, which the index notes. Raises `InputError` where the index lacks vectors of it: of
    any image, or with `incomplete` of all; the one before goes on.
    """
    known = {model.version for model in index.models() if incomplete or not model.missing}
    wanted = [version for kind, version in versions_of(encoder).items() if index.model_version(kind) is not None]
    if not wanted or not known.issuperset(wanted):
        raise InputError(f"model: expected one that has seen every image, got {encoder.version}; run reembed")
    with index.writing():
        for version in wanted:
            index.activate_model(version, incomplete=incomplete)
        note_model(index, named, encoder.version)
    index.write_derived()


def note_model(index: CaseIndex, named: str, version: str) -> None:
    """Let an index know by what a model is loaded that it may be switched to."""
    index.upkeep.note_card(version, str(Path(named).resolve()) if named.endswith(".json") else named)


def _version_of(named: str) -> str:
    return card_version(find_card(named)[1])
