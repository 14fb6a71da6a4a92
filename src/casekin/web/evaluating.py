"""Evaluations that `casekin evaluate` wrote, each with its own page and plots."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from casekin.api.access.authorize import TenantOf
from casekin.api.service import Tenant
from casekin.journeys.evaluating.results import PAGE, RECORD
from casekin.web.render import PageRoute, page

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Content-Security-Policy of such a page: no scripts, no forms; it carries its style and pictures itself."""
_LEAD = ("nDCG@10", "AP", "R@10")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationView:
    """An evaluation in a few figures."""

    name: str
    protocol: str
    queries: int
    measures: tuple[tuple[str, str], ...]


def build_evaluating() -> APIRouter:
    """`/evaluation`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.get("/evaluation")
    def evaluation(request: Request, tenant: TenantOf, name: str | None = None) -> Response:
        found = [view for folder in _folders(tenant) if (view := _view(folder)) is not None]
        shown = next((view for view in found if view.name == name), found[0] if found else None)
        return page(request, "evaluation.html.j2", evaluations=found, shown=shown)

    @router.get("/evaluation/{name}")
    def evaluation_page(name: str, tenant: TenantOf) -> Response:
        folder = next((folder for folder in _folders(tenant) if folder.name == name), None)
        if folder is None:
            raise HTTPException(404, "no such evaluation")
        return HTMLResponse((folder / PAGE).read_text(encoding="utf-8"), headers={"Content-Security-Policy": _POLICY})

    return router


def _folders(tenant: Tenant) -> list[Path]:
    """Folders that hold a whole evaluation, by name; the record is written last."""
    place = tenant.evaluations
    if not place.is_dir():
        return []
    return sorted(folder for folder in place.iterdir() if (folder / RECORD).is_file() and (folder / PAGE).is_file())


def _view(folder: Path) -> EvaluationView | None:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        scores = {name: record["measures"][name] for name in _LEAD if name in record["measures"]}
        return EvaluationView(
            name=folder.name,
            protocol=str(record["protocol"]),
            queries=int(record["n_queries"]),
            measures=tuple((name, _figure(score)) for name, score in scores.items()),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _figure(score: dict[str, float | None]) -> str:
    mean, low, high = score["mean"], score["lo"], score["hi"]
    if mean is None:
        return "–"
    return f"{mean:.3f}" if low is None or high is None else f"{mean:.3f} [{low:.3f}, {high:.3f}]"
