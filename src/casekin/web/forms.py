"""From the forms of the pages to what the rest of the service is asked: sides, plain filters, steering, small forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from fastapi import HTTPException, Request

from casekin.api.bodies import MAX_FIELDS_BYTES, Form, read_body
from casekin.errors import InputError

MODALITIES = ("CR", "DX", "CT")
"""What the page offers to filter by; `where` takes any."""
SMALL_NUMBER = re.compile(r"[0-9]{1,5}")
"""A number as a form of ours sends it: digits of other scripts, and more of them than anything has, are none."""
CORNERS = r"(-?\d{1,6}(,-?\d{1,6}){3})?"
"""A box as `x0,y0,x1,y1` in whole pixels, or nothing."""
_OWN = ("modality", "sex", "age_from", "age_to", "where", "case_image")
_SIDED = ("left", "right", "both", "bilateral")
_COUNTER, _SUMMED = 3, 50
_NEEDED = ("image", "like", "unlike", "box", "mask", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the question's form shows: the fields of a question asked before, or nothing."""

    places: tuple[str, ...] = ()
    text: str = ""
    phrase: str = ""
    with_: str = ""
    without: str = ""
    where: str = ""
    box: str = ""
    combine: str = "mean"
    limit: int = 10
    same_patient: str = "exclude"
    text_weight: float = 0.5

    @property
    def is_filtered(self) -> bool:
        return bool(self.with_ or self.without or self.where)

    @property
    def is_detailed(self) -> bool:
        return bool(self.phrase) or (self.combine, self.limit, self.same_patient) != ("mean", 10, "exclude")


def filled_by(question: Mapping[str, Any]) -> Filled:
    """The form of a recipe's question; what the form has no field for is left out."""
    box = question["box"]
    return Filled(
        places=tuple(str(place).replace("_", " ") for place in question["at"]),
        text=question["text"] or "",
        phrase=question["phrase"] or "",
        with_=next(iter(question["with"]), ""),
        without=next(iter(question["without"]), ""),
        where=question["where"] or "",
        box="" if box is None else ",".join(f"{value:g}" for value in box),
        combine=question["combine"],
        limit=question["limit"],
        same_patient=question["same_patient"],
        text_weight=question["text_weight"],
    )


def plain_form(form: Form) -> Form:
    """The form in the fields of `casekin search`: places with their sides, and one filter of all that limits cases."""
    values = dict(form.fields)
    fields = [(name, value) for name, value in form.fields if name not in _OWN and not _is_place(name)]
    fields += [("at", place) for place in _places(values)]
    if condition := _filter(values):
        fields.append(("where", condition))
    if values.get("case"):
        fields.append(("image", values.get("case_image", "0")))
    return replace(form, fields=tuple(fields))


def recipe_form(recipe: Mapping[str, Any], *, upload: str) -> Form:
    """The form that asks a recipe again, also of an index that has changed."""
    fields = [("recipe", json.dumps(recipe)), ("anyway", "true")]
    if upload and recipe["image"] is not None and "case_id" not in recipe["image"]:
        fields.append(("upload", upload))
    return Form(fields=tuple(fields), files={}, image_name=None)


def carried_recipe(form: Form) -> dict[str, Any]:
    """The recipe that an answer's page carries. Raises `InputError` for what is none."""
    try:
        recipe = json.loads(first(form, "recipe"))
    except (ValueError, RecursionError):
        recipe = None
    if not isinstance(recipe, dict) or not isinstance(recipe.get("question"), dict):
        raise InputError("recipe: expected the one of an answer, got something else; search again")
    if missing := sorted({*_NEEDED} - {*recipe, *recipe["question"]}):
        raise InputError(f"recipe: expected {missing[0]}, got none; search again")
    return recipe


def steered(recipe: dict[str, Any], form: Form) -> dict[str, Any]:
    """The recipe moved by the cases marked on its answer.

    A drawn region gives way to the places it covers where cases are marked, since examples don't go with it.
    """
    like, unlike = ([value for name, value in form.fields if name == which] for which in ("like", "unlike"))
    question = {**recipe["question"], "like": like, "unlike": [one for one in unlike if one not in like]}
    if (like or unlike) and (question["box"] or question["mask"]):
        covered = [value for name, value in form.fields if name == "covered"]
        question |= {"box": None, "mask": None, "at": covered or question["at"]}
    return {**recipe, "question": question}


def summed_up(recipe: dict[str, Any]) -> dict[str, Any]:
    """The recipe asking for counter-evidence, the board and what happened next as well."""
    asked = {"counter": _COUNTER, "board": _SUMMED, "follow_up": _SUMMED}
    return {**recipe, "question": {**recipe["question"], **asked}}


def first(form: Form, name: str) -> str:
    """The first value of a form's field; empty where it isn't there."""
    return next((value for field, value in form.fields if field == name), "")


def listed_numbers(form: Form) -> dict[str, int]:
    """The cases of the answer on the page, in its order, each with the number of its image that the hit is about."""
    listed = [value.partition(" ") for name, value in form.fields if name == "listed"]
    return {case_id: int(number) for number, _, case_id in listed if SMALL_NUMBER.fullmatch(number)}


async def read_fields(request: Request) -> dict[str, list[str]]:
    """The fields of a small form without files. Raises `HTTPException` 413, 415."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "expected a form")
    body = await read_body(request, max_bytes=MAX_FIELDS_BYTES)
    return parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=500)


def one(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """A field's only value, stripped; empty where it isn't there."""
    return next(iter(fields.get(name, ())), "").strip()


def _is_place(name: str) -> bool:
    return name.startswith(("at-", "side-"))


def _places(values: Mapping[str, str]) -> Iterator[str]:
    for name in sorted((name for name in values if name.startswith("at-")), key=lambda name: (len(name), name)):
        place, side = values[name].strip(), values.get("side-" + name.removeprefix("at-"), "")
        is_sided = place.lower().replace("_", " ").split(" ")[0] in _SIDED
        yield f"{side} {place}" if side and not is_sided else place


def _filter(values: Mapping[str, str]) -> str:
    conditions = [f"({values['where']})"] if values.get("where", "").strip() else []
    for field in ("modality", "sex"):
        if value := values.get(field, "").strip():
            if not value.isalnum():
                raise InputError(f"{field}: expected a word, got something else; choose from the list")
            conditions.append(f"{field} = {value}")
    for field, operator in (("age_from", ">="), ("age_to", "<=")):
        if value := values.get(field, "").strip():
            if not SMALL_NUMBER.fullmatch(value):
                raise InputError(f"{field}: expected whole years, got something else")
            conditions.append(f"age {operator} {value}")
    return " and ".join(conditions)
