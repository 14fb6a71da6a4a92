"""`casekin serve`."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option

if TYPE_CHECKING:
    from casekin.api.config import SiteConfig

_OVERRIDES = click.Choice(["no-tls", "no-sign-in"])


@click.command(epilog="Example: casekin serve --index my.index --port 8000")
@click.option("--index", type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--site", type=click.Path(path_type=Path), help="State folder, for an index on a server.")
@click.option("--model", help="Encoder name, or path of a model card; without it, the shipped one.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="A site's TOML file, in place of --index; see docs/concepts/access.md.",
)
@click.option("--host", help="Address to listen at: 127.0.0.1 unless said otherwise; others need sign-in and TLS.")
@click.option("--port", type=click.IntRange(0, 65535), help="8000 unless said otherwise; 0 takes a free one.")
@click.option("--host-name", "host_names", multiple=True, help="Name under which browsers address the service.")
@click.option("--tls-cert", type=click.Path(path_type=Path), help="Certificate chain, PEM.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="The certificate's private key, PEM.")
@click.option(
    "--behind-proxy", multiple=True, metavar="ADDRESS", help="Address or network of the proxy where TLS ends."
)
@click.option("--require-sign-in", is_flag=True, help="Ask for sign-in at this machine too.")
@click.option("--insecure-override", multiple=True, type=_OVERRIDES, help="Leave a protection out, knowingly.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="The log's lines on stderr: text unless said.")
@click.option("--otlp-endpoint", metavar="URL", help="Collector of traces (OTLP over HTTP); without it, no traces.")
@json_option
def serve(as_json: bool, index: Path | str | None, config: Path | None, **given: Any) -> None:
    """Serve the web page and the REST API of an index, until stopped with Ctrl-C.

    Without further options it serves the person at this machine, without sign-in. Beyond this machine it asks for
    sign-in, and listens only with TLS: its own, or that of a proxy before it. Indexes that a site's file names and that
    aren't there yet are made.
    """
    if (index is None) == (config is None):
        raise click.UsageError("expected --index or --config")
    from casekin.api import create_site, run_app
    from casekin.api.logs import configure_logs
    from casekin.api.tracing import start_tracing

    site = _configured(index, config, given)
    configure_logs(site.log_format)
    if site.otlp_endpoint is not None:
        start_tracing(site.otlp_endpoint)
    _warn(site)
    app = create_site(site, create=config is not None)
    host = site.listen.host
    with _listening(host, site.listen.port) as listener:
        scheme = "http" if site.listen.tls_cert is None else "https"
        url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
        if as_json:
            echo_json({"url": url, "openapi": f"{url}openapi.json"})
        else:
            click.echo(f"casekin serves {_named(site)} at {url} (Ctrl-C stops it)")
        run_app(app, listener, site)


def _configured(index: Path | str | None, config: Path | None, given: dict[str, Any]) -> SiteConfig:
    """The file's configuration, or that of one tenant, under what the command line says. Raises `InputError`."""
    from casekin.api.config import check_config, read_record
    from casekin.errors import InputError

    if config is not None and (given["site"] or given["model"]):
        raise click.UsageError("expected --site and --model in the file that --config names")
    tenant = {"index": str(index), "site": given["site"], "model": given["model"] or "default"}
    record = read_record(config) if config is not None else {"tenants": {"default": tenant}}
    listen = ("host", "port", "host_names", "tls_cert", "tls_key", "behind_proxy", "insecure_override")
    # A port of 0 is said; it equals False.
    said = {name: value for name, value in given.items() if not any(value is empty for empty in (None, (), False))}
    table = record.get("listen", {})
    if isinstance(table, dict):
        record = {**record, "listen": {**table, **{name: said[name] for name in listen if name in said}}}
    whole = ("require_sign_in", "log_format", "otlp_endpoint")
    try:
        return check_config({**record, **{name: said[name] for name in whole if name in said}})
    except InputError as error:
        raise error if config is not None else click.UsageError(str(error)) from None


def _warn(site: SiteConfig) -> None:
    """Say loudly what protects nobody."""
    if site.listen.is_local:
        return
    left_out = {"no-tls": "WITHOUT ENCRYPTION", "no-sign-in": "TO ANYBODY, WITHOUT SIGN-IN"}
    for override in site.listen.insecure_override:
        click.secho(f"WARNING: patient data is served beyond this machine {left_out[override]}", err=True, bold=True)


def _named(site: SiteConfig) -> str:
    from casekin.index.cluster import show_address

    addresses = [show_address(tenant.index_address) for tenant in site.tenants.values()]
    return addresses[0] if len(addresses) == 1 else f"{len(addresses)} tenants"


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `OSError` when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
