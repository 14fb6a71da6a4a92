"""Whoever asks: a person or a program, with roles, inside one tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["reader", "curator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most; each may do what those before it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """`subject` is a stable name that the site gave, unique within the tenant."""

    subject: str
    role: Role
    tenant: str

    def may(self, role: Role) -> bool:
        """Whether this principal's role is `role` or more."""
        return ROLES.index(self.role) >= ROLES.index(role)
