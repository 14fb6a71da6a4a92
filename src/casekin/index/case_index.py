"""The handle on an index folder: it owns the transaction, the derived segments and every read."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from casekin.index.records import GLOBAL, IndexedCase, IndexedImage, Kind, StoredCase, StoredImage, StoredModel
from casekin.index.search.catalog import Catalog
from casekin.index.search.derived import Derived
from casekin.index.search.filters import Expression, select_cases
from casekin.index.search.grids import StoredGrid, read_grids
from casekin.index.search.nearest import Candidates, Rule, Term, go_by_codes, list_nearest, score_terms
from casekin.index.search.recall import is_drawn
from casekin.index.search.statements import Stated, Statements, read_stated
from casekin.index.store.calibrations import read_calibration, write_calibration
from casekin.index.store.connection import transaction
from casekin.index.store.merges import merge_patients, survivor_of
from casekin.index.store.models import activate_model, active_model, read_models, remove_model
from casekin.index.store.reads import has_source, read_cases, read_facts, read_images, read_region, read_vectors
from casekin.index.store.schema import read_meta
from casekin.index.store.site_key import read_site_key, replace_site_key
from casekin.index.store.store import FILE_NAME, open_store
from casekin.index.store.writes import remove_images, write_cases, write_embeddings, write_report
from casekin.index.upkeep.forget import is_unfinished
from casekin.index.upkeep.lock import attempted_maintenance
from casekin.index.upkeep.transfer import Transfer
from casekin.index.upkeep.upkeep import Upkeep
from casekin.types import Fact, Place

T = TypeVar("T")


class CaseIndex:
    """An embedded index folder. Use as a context manager; several processes may read while one writes.

    Raises `IndexStoreError` when there is no index, it is damaged or of another format.
    """

    engine = "sqlite+faiss"

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._folder = folder
        self._db = open_store(folder, create=create)
        self._derived = Derived(self._db, folder)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._folder

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self._folder.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside sees one state of the index, whatever another process writes meanwhile."""
        if self._db.in_transaction:
            yield
            return
        with transaction(self._db, "DEFERRED"):
            yield

    # --- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is looked up and written inside is one transaction: no other process writes between."""
        with transaction(self._db):
            yield

    def put(self, cases: Sequence[IndexedCase], *, remove: Sequence[str] = ()) -> None:
        """Write `cases`, replacing those with the same id, and remove others: one transaction, durable on return."""
        write_cases(self._db, cases, remove=remove)

    def put_report(
        self, case_id: str, *, report: str | None, facts: Sequence[Fact] = (), normal: Sequence[Place] = (),
        sentences: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Replace a stored case's report and all that was read from it; None withdraws it."""
        write_report(self._db, case_id, report=report, facts=facts, normal=normal, sentences=sentences)

    def merge_patients(self, *, survivor: str, merged: str) -> list[str]:
        """Let the cases of one (pseudonymous) patient be another's, and its id stand for that one from here on.

        Returns the ids of the cases that changed; does nothing where neither has cases.
        """
        return merge_patients(self._db, survivor=survivor, merged=merged)

    def remove_images(self, case_id: str, contents: Collection[str]) -> int:
        """Take the images with these pixels (SHA-256) from a case, which goes with its last one; how many went."""
        return remove_images(self._db, case_id, contents)

    def put_embeddings(self, images: Sequence[IndexedImage], *, model_version: str, kind: Kind = "radiograph") -> int:
        """Give stored images with the same pixels the vectors, boxes and tokens of another model beside their own.

        Returns how many lacked them. Queries go on with the active model. Raises `IndexStoreError` for a model of
        another kind.
        """
        return write_embeddings(self._db, images, version=model_version, kind=kind)

    def activate_model(self, version: str, *, incomplete: bool = False) -> None:
        """Let a model answer for its kind from now on; the one before is kept and can be activated again.

        Raises `IndexStoreError` where the model is unknown or, but for `incomplete`, images lack its vectors.
        """
        activate_model(self._db, version, incomplete=incomplete)

    def remove_model(self, version: str) -> None:
        """Drop a model and its vectors. Raises `IndexStoreError` where it is unknown or active."""
        remove_model(self._db, version)

    def put_calibration(self, kind: Kind, name: str, record: Mapping[str, Any]) -> None:
        """Keep what was calibrated on this archive (JSON's types alone) under a name, bound to the kind's model."""
        write_calibration(self._db, kind, name, record)

    def site_key(self) -> bytes:
        """The secret that pseudonyms are keyed by, made on first use; 32 bytes in a file only its owner can read."""
        return read_site_key(self.folder)

    def put_site_key(self, key: bytes) -> None:
        """Take over the key of the index that this one goes on for."""
        replace_site_key(self.folder, key)

    @property
    def upkeep(self) -> Upkeep:
        """What keeps the index whole: checks, backups, snapshots, erasure."""
        return Upkeep(self._db, self.folder, self.site_key)

    @property
    def transfer(self) -> Transfer:
        """Reading and writing chunks of cases as they are, for a move to another engine."""
        return Transfer(self._db)

    # --- looking up ----------------------------------------------------------------------------------------------

    def has_source(self, stamp: str, *model_versions: str) -> bool:
        """Whether a source with this stamp is stored, every image of its case as one of these models saw it.

        An ingest with these models need not read it again; one whose case is damaged has to.
        """
        return has_source(self._db, stamp, model_versions)

    def cases(self, case_ids: Iterable[str]) -> dict[str, StoredCase]:
        """Stored cases by id; unknown ids are left out."""
        return read_cases(self._db, case_ids)

    def facts_of(self, case_numbers: Iterable[int]) -> dict[int, list[Fact]]:
        """What the reports of cases state, by case number and in report order; cases without facts are left out."""
        asked = json.dumps(list(case_numbers))
        return read_facts(self._db, "WHERE case_no IN (SELECT value FROM json_each(?))", (asked,))

    def stated_by(self, case_numbers: Iterable[int]) -> list[Stated]:
        """What the reports of cases say is or may be there, without the words: what is denied is left out."""
        return read_stated(self._db, case_numbers)

    def images(self, image_ids: Iterable[int]) -> Iterator[StoredImage]:
        """Stored images in the order asked."""
        return read_images(self._db, image_ids)

    def image_ids_of(self, case_id: str, kind: Kind | None = None) -> list[int]:
        """Images of a case, of one kind or of any, in the order they were written."""
        query = "SELECT image_id, kind FROM images JOIN cases USING (case_no) WHERE case_id = ? ORDER BY image_id"
        return [int(row[0]) for row in self._db.execute(query, (case_id,)) if kind in (None, row[1])]

    def vectors_of(self, image_id: int) -> dict[str, NDArray[np.float32]]:
        """An image's vectors by the active model of its kind, by region's name `(dim,)`; empty for an unknown image."""
        return read_vectors(self._db, image_id)

    def vectors_at(self, region: str, kind: Kind = "radiograph") -> tuple[NDArray[np.int64], NDArray[np.float16]]:
        """All images of a kind in which a region is visible, ids ascending `(n,)`, and its vectors `(n, dim)`."""
        return read_region(self._db, region, kind)

    def content_hashes(self) -> dict[str, tuple[str, ...]]:
        """SHA-256 of the pixels of every image, by case id, of cases that have images; sorted."""
        hashes: dict[str, tuple[str, ...]] = {}
        query = "SELECT case_id, content_sha256 FROM images JOIN cases USING (case_no) ORDER BY case_id, content_sha256"
        for case_id, content in self._db.execute(query):
            hashes[case_id] = (*hashes.get(case_id, ()), content)
        return hashes

    def find_cases(
        self,
        *,
        study_instance_uid: str | None = None,
        content_sha256: str | None = None,
        file_sha256: str | None = None,
    ) -> list[str]:
        """Case ids that are this (pseudonymous) study, or hold an image with these pixels or bytes; sorted."""
        rows = self._db.execute(
            "SELECT case_id FROM cases WHERE study_instance_uid = ? UNION SELECT case_id FROM images "
            "JOIN cases USING (case_no) WHERE content_sha256 = ? OR file_sha256 = ? ORDER BY case_id",
            (study_instance_uid, content_sha256, file_sha256),
        )
        return [str(row[0]) for row in rows]

    def cases_of_accession(self, accession_number: str) -> list[str]:
        """Case ids that carry this (pseudonymous) accession number."""
        rows = self._db.execute(
            "SELECT case_id FROM cases WHERE accession_number = ? ORDER BY case_id", (accession_number,)
        )
        return [str(row[0]) for row in rows]

    def patients_of(self, *, patient_id: str | None = None, case_id: str | None = None) -> set[str]:
        """Exclusion keys of a (pseudonymous) patient id or of a case: every group that this patient belongs to.

        The id may be one that was merged into another.
        """
        patient = patient_id if patient_id is None else survivor_of(self._db, patient_id)
        rows = self._db.execute(
            "SELECT DISTINCT patient FROM cases WHERE patient_id IN (?1, ?2) OR patient IN (?1, ?2) "
            "OR patient_id IN (SELECT patient_id FROM cases WHERE case_id = ?3)",
            (patient_id, patient, case_id),
        )
        return {str(row[0]) for row in rows}

    def info(self) -> dict[str, Any]:
        """Counts and versions: engine, format, model versions, cases, images, patients, index version."""
        count = "SELECT count(*), count(DISTINCT patient), count(report) FROM cases"
        cases, patients, reports = self._db.execute(count).fetchone()
        models = [model.version for model in self.models() if model.state == "active" and model.images]
        check = self._db.execute("PRAGMA quick_check").fetchone()[0]
        dangling = self._db.execute("PRAGMA foreign_key_check").fetchone()
        return {
            "engine": self.engine,
            "model_version": models[0] if len(models) == 1 else models or None,
            "index_version": self.version(),
            "cases": cases,
            "images": self._db.execute("SELECT count(*) FROM images").fetchone()[0],
            "patients": patients,
            "reports": reports,
            "facts": self._db.execute("SELECT count(*) FROM facts").fetchone()[0],
            "bytes": self._bytes(),
            "quarantined": len(self.quarantined()),
            "sampled_recall": self._derived.sampled_recall(),
            "erasure_unfinished": is_unfinished(self._db),
            "integrity": "ok" if check == "ok" and dangling is None else f"damaged: {check}",
        }

    def _bytes(self) -> int | None:
        return (self.folder / FILE_NAME).stat().st_size

    def quarantined(self) -> dict[str, str]:
        """Ids of the damaged cases that are in no answer, and what a check found wrong; sorted."""
        query = "SELECT case_id, reason FROM quarantine JOIN cases USING (case_no) ORDER BY case_id"
        return {str(case_id): str(reason) for case_id, reason in self._db.execute(query)}

    def version(self) -> str:
        """Format and generation: changes with every write, e.g. `1.42`."""
        return f"{read_meta(self._db, 'format')}.{read_meta(self._db, 'generation')}"

    def model_version(self, kind: Kind = "radiograph") -> str | None:
        """The model whose vectors answer queries of a kind, None where no image of the kind is stored."""
        active = active_model(self._db, kind)
        return None if active is None else active[1]

    def calibration(self, kind: Kind, name: str) -> Mapping[str, Any] | None:
        """What `put_calibration` kept; None where nothing is, or it was made with another model than the active one."""
        return read_calibration(self._db, kind, name)

    def derive(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives under a name that is its own; made once, and anew when the index was written."""
        return self._current().derive(name, make)

    def models(self) -> list[StoredModel]:
        """Every model with vectors here, by kind and version: active, being built, or kept."""
        return read_models(self._db)

    # --- searching -----------------------------------------------------------------------------------------------

    def catalog(self) -> Catalog:
        """Image → case → patient, as arrays; refreshed when another connection has written."""
        return self._current().catalog()

    def _current(self) -> Derived:
        """What is derived from the store as it is now."""
        return self._derived.refresh()

    def write_derived(self) -> None:
        """Write the files that make a large index fast, as far as they are due: after an ingest, never in a search.

        During a backup or an erasure nothing is written.
        """
        with attempted_maintenance(self.folder) as is_held:
            if is_held:
                self._derived.write()

    def select(self, expression: Expression | None) -> NDArray[np.bool_] | None:
        """Mask over case numbers of the cases that match and aren't in quarantine; None means all."""
        mask = None if expression is None else select_cases(expression, self._current())
        damaged = [row[0] for row in self._db.execute("SELECT case_no FROM quarantine")]
        if damaged:
            mask = self.catalog().is_case.copy() if mask is None else mask
            mask[damaged] = False
        return mask

    def mask_of(self, *, patients: Iterable[str] = (), case_ids: Iterable[str] = ()) -> NDArray[np.bool_]:
        """Mask over case numbers of the cases with one of these exclusion keys or ids."""
        mask = np.zeros(self.catalog().size, dtype=bool)
        for column, values in (("patient", patients), ("case_id", case_ids)):
            for value in sorted(values):
                rows = self._db.execute(f"SELECT case_no FROM cases WHERE {column} = ?", (value,)).fetchall()
                mask[[row[0] for row in rows]] = True
        return mask

    def nearest(
        self, terms: Sequence[Term], *, rule: Rule = "sum", allowed_cases: NDArray[np.bool_] | None, wanted: int = 1,
        exact: bool = False,
    ) -> Iterator[Candidates]:  # fmt: skip
        """Ever longer candidate lists until nothing is left out: stop when the k-th best score reaches `bound`.

        `allowed_cases` is a mask over case numbers, `wanted` how many cases are to be listed. Large regions are
        searched by codes, which may miss an image at the rate measured when they were built; `exact` does without.
        """
        derived = self._current()
        segments = [derived.segment(term.region, term.kind) for term in terms]
        total = len(derived.catalog().case_of_image)
        return list_nearest(
            terms, segments, rule=rule, allowed=allowed_cases, total=total, wanted=wanted, exact=exact,
            matrices=derived.matrices,
        )  # fmt: skip

    def is_sampled(self, terms: Sequence[Term], allowed_cases: NDArray[np.bool_] | None) -> bool:
        """Whether this search is one of those that are compared with an exact one (one in a hundred by codes)."""
        if not is_drawn(term.vector for term in terms):
            return False
        derived = self._current()
        return go_by_codes([derived.segment(term.region, term.kind) for term in terms], allowed_cases)

    def note_recall(self, share: float) -> None:
        """Keep what a compared search found: the share of the exact list that it listed. Never what was asked."""
        self._derived.note_recall(share)

    def similarities(self, terms: Sequence[Term], image_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Exact weighted similarity of given images to each term `(n, terms)`."""
        derived = self._current()
        return score_terms(terms, [derived.segment(term.region, term.kind) for term in terms], image_ids)

    def vectors_in(
        self, region: str, image_ids: NDArray[np.int64], *, dim: int, kind: Kind = "radiograph"
    ) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of the images show a region `(n,)`, and their vectors there `(n, dim)`, zeros for the others."""
        return self._current().segment(region, kind).vectors_of(image_ids, dim)

    def is_of_kind(self, kind: Kind) -> NDArray[np.bool_]:
        """Mask over image ids of the images that the active model of a kind has seen."""
        mask = np.zeros(len(self.catalog().case_of_image), dtype=bool)
        for block in self._current().segment(GLOBAL, kind).blocks:
            mask[block.image_ids] = True
        return mask

    def grids(
        self, image_ids: Sequence[int], regions: Sequence[str], kind: Kind = "radiograph"
    ) -> Iterator[StoredGrid]:
        """Stored tokens of images of a kind, with their boxes of these regions."""
        return read_grids(self._db, image_ids, regions, kind)

    def statements(self, finding: str) -> Statements:
        """Who states a finding (an id) where and how, as columns; kept until another connection has written."""
        return self._current().statements(finding)

    def reported(self) -> NDArray[np.bool_]:
        """Mask over case numbers of the cases whose report says anything."""
        derived = self._current()
        mask = np.zeros(derived.catalog().size, dtype=bool)
        mask[derived.sentences().case_numbers] = True
        return mask

    def match_sentences(self, words: Iterable[tuple[tuple[str, ...], float]]) -> NDArray[np.float64]:
        """BM25 of the best sentence of each case number `(cases,)`, 0 where it has none of the words.

        Each word comes as the forms that count as it, with a weight.
        """
        derived = self._current()
        return derived.sentences().best_by_case(self._db, words, cases=derived.catalog().size)
