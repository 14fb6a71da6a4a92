"""`casekin health`."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import click

from casekin.cli.render import echo_json, json_option

_LONGEST_REPLY = 65536


@click.command(epilog="Example: casekin health http://127.0.0.1:8000")
@click.argument("url", default="http://127.0.0.1:8000")
@click.option("--timeout", "timeout_s", default=4.0, show_default=True, help="Seconds to wait for the answer.")
@json_option
def health(url: str, timeout_s: float, as_json: bool) -> None:
    """Ask a running service whether it is ready; exit code 1 where it isn't. For container and service managers."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(f"expected an address such as https://127.0.0.1:8443, got {url!r}", param_hint="URL")
    status, reply = _ask(f"{parts.scheme}://{parts.netloc}/v1/ready", parts.hostname, timeout_s)
    ready = status == 200
    if as_json:
        echo_json({"ready": ready, "status": status, **reply})
    else:
        click.echo("ready" if ready else f"not ready: {reply.get('detail') or f'status {status}'}")
    if not ready:
        raise click.exceptions.Exit(1)


def _ask(address: str, host: str, timeout_s: float) -> tuple[int | None, dict[str, object]]:
    from casekin.loopback import is_loopback

    context = ssl.create_default_context()
    if is_loopback(host):  # a certificate names the host as others know it; on this machine nobody stands between
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(address, timeout=timeout_s) as answer:
            return answer.status, _read(answer.read(_LONGEST_REPLY))
    except urllib.error.HTTPError as error:
        return error.code, _read(error.read(_LONGEST_REPLY))
    except OSError as error:
        reason = getattr(error, "reason", error)
        return None, {"detail": f"no answer ({type(reason).__name__})"}


def _read(body: bytes) -> dict[str, object]:
    try:
        record = json.loads(body)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}
