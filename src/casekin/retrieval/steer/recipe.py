"""A search as a recipe: all that decides its hits, as JSON, so that it can be repeated and handed on."""

from __future__ import annotations

import base64
import hashlib
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.index.records import Kind
from casekin.retrieval.audience import patient_key
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.understand import Understood
from casekin.types import Box

FORMAT = 1
_MOST_PIXELS = 100_000_000
_APART = ("image", "case", "case_image", "patient")
_OPTIONS = tuple(field.name for field in fields(SearchQuery) if field.name not in _APART)
"""What a recipe keeps of a question. A patient is kept as the index calls them."""
_MADE_WITH = ("program", "index", "index_version", "model_version")


def write_recipe(index: CaseIndex, asked: Understood, *, program: str) -> dict[str, Any]:
    """The recipe of a question that an index understood, and this version of the program answers.

    The image is named by its content alone, or by the stored case whose image it is.
    """
    query, image = asked.query, asked.image
    options: dict[str, Any] = {name.rstrip("_"): getattr(query, name) for name in _OPTIONS}
    options |= {name: list(value) for name, value in options.items() if isinstance(value, tuple)}
    options |= {
        "patient_key": patient_key(index, query),
        "box": None if query.box is None else [float(value) for value in query.box.as_list()],
        "mask": None if query.mask is None else _packed(query.mask),
    }
    return {
        "recipe": FORMAT,
        **_made_with(index, asked.kind, program),
        "kind": asked.kind,
        "image": _image_of(query, image),
        "question": options,
    }


def stored_image(recipe: object) -> tuple[str, int] | None:
    """The stored case whose image a recipe asks with, and the image's number; None for any other recipe."""
    image = recipe.get("image") if isinstance(recipe, Mapping) else None
    if not isinstance(image, Mapping) or "case_id" not in image:
        return None
    return _of(image["case_id"], (str,)), _of(image.get("image"), (int,))


def read_recipe(recipe: object, *, image: Path | None) -> SearchQuery:
    """The question of a recipe, to be asked of `image`. Raises `InputError` for what is none, or lacks its image."""
    if not isinstance(recipe, Mapping) or recipe.get("recipe") != FORMAT:
        raise InputError(f"recipe: expected the JSON that a search gives as recipe, format {FORMAT}; save it again")
    case, number = stored_image(recipe) or (None, 0)
    if (recipe.get("image") is None or case is not None) != (image is None):
        wanted = "no image" if image is not None else "the image that it was made with"
        raise InputError(f"recipe: expected {wanted}, got {'one' if image is not None else 'none'}; give what it asks")
    options = _of(recipe.get("question"), (dict,))
    names = {name.rstrip("_") for name in _OPTIONS}
    if unknown := sorted(set(options) - names):
        raise InputError(f"recipe: expected a question of known options, got {unknown[0]!r}; save it again")
    if missing := sorted(names - set(options)):
        raise InputError(f"recipe: expected {missing[0]} in the question, got none; save it again")
    given = {name: _READERS[name](options[name.rstrip("_")]) for name in _OPTIONS}
    return SearchQuery(image=image, case=case, case_image=number, **given)


def check_recipe(recipe: Mapping[str, Any], index: CaseIndex, *, program: str) -> None:
    """Raises `InputError` where the index, its model or the program isn't what the recipe was made with."""
    now = _made_with(index, "ct" if recipe.get("kind") == "ct" else "radiograph", program)
    changed = [
        f"{name} {str(recipe.get(name))[:60]} (now {now[name]})" for name in _MADE_WITH if recipe.get(name) != now[name]
    ]
    if changed:
        raise InputError(
            f"recipe: made with {', '.join(changed)}; hits may differ, repeat it with --anyway if that is all right"
        )


def check_image(recipe: Mapping[str, Any], content_sha256: str) -> None:
    """Raises `InputError` where the image's pixels aren't those that the recipe was made with."""
    wanted = recipe.get("image")
    if not isinstance(wanted, Mapping) or wanted.get("content_sha256") != content_sha256:
        raise InputError("recipe: expected the image that it was made with, got another; --anyway asks it of this one")


def _made_with(index: CaseIndex, kind: Kind, program: str) -> dict[str, Any]:
    """Versions that decide the hits. An index is told from others by a hash of its key, which its copies share."""
    return {
        "program": program,
        "index": hashlib.sha256(b"casekin recipe" + index.site_key()).hexdigest()[:12],
        "index_version": index.version(),
        "model_version": index.model_version(kind),
    }


def _image_of(query: SearchQuery, image: EncodedFile | None) -> dict[str, Any] | None:
    if query.case is not None:
        return {"case_id": query.case, "image": query.case_image}
    return None if image is None else {"content_sha256": image.image.content_hash}


def _packed(mask: NDArray[np.bool_]) -> dict[str, Any]:
    """A mask as a one-bit PNG in base64."""
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG", optimize=False)
    return {"png": base64.b64encode(buffer.getvalue()).decode()}


def _mask(value: object) -> NDArray[np.bool_] | None:
    if value is None:
        return None
    try:
        packed = base64.b64decode(_of(_of(value, (Mapping,)).get("png"), (str,)), validate=True)
        with Image.open(io.BytesIO(packed), formats=["PNG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise InputError(f"recipe: expected a mask of at most {_MOST_PIXELS} pixels; draw the region again")
            return np.asarray(picture.convert("1"), dtype=bool)
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError):  # of base64, and of damaged pictures
        raise InputError("recipe: expected a mask as a PNG in base64, got something else; save it again") from None


def _box(value: object) -> Box | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4:
        raise InputError("recipe: expected a box of four numbers, got something else; save it again")
    x0, y0, x1, y1 = (_number(part) for part in value)
    if not (x1 > x0 and y1 > y0):
        raise InputError("recipe: expected a box with x1 > x0 and y1 > y0; save it again")
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _text(value: object) -> str | None:
    return None if value is None else str(_of(value, (str,)))


def _names(value: object) -> tuple[str, ...]:
    return tuple(_of(one, (str,)) for one in _of(value, (list,)))


def _number(value: object) -> float:
    number = _of(value, (int, float))
    if not math.isfinite(number):
        raise InputError("recipe: expected a number, got something else; save it again")
    return float(number)


def _count(value: object) -> int:
    return int(_of(_number(value) if not isinstance(value, int) else value, (int,)))


def _flag(value: object) -> bool:
    return bool(_of(value, (bool,)))


def _of(value: Any, kinds: tuple[type, ...]) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise InputError(f"recipe: expected {wanted}, got {type(value).__name__}; save it again")
    return value


_READERS: dict[str, Callable[[object], Any]] = {
    "text": _text,
    "at": _names,
    "phrase": _text,
    "box": _box,
    "mask": _mask,
    "where": _text,
    "with_": _names,
    "without": _names,
    "limit": _count,
    "patient_key": _text,
    "same_patient": _text,
    "combine": _text,
    "like": _names,
    "unlike": _names,
    "text_weight": _number,
    "facts_weight": _number,
    "relax": _flag,
    "counter": _count,
    "board": _count,
    "follow_up": _count,
}
