"""What the service says of itself."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from casekin.api.schemas.shared import Shape


class InfoShape(BaseModel):
    """What the index holds and whether it is sound."""

    engine: str
    model_version: str | list[str]
    index_version: str
    cases: int
    images: int
    patients: int
    integrity: str
    calibration: dict[str, Any]
    default_model: str
    licence_tiers: dict[str, str | None]


class HealthShape(Shape):
    """The process answers."""

    status: Literal["ok"]


class ReadyShape(Shape):
    """The service can do its work."""

    status: Literal["ready"]
