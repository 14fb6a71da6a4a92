"""Collections, their entries, and the quiz."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from casekin.api.schemas.shared import Corners, Number4, Shape
from casekin.site.collections import MOST_ENTRIES, MOST_TEXT

_Text = Annotated[str, Field(max_length=MOST_TEXT)]


class CollectionFields(BaseModel):
    """A collection's own words; who shares one needs the role curator."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "Pneumothorax"}]})

    title: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]
    note: _Text = ""
    shared: Annotated[bool, Field(description="Whether everybody of the tenant may see it.")] = False


class CollectionChangeFields(BaseModel):
    """What to change of a collection; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"shared": True}]})

    title: Annotated[str | None, Field(min_length=1, max_length=MOST_TEXT)] = None
    note: _Text | None = None
    shared: bool | None = None


class EntryInFields(BaseModel):
    """A case for a collection; with an `answer` it is a question of the quiz."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"case_id": "case-1", "place": "left lung", "answer": "pneumothorax"}]},
    )

    case_id: Annotated[str, Field(min_length=1, max_length=256)]
    image: Annotated[int, Field(ge=0, le=10_000, description="Counted from 0.")] = 0
    place: Annotated[str | None, Field(max_length=200, description="A place, e.g. `left lower lobe`.")] = None
    box: Annotated[
        Corners | None,
        Field(description="`x0, y0, x1, y1` in pixels of the stored image."),
    ] = None
    note: _Text = ""
    answer: Annotated[str | None, Field(min_length=1, max_length=MOST_TEXT)] = None


class OrderFields(BaseModel):
    """Every entry of a collection, in the order wanted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"entries": []}]})

    entries: Annotated[list[str], Field(max_length=MOST_ENTRIES)]


class AttemptFields(BaseModel):
    """An answer to a question of the quiz."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"answer": "pneumothorax"}]})

    answer: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]


class CollectionShape(Shape):
    """A collection without its entries."""

    collection_id: str
    owner: str
    title: str
    note: str
    shared: bool
    size: int
    created_at: str
    changed_at: str


class CollectionListShape(Shape):
    """Collections by title."""

    collections: list[CollectionShape]


class EntryShape(Shape):
    """A case in a collection."""

    entry_id: str
    position: int
    case_id: str
    image: int
    place: str | None
    box: Number4 | None
    note: str
    answer: str | None


class FullCollectionShape(CollectionShape):
    """A collection with its entries in their order."""

    entries: list[EntryShape]


class QuestionShape(Shape):
    """A question of the quiz: the case and where to look, without note and answer."""

    entry_id: str
    position: int
    case_id: str
    image: int
    place: str | None
    box: Number4 | None


class ScoreShape(Shape):
    """How many questions there are, how many one has answered, and how many rightly at the first try."""

    questions: int
    answered: int
    right: int


class QuizShape(Shape):
    """A collection's questions, and one's own score."""

    questions: list[QuestionShape]
    score: ScoreShape


class AttemptShape(Shape):
    """Whether an answer is right, and what the entry says."""

    entry_id: str
    given: str
    right: bool
    answer: str
    note: str
    score: ScoreShape
