"""reembed: an archive's images, read again, get another model's vectors beside those that answer queries meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.index import CaseIndex, IndexedCase, open_index
from casekin.journeys.answering import note_model
from casekin.journeys.ingesting.case import BATCH, Screening, encode_new_cases
from casekin.journeys.ingesting.plan import plan_ingest
from casekin.journeys.ingesting.sources import Problem
from casekin.models import load_encoder
from casekin.retrieval.encode import versions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReembedSummary:
    """What a pass did. `images` were embedded, `missing` ones of the index still lack the model."""

    images: int
    missing: int
    problems: tuple[Problem, ...]
    model_version: str

    def as_record(self) -> dict[str, Any]:
        return {
            "images": self.images,
            "missing": self.missing,
            "problems": [{"source": problem.source, "reason": problem.reason} for problem in self.problems],
            "model_version": self.model_version,
        }


def reembed_cases(
    paths: Sequence[Path],
    *,
    index: Path | str,
    model: str,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> ReembedSummary:
    """Embed the stored images with another model, from the files that they were ingested from.

    Files are matched by their pixels; those that the index doesn't hold are left alone. Searches and ingests go on with
    the active model. Interrupted, the same call goes on where it stopped; what was ingested meanwhile is missing until
    it is called again. `CaseIndex.activate_model` switches. Raises `InputError` for a path that doesn't exist or an
    empty index.
    """
    versions = versions_of(load_encoder(model))
    screening, problems, images = Screening(), list[Problem](), 0
    with plan_ingest(paths) as plan, open_index(index) as handle:
        if not handle.models():
            raise InputError("reembed: expected an index with images, got none; ingest them first")
        note_model(handle, model, versions["radiograph"])
        encoded = encode_new_cases(
            plan, handle, model=model, versions=versions.values(), workers=workers, screening=screening
        )
        batch: list[IndexedCase] = []
        with closing(encoded):
            for number, outcome in enumerate(encoded, start=1):
                problems += outcome.problems
                batch += [] if outcome.case is None else [outcome.case]
                if len(batch) == BATCH:
                    images += _put(handle, batch)
                    batch = []
                if progress is not None:
                    progress(number, len(plan) - screening.unchanged)
        images += _put(handle, batch)
        missing = sum(found.missing for found in handle.models() if found.version in versions.values())
    return ReembedSummary(
        images=images,
        missing=missing,
        problems=(*plan.problems, *screening.problems, *problems),
        model_version=versions["radiograph"],
    )


def _put(handle: CaseIndex, cases: Sequence[IndexedCase]) -> int:
    """Store what the model made of the images, each in its kind and by the model that saw it: one transaction."""
    written = 0
    with handle.writing():
        for case in cases:
            for image in case.images:
                version = image.model_version or case.model_version
                written += handle.put_embeddings([image], model_version=version, kind=image.kind)
    return written
