"""Types of replies of the group collections. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import TypedDict


class Score(TypedDict):
    """How many questions there are, how many one has answered, and how many rightly at the first try."""

    questions: int
    answered: int
    right: int


class Attempt(TypedDict):
    """Whether an answer is right, and what the entry says."""

    entry_id: str
    given: str
    right: bool
    answer: str
    note: str
    score: Score


class Collection(TypedDict):
    """A collection without its entries."""

    collection_id: str
    owner: str
    title: str
    note: str
    shared: bool
    size: int
    created_at: str
    changed_at: str


class CollectionList(TypedDict):
    """Collections by title."""

    collections: list[Collection]


class Entry(TypedDict):
    """A case in a collection."""

    entry_id: str
    position: int
    case_id: str
    image: int
    place: str | None
    box: list[float] | None
    note: str
    answer: str | None


class FullCollection(TypedDict):
    """A collection with its entries in their order."""

    collection_id: str
    owner: str
    title: str
    note: str
    shared: bool
    size: int
    created_at: str
    changed_at: str
    entries: list[Entry]


class Question(TypedDict):
    """A question of the quiz: the case and where to look, without note and answer."""

    entry_id: str
    position: int
    case_id: str
    image: int
    place: str | None
    box: list[float] | None


class Quiz(TypedDict):
    """A collection's questions, and one's own score."""

    questions: list[Question]
    score: Score
