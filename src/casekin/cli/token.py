"""`casekin token`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import aligned, echo_json, json_option

if TYPE_CHECKING:
    from casekin.site.books import Books

_Command = TypeVar("_Command", bound=Callable[..., Any])
_ROLES = click.Choice(["reader", "curator", "admin"])
_SECONDS = {"h": 3600.0, "d": 86_400.0}


def _seconds(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
    if text is None:
        return None
    form = re.fullmatch(r"([1-9]\d{0,4})([hd])", text)
    if form is None:
        raise click.BadParameter(f"expected hours or days, such as 12h or 90d, got {text!r}")
    return int(form[1]) * _SECONDS[form[2]]


def _of_a_site(command: _Command) -> _Command:
    """The options that say whose tokens are meant."""
    for option in (
        click.option("--index", type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME."),
        click.option("--site", type=click.Path(path_type=Path), help="State folder, for an index on a server."),
        click.option("--config", type=click.Path(path_type=Path), help="A site's TOML file, in place of --index."),
        click.option("--tenant", help="With --config: which of its tenants, where there are several."),
    ):
        command = option(command)
    return command


@click.group()
def token() -> None:
    """Make, list and revoke the tokens by which programs, and people without a provider, sign in."""


@token.command(
    epilog="Example: casekin token create --index my.index --subject pacs-bridge --role curator --expires 90d"
)
@_of_a_site
@click.option("--subject", required=True, help="Whom it stands for; a name for the audit log, not a secret.")
@click.option("--role", required=True, type=_ROLES, help="What it may do; each role may do what those before it may.")
@click.option("--expires", "valid_s", metavar="12h|90d", callback=_seconds, help="Without it, until it is revoked.")
@json_option
def create(subject: str, role: str, valid_s: float | None, as_json: bool, **place: Any) -> None:
    """Make a token and print it, this once: the site keeps only a keyed hash.

    It goes into the header `Authorization: Bearer TOKEN`, or into the form of the sign-in page; never into an address.
    """
    if not re.fullmatch(r"[\w.@+-]{1,100}", subject):
        raise click.UsageError("expected a subject of letters, digits and . _ @ + -, at most 100")
    from casekin.site.tokens import Tokens

    tenant, books = _site(**place)
    made, text = Tokens(books).create(subject=subject, role=role, valid_s=valid_s)
    _note(books, tenant, "token create", f"{made.token_id}, {role}, {subject}")
    if as_json:
        echo_json({**made.as_record(), "token": text})
    else:
        click.echo(text)


@token.command("list", epilog="Example: casekin token list --index my.index")
@_of_a_site
@json_option
def list_tokens(as_json: bool, **place: Any) -> None:
    """List the tokens that were made, with what they may do and whether they still hold."""
    from casekin.site.tokens import Tokens

    records = [made.as_record() for made in Tokens(_site(**place)[1]).all()]
    if as_json:
        echo_json({"tokens": records})
        return
    rows = [(r["token_id"], r["subject"], r["role"], r["revoked_at"] or r["expires_at"] or "") for r in records]
    states = ["revoked" if r["revoked_at"] else "expires" if r["expires_at"] else "holds" for r in records]
    for line in aligned([(*row[:3], state, row[3]) for row, state in zip(rows, states, strict=True)]) if rows else []:
        click.echo(line)


@token.command(epilog="Example: casekin token revoke 3f9ac2d10b7e --index my.index")
@click.argument("token_id")
@_of_a_site
@json_option
def revoke(token_id: str, as_json: bool, **place: Any) -> None:
    """End a token at once, and every browser's session that was opened with it."""
    from casekin.site.tokens import Tokens

    tenant, books = _site(**place)
    if not Tokens(books).revoke(token_id):
        raise click.ClickException(f"token: expected the id of a token that holds, got {token_id!r}")
    _note(books, tenant, "token revoke", token_id)
    if as_json:
        echo_json({"revoked": token_id})
    else:
        click.echo(f"revoked {token_id}")


def _note(books: Books, tenant: str, route: str, detail: str) -> None:
    """Write into the audit log what was done at the machine itself."""
    from casekin.site.audit import AuditEvent, AuditLog

    event = AuditEvent(event="administer", subject="local", tenant=tenant, route=route, detail=detail)
    AuditLog(books).append(event)


def _site(index: Path | str | None, site: Path | None, config: Path | None, tenant: str | None) -> tuple[str, Books]:
    """The tenant that is meant and its state folder. Raises `InputError` where there is no such tenant."""
    from casekin.errors import InputError
    from casekin.site.books import Books, site_folder

    if (index is None) == (config is None):
        raise click.UsageError("expected --index or --config")
    if config is None:
        assert index is not None
        if tenant not in (None, "default"):
            raise click.UsageError("expected --tenant with --config; an index alone is the tenant default")
        if site is None and isinstance(index, Path) and not index.is_dir():
            raise InputError("token: expected an index's folder, got none there")
        return "default", Books(site_folder(index, site))
    from casekin.api.config import read_config

    tenants = read_config(config).tenants
    name = tenant or (next(iter(tenants)) if len(tenants) == 1 else None)
    if name is None or name not in tenants:
        raise InputError(f"token: expected --tenant as one of {', '.join(tenants)}")
    return name, Books(site_folder(tenants[name].index_address, tenants[name].site))
