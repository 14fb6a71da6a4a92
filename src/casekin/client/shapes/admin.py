"""Types of replies of the group admin. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class AuditList(TypedDict):
    """Records of the audit log, the oldest first."""

    records: list[dict[str, Any]]


class Erasure(TypedDict):
    """What was erased. `backups` names states that still hold a case, by place; `proof` holds nothing of a patient."""

    cases: list[str]
    erased: bool
    backups: dict[str, list[str] | str]
    proof: dict[str, Any] | None


class Model(TypedDict):
    """A model whose vectors the index holds."""

    version: str
    kind: Literal["radiograph", "ct"]
    state: str
    images: int
    missing: int


class ModelList(TypedDict):
    """Models by kind and version."""

    models: list[Model]


class NewToken(TypedDict):
    """A token that was just made, with what opens: it is shown this once."""

    token_id: str
    subject: str
    role: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    token: str


class Token(TypedDict):
    """What is known of a token."""

    token_id: str
    subject: str
    role: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None


class TokenList(TypedDict):
    """Tokens, the oldest first."""

    tokens: list[Token]
