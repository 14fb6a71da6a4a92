"""search again: a saved recipe becomes the question that it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import casekin
from casekin.imaging import read_image
from casekin.index import CaseIndex
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.recipe import check_image, check_recipe, read_recipe


def recall_query(
    index: CaseIndex, recipe: Mapping[str, Any], *, image: Path | None = None, anyway: bool = False
) -> SearchQuery:
    """The question of an answer's `recipe`; the same index and model answer it with the same bytes (`took_ms` aside).

    `image` is the question's image again, where it had one. `anyway` allows another index, model or image.

    Raises:
        InputError: it is no recipe; the image is missing; image, index, model or program is another, which is named.
        ImageError: the image can't be read.
    """
    query = read_recipe(recipe, image=image)
    if not anyway:
        check_recipe(recipe, index, program=casekin.__version__)
        if image is not None:
            check_image(recipe, read_image(image).content_hash)
    return query
