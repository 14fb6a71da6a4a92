"""One index and its encoder for the whole process; calls from many threads are served in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from casekin.api.pictures import Picture
from casekin.api.recent import Recent
from casekin.api.tracing import span
from casekin.errors import CasekinError, IndexStoreError, InputError, ModelError
from casekin.index import CaseIndex, StoredCase, StoredImage, StoredModel, open_index
from casekin.journeys.answering import answering_model, is_answering, switch_model, told_model
from casekin.journeys.browse import CaseFilter, CasePage, exams_of, list_cases
from casekin.journeys.calibrate import describe_calibration
from casekin.journeys.draft import draft_report
from casekin.journeys.draft_files import draft_page, pack_draft
from casekin.journeys.replay import recall_query
from casekin.journeys.search import own_encoder, search_cases
from casekin.journeys.sheet import evidence_record
from casekin.models import ImageEncoder, load_card, load_encoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.encode import EncodedFile, encode_file, encode_image
from casekin.retrieval.explain.seen import encode_preview
from casekin.retrieval.export import Form
from casekin.retrieval.query import SearchQuery

DraftForm = Form | Literal["html"]
_ENCODED_BYTES = 512 * 1024**2
"""Encoded images kept in memory, so that a second question to an image needn't encode it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that can be answered, or a recipe to repeat, and what its asker calls the image.

    `picture` is the question's image where the service has decoded it before: an upload, or an image of a stored case.
    """

    asked: SearchQuery | Mapping[str, Any]
    image: Path | None = None
    image_name: str | None = None
    picture: Picture | None = None
    anyway: bool = False


class Archive:
    """The open index behind the service.

    Every method may be called from any thread. Two handles of the index, each with a lock, keep short calls (lists,
    cases) from waiting for long ones (drafts, cards); images are encoded outside of both, one at a time.
    `model` is a name or a card; where the index was switched to another since, that one answers. `create` makes an
    index that isn't there. Raises `IndexStoreError` when the index can't be opened or was made with another model.
    """

    def __init__(self, index: Path | str, *, model: str = "default", create: bool = False) -> None:
        self._address, self._model = index, model
        self._short, self._short_lock = open_index(index, create=create), Lock()
        self._long: CaseIndex | None = None
        self._long_lock, self._encoding = Lock(), Lock()
        self._encoded: Recent[EncodedFile] = Recent(most_bytes=_ENCODED_BYTES, size=lambda one: one.image.pixels.nbytes)
        self._info: dict[str, Any] = {}
        try:
            self._encoder = load_encoder(answering_model(self._short, model))
            if (made_with := self._short.model_version()) not in (None, self._encoder.version):
                raise IndexStoreError(
                    f"serve: the index was made with model {made_with}, got {self._encoder.version}; give --model"
                )
        except CasekinError:
            self._short.close()
            raise

    def close(self) -> None:
        """Close the index; the archive can't be used afterwards."""
        with self._short_lock:
            self._short.close()
        with self._long_lock:
            if self._long is not None:
                self._long.close()

    # --- questions -----------------------------------------------------------------------------------------------

    def search(self, question: Question) -> SearchAnswer:
        """Answer one question. Raises what `recall_query` and `search_cases` raise."""
        query, encoded = self._prepared(question)
        with self._short_lock, span("search", most_hits=query.limit):
            return _named(search_cases(self._short, query, encoded=encoded, encoder=self._encoder), question)

    def cards(self, question: Question) -> dict[str, Any]:
        """The answer's JSON form with a card in place of each hit. Raises what `search` raises."""
        query, encoded = self._prepared(question)
        with self._long_handle() as index:
            with span("search", most_hits=query.limit):
                answer = _named(search_cases(index, query, encoded=encoded, encoder=self._encoder), question)
            with span("explain", hits=len(answer.hits)):
                return evidence_record(index, answer, asked=encoded, mask=query.mask, encoder=self._encoder)

    def draft(self, question: Question) -> Draft:
        """Draft a report for one question. Raises what `recall_query` and `draft_report` raise."""
        query, encoded = self._prepared(question)
        with self._long_handle() as index:
            return self._draft(index, question, query, encoded)

    def export_draft(self, question: Question, form: DraftForm) -> tuple[Draft, bytes]:
        """A draft for one question, and it in a form for other systems or as a page.

        Raises what `draft` raises, `InputError` where an empty draft can't take the form, `DependencyError` where an
        extra is missing.
        """
        query, encoded = self._prepared(question)
        with self._long_handle() as index:
            drafted = self._draft(index, question, query, encoded)
            if form == "html":
                return drafted, draft_page(index, drafted, image=encoded).encode()
            return drafted, pack_draft(index, drafted, form=form, image=encoded)

    def _draft(self, index: CaseIndex, question: Question, query: SearchQuery, encoded: EncodedFile | None) -> Draft:
        with span("draft"):
            drafted = draft_report(index, query, encoder=self._encoder, encoded=encoded)
        return replace(drafted, query={**drafted.query, "image": question.image_name})

    def encode(self, picture: Picture) -> EncodedFile:
        """A picture as the index's model sees it, encoded once while it is used. Raises what `encode_image` raises."""

        def encode() -> EncodedFile:
            with self._encoding, span("encode"):
                if picture.stored is not None and not picture.kept:
                    return encode_preview(picture.stored, self._encoder)
                return encode_image(picture.frames.image, self._encoder)

        return self._encoded.get(picture.key, encode)

    def _prepared(self, question: Question) -> tuple[SearchQuery, EncodedFile | None]:
        """The query of a question and its image, encoded."""
        self._follow_switch()
        with self._short_lock:
            own_encoder(self._short, self._encoder)
            query = (
                question.asked
                if isinstance(question.asked, SearchQuery)
                else recall_query(self._short, question.asked, image=question.image, anyway=question.anyway)
            )
        if question.picture is not None:
            return query, self.encode(question.picture)
        if query.image is None:
            return query, None
        with self._encoding, span("encode"):
            return query, encode_file(query.image, self._encoder)

    # --- looking up ----------------------------------------------------------------------------------------------

    def case(self, case_id: str) -> tuple[StoredCase, tuple[StoredImage, ...]] | None:
        """A stored case with its images in the order they were written; None when there is none."""
        with self._short_lock:
            case = self._short.cases([case_id]).get(case_id)
            return None if case is None else (case, tuple(self._short.images(self._short.image_ids_of(case_id))))

    def cases(self, asked: CaseFilter, *, limit: int = 50, after: str | None = None) -> CasePage:
        """One page of the cases asked for. Raises what `list_cases` raises."""
        with self._short_lock:
            return list_cases(self._short, asked, limit=limit, after=after)

    def exams(self, case_id: str) -> tuple[StoredCase, ...]:
        """All cases of a case's patient in time order; () for no such case."""
        with self._short_lock:
            return exams_of(self._short, case_id)

    def cases_of_image(self, content_sha256: str) -> list[str]:
        """Ids of the cases that hold an image with these pixels."""
        with self._short_lock:
            return self._short.find_cases(content_sha256=content_sha256)

    def image(self, case_id: str, number: int) -> tuple[StoredImage, str | None] | None:
        """A case's image, counted from 0, and its modality; None when there is none."""
        with self._short_lock:
            image_ids = self._short.image_ids_of(case_id)[number : number + 1]
            found = next(self._short.images(image_ids), None)
            return None if found is None else (found, self._short.cases([case_id])[case_id].modality)

    def preview(self, case_id: str, number: int) -> bytes | None:
        """JPEG of a case's image, counted from 0; None when there is none."""
        found = self.image(case_id, number)
        return None if found is None else found[0].preview

    # --- its models and state ------------------------------------------------------------------------------------

    def info(self) -> dict[str, Any]:
        """What `casekin info` says of the index; the integrity check runs once for each state of the index."""
        with self._long_handle() as index:
            if self._info.get("index_version") != index.version():
                self._info = {
                    **index.info(),
                    "calibration": describe_calibration(index),
                    "default_model": self._encoder.version,
                    "licence_tiers": {"default": load_card("default").get("licence")},
                }
            return self._info

    def models(self) -> list[StoredModel]:
        """Every model with vectors in the index."""
        with self._short_lock:
            return self._short.models()

    def activate_model(self, name: str) -> None:
        """Let another model answer from now on: `name` is its version, as the index lists it, or an encoder's name.

        Raises `InputError` where it can't be loaded or the index lacks vectors of it: the one before goes on.
        """
        with self._short_lock:
            name = told_model(self._short, name, named=self._model)
        try:
            encoder = load_encoder(name)
        except ModelError as error:
            raise InputError(f"model: {error}") from error
        with self._encoding, self._long_handle(), self._short_lock:
            switch_model(self._short, encoder, named=name)
            self._use(encoder)

    def _follow_switch(self) -> None:
        """Take the model that another process let answer since, where its card is known."""
        with self._short_lock:
            if self._short.model_version() in (None, self._encoder.version):
                return
        with self._encoding, self._long_handle(), self._short_lock:
            named = answering_model(self._short, self._model)
            if is_answering(self._short, named):  # else each question would load one, to be refused all the same
                self._use(load_encoder(named))

    def _use(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder
        self._encoded.clear()

    def state(self) -> dict[str, Any]:
        """Versions and sizes, without looking whether anything is damaged."""
        with self._short_lock:
            catalog = self._short.catalog()
            return {
                "index_version": self._short.version(),
                "model_version": self._short.model_version(),
                "cases": int(catalog.is_case.sum()),
                "images": int((catalog.case_of_image > 0).sum()),
            }

    @contextmanager
    def _long_handle(self) -> Iterator[CaseIndex]:
        with self._long_lock:
            if self._long is None:
                self._long = open_index(self._address)
            yield self._long


def _named(answer: SearchAnswer, question: Question) -> SearchAnswer:
    """The answer, in which the image goes by the name that its sender gave it."""
    return replace(answer, query={**answer.query, "image": question.image_name})
