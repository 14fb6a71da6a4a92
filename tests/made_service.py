"""A small site behind its service: six made cases, sign-in by tokens, one client for each person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from fastapi.testclient import TestClient

from casekin.api import create_site, worker
from casekin.api.config import check_config
from casekin.api.service import Service, Tenant
from casekin.journeys.ingest import ingest_cases
from casekin.site.tokens import Tokens
from made_cases import write_png

REPORTS = (
    "There is consolidation in the left lower lobe.",
    "Moderate right pleural effusion.",
    "Left apical pneumothorax.",
    "The lungs are clear. No pleural effusion.",
    "Nodule in the right upper lobe.",
    "Cardiomegaly.",
)
CASES = tuple(f"case-{number}" for number in range(len(REPORTS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSite:
    """A running service; `inbox` is the folder below which its jobs may read."""

    app: FastAPI
    inbox: Path

    @property
    def tenant(self) -> Tenant:
        """Its one tenant."""
        service: Service = self.app.state.service
        return service.tenants["default"]

    def token(self, subject: str, role: str) -> str:
        """A token of somebody."""
        return Tokens(self.tenant.books).create(subject=subject, role=role)[1]

    def client(self, subject: str, role: str = "reader") -> TestClient:
        """Somebody's client."""
        headers = {"Authorization": f"Bearer {self.token(subject, role)}"}
        return TestClient(self.app, base_url="http://localhost", headers=headers)


def write_rows(folder: Path) -> Path:
    """A manifest of six patients with pictures and reports."""
    rows: list[dict[str, Any]] = []
    for number, (case_id, report) in enumerate(zip(CASES, REPORTS, strict=True)):
        write_png(folder / f"{case_id}.png", number + 1)
        rows.append({"case_id": case_id, "patient_id": f"p{number}", "image": f"{case_id}.png", "report": report})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@contextmanager
def made_site(folder: Path) -> Iterator[MadeSite]:
    """A service over an index of six cases in `folder`, from its start to its end."""
    ingest_cases([write_rows(folder / "archive")], index=folder / "index")
    inbox = folder / "inbox"
    inbox.mkdir()
    tenant = {"index": str(folder / "index"), "inbox": str(inbox)}
    with patch.object(worker, "_NICENESS", 0):  # tests wait for it
        app = create_site(check_config({"tenants": {"default": tenant}, "require_sign_in": True}))
    with TestClient(app):
        yield MadeSite(app=app, inbox=inbox)
