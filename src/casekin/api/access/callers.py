"""Who asks: by an API token, by a browser's session, or, where the service is open, whoever reaches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from casekin.api.access.oidc import SignInRefusedError
from casekin.api.access.principal import ROLES, Principal, Role
from casekin.api.access.sessions import Session, Sessions
from casekin.api.config import SignInConfig, SiteConfig
from casekin.api.service import Tenant
from casekin.site.tokens import Token, Tokens


class Callers:
    """The people and programs that a site knows. Methods may block on the disk."""

    def __init__(self, config: SiteConfig, tenants: Mapping[str, Tenant]) -> None:
        self._tokens = {name: Tokens(tenant.books) for name, tenant in tenants.items()}
        self._config = config
        self.anybody = Principal(subject="local", role="admin", tenant=next(iter(tenants))) if config.is_open else None
        """Whom everybody counts as, where nobody is asked to sign in."""
        self.sessions = Sessions(
            idle_s=config.sessions.idle_minutes * 60, absolute_s=config.sessions.absolute_hours * 3600
        )

    def by_token(self, text: str) -> tuple[Principal, Token] | None:
        """Whose a token is; None where it opens nothing."""
        for tenant, tokens in self._tokens.items():
            token = tokens.find(text)
            if token is not None and token.role in get_args(Role):
                return Principal(subject=token.subject, role=cast("Role", token.role), tenant=tenant), token
        return None

    def by_cookie(self, cookie: str) -> Session | None:
        """The session of a browser; None where it ended, or the token that it was opened with did."""
        session = self.sessions.find(cookie)
        if session is None or session.token_id is None:
            return session
        if self._tokens[session.principal.tenant].find_by_id(session.token_id) is not None:
            return session
        self.sessions.end(cookie)
        return None

    def holds(self, session: Session, cookie: str) -> bool:
        """Whether a browser's session hasn't ended since, nor its token; asking doesn't count as use."""
        token_id, tokens = session.token_id, self._tokens[session.principal.tenant]
        return self.sessions.holds(cookie) and (token_id is None or tokens.find_by_id(token_id) is not None)

    def has_tokens(self) -> bool:
        """Whether any token was ever made: without one and without a provider nobody can sign in."""
        return any(tokens.all() for tokens in self._tokens.values())

    def by_claims(self, claims: Mapping[str, Any]) -> Principal:
        """Who a provider's proven claims say somebody is. Raises `SignInRefusedError` for no role or not one tenant."""
        sign_in = self._config.sign_in
        assert sign_in is not None
        subject = claims.get(sign_in.subject_claim)
        if not isinstance(subject, str) or not 0 < len(subject) <= 200:
            raise SignInRefusedError("the subject's claim is missing")
        given = _values(claims, sign_in.role_claim)
        roles = [role for role in ROLES if given & set(sign_in.roles.get(role, ()))]
        if not roles:
            raise SignInRefusedError("no role here")
        return Principal(subject=subject, role=roles[-1], tenant=self._tenant_of(claims, sign_in))

    def _tenant_of(self, claims: Mapping[str, Any], sign_in: SignInConfig) -> str:
        if sign_in.tenant_claim is None:
            return next(iter(self._tokens))
        given = _values(claims, sign_in.tenant_claim)
        tenants = [name for name, tenant in self._config.tenants.items() if given & set(tenant.members)]
        if len(tenants) != 1:
            raise SignInRefusedError("not a member of exactly one tenant")
        return tenants[0]


def _values(claims: Mapping[str, Any], path: str) -> set[str]:
    """The strings of a claim, which is one or a list of them; a name with dots may also lead into nested claims."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    return {value for value in (found if isinstance(found, list) else [found]) if isinstance(value, str)}
