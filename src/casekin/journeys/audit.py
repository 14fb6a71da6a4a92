"""audit: what was done at a site is read, proven, exported and, when its time is over, put away."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from casekin.durable import write_whole
from casekin.errors import InputError
from casekin.retrieval.export.audit_event import audit_bundle
from casekin.site.audit import EVERYTHING, AuditFilter, AuditLog, AuditRecord
from casekin.site.audit_chain import AuditProof, Head
from casekin.site.books import FILE_NAME, Books, known_site_folder, site_folder


def read_audit(
    index: Path | str, chosen: AuditFilter = EVERYTHING, *, last: int | None = None, site: Path | None = None
) -> list[AuditRecord]:
    """The records of an index's state folder that fit, the last so many of them, oldest first.

    Raises `InputError` where nothing was ever recorded, `SiteError` where the log can't be read.
    """
    return _open_log(index, site).records(chosen, last=last)


def export_audit(
    index: Path | str, chosen: AuditFilter = EVERYTHING, *, last: int | None = None, site: Path | None = None
) -> dict[str, Any]:
    """The same records as a FHIR R4 Bundle of AuditEvents. Raises what `read_audit` raises."""
    return audit_bundle(record.as_record() for record in read_audit(index, chosen, last=last, site=site))


def read_head(index: Path | str, *, site: Path | None = None) -> Head:
    """The last record: keep it where whoever can change the log can't. Raises what `read_audit` raises."""
    return _open_log(index, site).head()


def prove_audit(index: Path | str, *, kept: Iterable[str] = (), site: Path | None = None) -> AuditProof:
    """Whether the log is what was written, also up to heads that were `kept` elsewhere (`SEQ:DIGEST`).

    Raises `InputError` for a head of another form, and what `read_audit` raises.
    """
    return _open_log(index, site).prove([_head(text) for text in kept])


def expire_audit(index: Path | str, *, before: datetime.datetime, out: Path, site: Path | None = None) -> int:
    """Move the records before a time from the log into a new file of JSON Lines; returns how many.

    The file's last digest is what the log goes on from. Raises `InputError` where the file is there already or the time
    is to come, and what `read_audit` raises.
    """
    if out.exists():
        raise InputError("audit: expected a new file for what expires, got one that is there; choose another")

    def keep(records: Sequence[AuditRecord]) -> None:
        lines = (json.dumps(record.as_record(), ensure_ascii=False) for record in records)
        write_whole(out, "".join(f"{line}\n" for line in lines).encode())

    return _open_log(index, site).expire(before, keep=keep)


def describe_audit(index: Path | str, *, site: Path | None = None) -> dict[str, Any] | None:
    """What `casekin info` says of the log: records, head, integrity; None where nothing was ever recorded."""
    if not _is_kept(index, site):
        return None
    proof = prove_audit(index, site=site)
    told = "ok" if proof.is_sound else f"damaged: {'; '.join(proof.problems)}"
    return {"records": proof.records, "head": str(proof.head), "integrity": told}


def _is_kept(index: Path | str, site: Path | None) -> bool:
    folder = known_site_folder(index, site)
    return folder is not None and (folder / FILE_NAME).exists()


def _open_log(index: Path | str, site: Path | None) -> AuditLog:
    folder = site_folder(index, site)
    if not (folder / FILE_NAME).exists():
        raise InputError("audit: expected an index that has been served, or something erased from; nothing is recorded")
    return AuditLog(Books(folder))


def _head(text: str) -> Head:
    seq, _, digest = text.partition(":")
    try:
        return Head(seq=int(seq), digest=bytes.fromhex(digest))
    except ValueError:
        raise InputError(f"audit: expected a head as `casekin audit --head` prints it, got {text!r}") from None
