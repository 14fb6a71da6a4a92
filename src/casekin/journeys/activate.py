"""models --activate: another model answers, for every kind of image at once, and the audit log says so."""

from __future__ import annotations

from pathlib import Path

from casekin.errors import ModelError
from casekin.index import CaseIndex, open_index
from casekin.index.records import StoredModel
from casekin.journeys.answering import switch_model, told_model
from casekin.models import load_encoder
from casekin.site.audit import AuditEvent, AuditLog
from casekin.site.books import FILE_NAME, Books, known_site_folder


def activate_model(
    index: Path | str, told: str, *, incomplete: bool = False, site: Path | None = None
) -> list[StoredModel]:
    """Let another model answer from now on, and return the index's models. `told` is its version, or an encoder's name.

    Of an encoder that can be loaded all kinds of image are switched, as a service does it; of another's version its
    own kind alone. `incomplete` lets it answer where images lack its vectors. Where there is a state folder, the audit
    log says it. Raises `InputError` or `IndexStoreError` where the index lacks vectors of it.
    """
    with open_index(index) as handle:
        named = told_model(handle, told, named="default")
        try:
            encoder = load_encoder(named)
        except ModelError:
            handle.activate_model(told, incomplete=incomplete)
            handle.write_derived()
        else:
            switch_model(handle, encoder, named=named, incomplete=incomplete)
        _note(known_site_folder(index, site), handle)
        return handle.models()


def _note(folder: Path | None, handle: CaseIndex) -> None:
    """Write into the audit log which models answer now."""
    if folder is None or not (folder / FILE_NAME).exists():
        return
    detail = ", ".join(f"{model.kind} {model.version}" for model in handle.models() if model.state == "active")
    event = AuditEvent(event="administer", subject="local", route="models activate", detail=detail)
    AuditLog(Books(folder)).append(event)
