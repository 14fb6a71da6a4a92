"""Types of replies of the group state. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class Health(TypedDict):
    """The process answers."""

    status: Literal["ok"]


class Info(TypedDict):
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


class Ready(TypedDict):
    """The service can do its work."""

    status: Literal["ready"]
