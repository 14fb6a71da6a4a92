"""The service: the tenants of this process, each with an index of its own and a state folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casekin.api.archive import Archive
from casekin.api.config import SiteConfig, TenantConfig
from casekin.api.metrics import Metrics
from casekin.api.pictures import Pictures
from casekin.api.worker import Worker
from casekin.site.books import Books, site_folder
from casekin.site.collections import Collections
from casekin.site.evaluations import FOLDER as EVALUATIONS
from casekin.site.feedback import Feedback
from casekin.site.files import KeptFiles
from casekin.site.history import History
from casekin.site.jobs import Jobs
from casekin.site.uploads import Uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One archive and what its site keeps; nothing of it is ever shown to another tenant."""

    name: str
    config: TenantConfig
    archive: Archive
    books: Books
    uploads: Uploads
    files: KeptFiles
    pictures: Pictures
    jobs: Jobs
    worker: Worker
    collections: Collections
    feedback: Feedback
    history: History

    @property
    def inbox(self) -> Path | None:
        """The folder below which ingest jobs may read; None: files are uploaded alone."""
        return self.config.inbox

    @property
    def evaluations(self) -> Path:
        """The folder of evaluations that the page shows, which need not be there."""
        return self.config.evaluations or self.books.folder / EVALUATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What all routes share."""

    tenants: Mapping[str, Tenant]
    config: SiteConfig
    metrics: Metrics

    @property
    def max_upload_bytes(self) -> int:
        """Most bytes of one request, and of one instance among many."""
        return self.config.limits.max_upload_bytes

    @property
    def max_store_bytes(self) -> int:
        """Most bytes of all instances of one STOW-RS request."""
        return self.config.limits.max_store_bytes

    def start(self) -> None:
        """Begin to do jobs."""
        for tenant in self.tenants.values():
            tenant.worker.start()

    def close(self) -> None:
        """End the workers and close every index."""
        for tenant in self.tenants.values():
            tenant.worker.stop()
            tenant.archive.close()


def open_tenant(name: str, config: TenantConfig, *, create: bool = False) -> Tenant:
    """Open a tenant's index with its encoder, and its state folder; `create` makes an index that isn't there.

    Raises `IndexStoreError`, `ModelError`, `SiteError`, and `InputError` for an index on a server without `site`.
    """
    index = config.index_address
    archive = Archive(index, model=config.model, create=create)
    books = Books(site_folder(index, config.site))
    jobs, files = Jobs(books), KeptFiles(books)
    return Tenant(
        name=name,
        config=config,
        archive=archive,
        books=books,
        uploads=Uploads(books),
        files=files,
        pictures=Pictures(archive.image, files),
        jobs=jobs,
        worker=Worker(jobs, index=index, site=books.folder, model=config.model),
        collections=Collections(books),
        feedback=Feedback(books),
        history=History(books, days=config.history_days, link_days=config.link_days),
    )
