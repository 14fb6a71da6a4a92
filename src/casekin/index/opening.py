"""Opening an index wherever it is: a folder, or a server's address."""

from __future__ import annotations

from pathlib import Path

from casekin.index.case_index import CaseIndex
from casekin.index.cluster import ClusterIndex


def open_index(where: Path | str, *, create: bool = False) -> CaseIndex:
    """The index in a folder, or on a Milvus server (`milvus://HOST:PORT/NAME`); `create` makes it where absent.

    Raises `IndexStoreError` where there is none, or it is damaged or of another format; `DependencyError` where
    pymilvus is needed and absent; `InputError` for an address of another form.
    """
    if isinstance(where, str) and "://" in where:
        return ClusterIndex(where, create=create)
    return CaseIndex(Path(where), create=create)
