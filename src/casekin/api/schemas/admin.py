"""Models, tokens and the audit log, as administrators see them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from casekin.api.access.principal import Role
from casekin.api.schemas.shared import Shape


class ModelShape(Shape):
    """A model whose vectors the index holds."""

    version: str
    kind: Literal["radiograph", "ct"]
    state: str
    images: int
    missing: int


class ModelListShape(Shape):
    """Models by kind and version."""

    models: list[ModelShape]


class ActivateFields(BaseModel):
    """The model that is to answer from now on: its version, as `/admin/models` lists it, or an encoder's name."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"model": "default"}]})

    model: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w-]+$")]


class TokenFields(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"subject": "pacs", "role": "curator"}]})

    subject: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\w.@:-]+$")]
    role: Role
    days: Annotated[float | None, Field(gt=0, le=3660, description="How long it holds; null: until revoked.")] = 90.0


class TokenShape(Shape):
    """What is known of a token."""

    token_id: str
    subject: str
    role: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None


class NewTokenShape(TokenShape):
    """A token that was just made, with what opens: it is shown this once."""

    token: str


class TokenListShape(Shape):
    """Tokens, the oldest first."""

    tokens: list[TokenShape]


class ErasureFields(BaseModel):
    """Whom and what to erase for good: patients as the archive says them or by pseudonym, and cases."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"case_ids": ["case-1"]}]})

    patients: Annotated[list[str], Field(max_length=1000)] = []
    case_ids: Annotated[list[str], Field(max_length=1000)] = []

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.patients or self.case_ids):
            raise ValueError("expected patients or case_ids")
        return self


class ErasureShape(Shape):
    """What was erased. `backups` names states that still hold a case, by place; `proof` holds nothing of a patient."""

    cases: list[str]
    erased: bool
    backups: dict[str, list[str] | str]
    proof: dict[str, Any] | None


class AuditListShape(Shape):
    """Records of the audit log, the oldest first."""

    records: list[dict[str, Any]]
