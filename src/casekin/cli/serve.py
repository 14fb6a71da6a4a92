"""`casekin serve`."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option


def _loopback(_: click.Context, __: click.Parameter, host: str) -> str:
    from casekin.api import is_loopback

    if not is_loopback(host):
        raise click.BadParameter(
            f"expected localhost, 127.0.0.1 or ::1, got {host!r}: whoever reaches the service can read the "
            "archive, and it has no sign-in yet"
        )
    return host


@click.command(epilog="Example: casekin serve --index my.index --port 8000")
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--host", default="127.0.0.1", show_default=True, callback=_loopback, help="This machine's address.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@json_option
def serve(index: Path | str, host: str, port: int, model: str, as_json: bool) -> None:
    """Serve the web page and the REST API of an index to this machine, until stopped with Ctrl-C."""
    from casekin.api import create_app, run_app
    from casekin.index.cluster import show_address

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("casekin").setLevel(logging.INFO)
    app = create_app(index, model=model)
    with _listening(host, port) as listener:
        bound = listener.getsockname()[1]
        url = f"http://[{host}]:{bound}/" if ":" in host else f"http://{host}:{bound}/"
        if as_json:
            echo_json({"url": url, "openapi": f"{url}openapi.json"})
        else:
            click.echo(f"casekin serves {show_address(index)} at {url} (Ctrl-C stops it)")
        run_app(app, listener)


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `OSError` when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
