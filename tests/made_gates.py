"""The gate, the guard and the sign-in pages around a few routes of the real names: no index, no encoder."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from fastapi import Depends, FastAPI, Request, Response
from fastapi.testclient import TestClient

from casekin.api.access.authorize import Who, authorize, note_objects
from casekin.api.access.gate import Gate
from casekin.api.access.sign_in import build_sign_in_router
from casekin.api.config import check_config
from casekin.api.guard import Guard
from casekin.site.audit import AuditLog, AuditRecord
from casekin.site.books import Books
from casekin.site.tokens import Tokens


class MadeGate:
    """A site of one tenant, or of more, asked in this process by a browser that follows no redirect.

    `/v1/info` says who asks, `/v1/searches` how long the body was, `/` is a page with the forms' token.
    """

    def __init__(self, folder: Path, *, tenants: tuple[str, ...] = ("default",), **config: Any) -> None:
        self.books = {name: Books(folder / name) for name in tenants}
        sites = {name: {"index": "none", **config.pop(name, {})} for name in tenants}
        site = check_config({"tenants": sites, "require_sign_in": True, **config})
        found = {name: SimpleNamespace(books=books) for name, books in self.books.items()}
        self.gate = Gate(site, cast("Any", found))
        self.app = _app(self.gate)
        scheme = "https" if site.listen.tls_cert else "http"
        self.client = TestClient(self.app, base_url=f"{scheme}://localhost", follow_redirects=False)

    def token(self, subject: str = "anna", role: str = "reader", tenant: str = "default") -> str:
        """A fresh token's text."""
        return Tokens(self.books[tenant]).create(subject=subject, role=role)[1]

    def bearer(self, subject: str = "anna", role: str = "reader", tenant: str = "default") -> dict[str, str]:
        """Headers of a program."""
        return {"Authorization": f"Bearer {self.token(subject, role, tenant)}"}

    def audited(self, tenant: str = "default") -> list[AuditRecord]:
        """What stands in a tenant's audit log."""
        return AuditLog(self.books[tenant]).records()


def _app(gate: Gate) -> FastAPI:
    app = FastAPI(dependencies=[Depends(authorize)])

    @app.get("/v1/info")
    def info(who: Who) -> dict[str, str]:
        return {"subject": who.subject, "role": who.role, "tenant": who.tenant}

    @app.get("/v1/health")
    def health() -> str:
        return "ok"

    @app.post("/v1/searches")
    async def search(request: Request) -> int:
        note_objects(request, ["case-1", "case-2", "case-1"])
        return len(await request.body())

    @app.get("/v1/cases/{case_id:path}/images/{image}/frames/{frame}")
    def frame(request: Request, case_id: str, image: int, frame: int) -> int:
        note_objects(request, [case_id])
        return frame

    @app.get("/v1/cases/{case_id:path}")
    def case(case_id: str) -> Response:
        return Response(case_id, 404)

    @app.get("/v1/admin/tokens")
    def tokens() -> str:
        return "never seen by a reader"

    @app.get("/")
    def page(request: Request) -> Response:
        return Response(str(getattr(request.state, "csrf_token", None)), media_type="text/html")

    app.include_router(build_sign_in_router(gate))
    app.add_middleware(cast("Any", Guard), gate=gate)
    return app
