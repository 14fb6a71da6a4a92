"""One index and its encoder for the whole process; calls from many threads are served one at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from casekin.api.questions import Question
from casekin.errors import IndexStoreError
from casekin.index import StoredCase, StoredImage, open_index
from casekin.journeys.calibrate import describe_calibration
from casekin.journeys.draft import draft_report
from casekin.journeys.replay import recall_query
from casekin.journeys.search import encode_query, search_cases
from casekin.journeys.sheet import write_evidence
from casekin.models import load_card, load_encoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.query import SearchQuery


class Archive:
    """The open index behind the service.

    Every method may be called from any thread; a lock keeps one SQLite connection and one set of segments consistent,
    so a long search delays the next call. Raises `IndexStoreError` when the index can't be opened or `model` isn't the
    one it was made with.
    """

    def __init__(self, index: Path | str, *, model: str = "default") -> None:
        self._encoder = load_encoder(model)
        self._index = open_index(index)
        self._lock = Lock()
        self._info: dict[str, Any] = {}
        made_with = self._index.model_version()
        if made_with not in (None, self._encoder.version):
            self._index.close()
            raise IndexStoreError(
                f"serve: the index was made with model {made_with}, got {self._encoder.version}; give --model"
            )

    def close(self) -> None:
        """Close the index; the archive can't be used afterwards."""
        with self._lock:
            self._index.close()

    def search(self, question: Question) -> SearchAnswer:
        """Answer one question. Raises what `recall_query` and `search_cases` raise."""
        with self._lock:
            query = self._query(question)
            return _named(search_cases(self._index, query, encoder=self._encoder), question)

    def evidence(self, question: Question) -> str:
        """The evidence sheet of one question as an HTML page. Raises what `search` raises."""
        with self._lock, TemporaryDirectory(prefix="casekin-") as folder:
            query = self._query(question)
            encoded = None if query.image is None else encode_query(self._index, query.image, self._encoder)
            answer = _named(search_cases(self._index, query, encoded=encoded), question)
            page = Path(folder) / "evidence.html"
            write_evidence(self._index, answer, asked=encoded, mask=query.mask, encoder=self._encoder, html=page)
            return page.read_text(encoding="utf-8")

    def draft(self, question: Question) -> Draft:
        """Draft a report for one question. Raises what `recall_query` and `draft_report` raise."""
        with self._lock:
            drafted = draft_report(self._index, self._query(question), encoder=self._encoder)
            return replace(drafted, query={**drafted.query, "image": question.image_name})

    def _query(self, question: Question) -> SearchQuery:
        if isinstance(question.asked, SearchQuery):
            return question.asked
        return recall_query(self._index, question.asked, image=question.image, anyway=question.anyway)

    def case(self, case_id: str) -> tuple[StoredCase, tuple[StoredImage, ...]] | None:
        """A stored case with its images in the order they were written; None when there is none."""
        with self._lock:
            case = self._index.cases([case_id]).get(case_id)
            return None if case is None else (case, tuple(self._index.images(self._index.image_ids_of(case_id))))

    def preview(self, case_id: str, position: int) -> bytes | None:
        """JPEG of a case's image, counted from 0; None when there is none."""
        with self._lock:
            image_ids = self._index.image_ids_of(case_id)[position : position + 1]
            return next((image.preview for image in self._index.images(image_ids)), None)

    def info(self) -> dict[str, Any]:
        """What `casekin info` says of the index; the integrity check runs once for each state of the index."""
        with self._lock:
            if self._info.get("index_version") != self._index.version():
                self._info = {
                    **self._index.info(),
                    "calibration": describe_calibration(self._index),
                    "default_model": self._encoder.version,
                    "licence_tiers": {"default": load_card("default").get("licence")},
                }
            return self._info


def _named(answer: SearchAnswer, question: Question) -> SearchAnswer:
    """The answer, in which the image goes by the name that its sender gave it."""
    return replace(answer, query={**answer.query, "image": question.image_name})
