"""What is told of an index beside its figures: ways of pointing, leaks, cards, and films of the worst queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.evaluation.cards.data_set_card import describe_index, render_data_set_card
from casekin.evaluation.cards.model_card import render_model_card
from casekin.evaluation.leaks import audit_index
from casekin.evaluation.scoring_record import Evaluation
from casekin.evaluation.training_sets import read_training_sets
from casekin.index import CaseIndex
from casekin.journeys.evaluating.index import IndexTask
from casekin.journeys.evaluating.options import EvaluateOptions
from casekin.journeys.evaluating.pointing import compare_pointing
from casekin.models import ImageEncoder

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The model that an index was made with, and its card, which says what it was trained on."""

    encoder: ImageEncoder
    card: Mapping[str, Any]


def compare_ways(
    index: CaseIndex,
    asked: IndexTask,
    *,
    truth: Path | None,
    model: Model | None,
    folder: Path,
    options: EvaluateOptions,
    progress: Progress | None,
) -> dict[str, Any] | None:
    """Ways of pointing at a place, which a truth with its images and the index's own model can tell; else None.

    What was asked is kept in `folder`.
    """
    if truth is None or model is None:
        return None
    return compare_pointing(
        index,
        asked,
        truth=truth,
        encoder=model.encoder,
        folder=folder,
        seed=options.seed,
        resamples=options.resamples,
        progress=progress,
    )


def audit_asked(
    index: CaseIndex, asked: IndexTask, *, splits: Mapping[str, str] | None, model: Model | None
) -> dict[str, Any] | None:
    """What the cases that are measured share with other splits and with what the model was trained on.

    None where neither is known. `splits` None: those of the ingested manifest.
    """
    training = None if model is None else read_training_sets(model.card)
    audit = audit_index(index, splits, training=training, duplicates=asked.duplicates, tested=asked.task.name)
    return audit.as_record() if audit.splits or training is not None else None


def render_cards(
    index: CaseIndex, evaluation: Evaluation, *, splits: Mapping[str, str] | None, model: Model | None
) -> dict[str, str]:
    """By file name the card of the data that was measured on, and that of the model with what was measured."""
    labels = {name: str(evaluation.labels[name]) for name in ("source", "version") if evaluation.labels.get(name)}
    archive = describe_index(index, name=index.name, splits=splits, labels=labels)
    texts = {"data_card.md": render_data_set_card(archive, leaks=evaluation.leaks)}
    if model is not None:
        texts["model_card.md"] = render_model_card(model.card, evaluations=[evaluation.as_record()])
    return texts


def films_of_worst(index: CaseIndex, asked: IndexTask, evaluation: Evaluation) -> dict[str, bytes]:
    """Previews, by case id, of the worst queries' cases and of what these were shown."""
    shown = {query.query_id.partition("@")[0] for query in evaluation.worst}
    shown |= {hit.case_id for query in evaluation.worst for hit in query.first}
    cases = {asked.images[case]: case for case in sorted(shown) if case in asked.images}
    return {cases[image.image_id]: image.preview for image in index.images(cases)}
