"""The service: the tenants of this process, each with an index of its own and a state folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casekin.api.archive import Archive
from casekin.site.books import Books, site_folder

DEFAULT_TENANT = "default"
"""The one tenant of a service that was given no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One archive and what its site keeps; nothing of it is ever shown to another tenant."""

    name: str
    archive: Archive
    books: Books


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What all routes share."""

    tenants: Mapping[str, Tenant]
    max_upload_bytes: int

    def close(self) -> None:
        """Close every index."""
        for tenant in self.tenants.values():
            tenant.archive.close()


def open_tenant(name: str, index: Path | str, *, model: str, site: Path | None = None) -> Tenant:
    """Open a tenant's index with its encoder, and its state folder.

    Raises `IndexStoreError`, `ModelError`, `SiteError`, and `InputError` for an index on a server without `site`.
    """
    books = Books(site_folder(index, site))
    return Tenant(name=name, archive=Archive(index, model=model), books=books)
