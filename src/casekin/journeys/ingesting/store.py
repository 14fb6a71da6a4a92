"""Encoded cases into the index: one study is one case, under whatever names it comes and however often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casekin.index import CaseIndex, IndexedCase, StoredCase
from casekin.journeys.ingesting.sources import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of a batch: counts of cases and images put, of cases that another ingest put meanwhile, and twins."""

    added: int
    images: int
    unchanged: int
    twins: tuple[Problem, ...]


StoredAs = Callable[[IndexedCase, str, Sequence[str]], None]
"""Hears under which id a case is put, and which cases it replaces; what it writes is durable before the case is."""


def store_cases(handle: CaseIndex, cases: Sequence[IndexedCase], *, stored_as: StoredAs | None = None) -> Stored:
    """Put cases in one transaction, durable on return.

    A loose study that is stored under a manifest's case id joins it there. A named case takes the place of the same
    study that came loose before. A named case whose pixels another named case of the same patient holds is a twin, and
    isn't stored again. Two ingests at once do the same as one after the other.
    """
    tell = stored_as or _ignore
    added: list[IndexedCase] = []
    twins: list[Problem] = []
    with handle.writing():
        for case in cases:
            models = {case.model_version, *(image.model_version or case.model_version for image in case.images)}
            if handle.has_source(case.stamp, *sorted(models)):
                continue
            if case.adds_images:
                name = _stored_name(handle, case)
                tell(case, name, ())
                handle.put([replace(case, case_id=name)])
            elif (twin := _twin(handle, case)) is not None:
                # Its source is noted at the twin, so that the next ingest needn't encode it to know.
                tell(replace(case, adds_images=True), twin, ())
                handle.put([replace(case, case_id=twin, adds_images=True)])
                reason = f"holds the images of {twin}, of the same patient; stored once, under that name"
                twins.append(Problem(source=case.case_id, reason=reason))
                continue
            else:
                nameless = _nameless(handle, case)
                tell(case, case.case_id, nameless)
                handle.put([case], remove=nameless)
            added.append(case)
    images = sum(len(case.images) for case in added)
    unchanged = len(cases) - len(added) - len(twins)
    return Stored(added=len(added), images=images, unchanged=unchanged, twins=tuple(twins))


def _ignore(case: IndexedCase, name: str, replaced: Sequence[str]) -> None:
    """An ingest that keeps nothing beside the index."""


def _stored_name(handle: CaseIndex, case: IndexedCase) -> str:
    """Under which id a loose case is stored, its own when it isn't: by its study, or without one by its pixels."""
    study = case.study_instance_uid
    known = _holders(handle, case) if study is None else handle.find_cases(study_instance_uid=study)
    return case.case_id if not known or case.case_id in known else known[0]


def _twin(handle: CaseIndex, case: IndexedCase) -> str | None:
    """Another named case of the same patient that holds all of this one's pixels."""
    stored = handle.cases(name for name in _holders(handle, case) if name != case.case_id)
    twins = (name for name, other in stored.items() if not _is_nameless(other) and other.patient == case.patient)
    return next(twins, None)


def _nameless(handle: CaseIndex, case: IndexedCase) -> list[str]:
    """Ids of loose cases that are the same study, that hold nothing more and that no report was joined to."""
    study = case.study_instance_uid
    names = set(_holders(handle, case)) | set(handle.find_cases(study_instance_uid=study) if study else ())
    stored = handle.cases(sorted(names - {case.case_id}))
    return [
        name
        for name, other in stored.items()
        if _is_nameless(other) and other.report is None and _holds_all(handle, case, name)
    ]


def _holders(handle: CaseIndex, case: IndexedCase) -> list[str]:
    """Ids of stored cases that hold all of a case's pixels; sorted."""
    found = [set(handle.find_cases(content_sha256=image.content_sha256)) for image in case.images]
    return sorted(set.intersection(*found)) if found else []


def _holds_all(handle: CaseIndex, case: IndexedCase, name: str) -> bool:
    held = {image.content_sha256 for image in case.images}
    return sum(name in handle.find_cases(content_sha256=content) for content in held) >= len(handle.image_ids_of(name))


def _is_nameless(case: StoredCase) -> bool:
    """Whether its id was made of its study's or of its pixels, because it came without a manifest."""
    return case.case_id == case.study_instance_uid or case.case_id.startswith("image-")
