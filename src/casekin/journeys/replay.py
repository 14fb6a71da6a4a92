"""search again: a recipe gives the list that it was saved with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import casekin
from casekin.index import CaseIndex
from casekin.journeys.search import encode_query, search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.steer.recipe import check_image, check_recipe, read_recipe


def replay_search(
    index: CaseIndex,
    recipe: Mapping[str, Any],
    *,
    image: Path | None = None,
    encoder: ImageEncoder | None = None,
    anyway: bool = False,
) -> SearchAnswer:
    """Repeat a search by the `recipe` of its answer: the same index and model give the same bytes (`took_ms` aside).

    `image` is the question's image again, where it had one. `anyway` asks another index, model or image, too.

    Raises:
        InputError: it is no recipe, or the image is missing or another.
        IndexStoreError: the index, its model or the program is another; what differs is named.
    """
    query = read_recipe(recipe, image=image)
    if not anyway:
        check_recipe(recipe, index, program=casekin.__version__)
    encoded = None if image is None else encode_query(index, image, encoder)
    if encoded is not None and not anyway:
        check_image(recipe, encoded.image.content_hash)
    return search_cases(index, query, encoded=encoded)
