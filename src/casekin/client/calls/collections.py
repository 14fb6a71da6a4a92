"""Routes of the group collections. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven, in_path
from casekin.client.shapes.collections import Attempt, Collection, CollectionList, Entry, FullCollection, Quiz


class CollectionsCalls(Connection):
    """Calls of the group collections."""

    def list_collections(self) -> CollectionList:
        """Collections that one may see.

        `GET /v1/collections`.
        """
        reply: CollectionList = self._call("GET", "/v1/collections").json()
        return reply

    def create_collection(
        self, *, title: str, note: str | NotGiven = NOT_GIVEN, shared: bool | NotGiven = NOT_GIVEN
    ) -> Collection:
        """A new collection.

        `POST /v1/collections`.
        """
        reply: Collection = self._call(
            "POST", "/v1/collections", fields={"title": title, "note": note, "shared": shared}
        ).json()
        return reply

    def collection(self, collection_id: str) -> FullCollection:
        """A collection with its entries.

        `GET /v1/collections/{collection_id}`.
        """
        reply: FullCollection = self._call("GET", f"/v1/collections/{in_path(collection_id)}").json()
        return reply

    def change_collection(
        self,
        collection_id: str,
        *,
        title: str | NotGiven | None = NOT_GIVEN,
        note: str | NotGiven | None = NOT_GIVEN,
        shared: bool | NotGiven | None = NOT_GIVEN,
    ) -> Collection:
        """Change a collection's words, or share it.

        `PATCH /v1/collections/{collection_id}`.
        """
        reply: Collection = self._call(
            "PATCH",
            f"/v1/collections/{in_path(collection_id)}",
            fields={"title": title, "note": note, "shared": shared},
        ).json()
        return reply

    def remove_collection(self, collection_id: str) -> None:
        """Remove a collection.

        `DELETE /v1/collections/{collection_id}`.
        """
        self._call("DELETE", f"/v1/collections/{in_path(collection_id)}")

    def export_collection(self, collection_id: str) -> dict[str, Any]:
        """A collection to take along: JSON, or one HTML page with its pictures.

        `GET /v1/collections/{collection_id}/export`.
        """
        reply: dict[str, Any] = self._call("GET", f"/v1/collections/{in_path(collection_id)}/export").json()
        return reply

    def export_collection_as(self, collection_id: str, *, form: Literal["json", "html"]) -> bytes:
        """A collection to take along: JSON, or one HTML page with its pictures: as a file of another form.

        `GET /v1/collections/{collection_id}/export`.
        """
        return self._call("GET", f"/v1/collections/{in_path(collection_id)}/export", query={"form": form}).content

    def add_entry(
        self,
        collection_id: str,
        *,
        case_id: str,
        image: int | NotGiven = NOT_GIVEN,
        place: str | NotGiven | None = NOT_GIVEN,
        box: Sequence[float] | NotGiven | None = NOT_GIVEN,
        note: str | NotGiven = NOT_GIVEN,
        answer: str | NotGiven | None = NOT_GIVEN,
    ) -> Entry:
        """Put a case into a collection.

        `POST /v1/collections/{collection_id}/entries`.
        """
        reply: Entry = self._call(
            "POST",
            f"/v1/collections/{in_path(collection_id)}/entries",
            fields={"case_id": case_id, "image": image, "place": place, "box": box, "note": note, "answer": answer},
        ).json()
        return reply

    def replace_entry(
        self,
        collection_id: str,
        entry_id: str,
        *,
        case_id: str,
        image: int | NotGiven = NOT_GIVEN,
        place: str | NotGiven | None = NOT_GIVEN,
        box: Sequence[float] | NotGiven | None = NOT_GIVEN,
        note: str | NotGiven = NOT_GIVEN,
        answer: str | NotGiven | None = NOT_GIVEN,
    ) -> Entry:
        """Say something else of a case in a collection.

        `PUT /v1/collections/{collection_id}/entries/{entry_id}`.
        """
        reply: Entry = self._call(
            "PUT",
            f"/v1/collections/{in_path(collection_id)}/entries/{in_path(entry_id)}",
            fields={"case_id": case_id, "image": image, "place": place, "box": box, "note": note, "answer": answer},
        ).json()
        return reply

    def discard_entry(self, collection_id: str, entry_id: str) -> None:
        """Take a case out of a collection.

        `DELETE /v1/collections/{collection_id}/entries/{entry_id}`.
        """
        self._call("DELETE", f"/v1/collections/{in_path(collection_id)}/entries/{in_path(entry_id)}")

    def arrange_entries(self, collection_id: str, *, entries: Sequence[str]) -> FullCollection:
        """Put a collection's entries into an order.

        `PUT /v1/collections/{collection_id}/order`.
        """
        reply: FullCollection = self._call(
            "PUT", f"/v1/collections/{in_path(collection_id)}/order", fields={"entries": entries}
        ).json()
        return reply

    def quiz(self, collection_id: str) -> Quiz:
        """A collection's questions without their answers, and one's own score.

        `GET /v1/collections/{collection_id}/quiz`.
        """
        reply: Quiz = self._call("GET", f"/v1/collections/{in_path(collection_id)}/quiz").json()
        return reply

    def answer_question(self, collection_id: str, entry_id: str, *, answer: str) -> Attempt:
        """Answer a question of the quiz.

        `POST /v1/collections/{collection_id}/quiz/{entry_id}`.
        """
        reply: Attempt = self._call(
            "POST", f"/v1/collections/{in_path(collection_id)}/quiz/{in_path(entry_id)}", fields={"answer": answer}
        ).json()
        return reply
