"""The service: REST under `/v1` and the web page, over one index. Importing this package loads no web framework."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from casekin.errors import DependencyError
from casekin.loopback import is_loopback

if TYPE_CHECKING:
    from fastapi import FastAPI

    from casekin.api.config import SiteConfig

__all__ = ["MAX_UPLOAD_BYTES", "create_app", "create_site", "is_loopback", "run_app"]

MAX_UPLOAD_BYTES = 64 * 1024 * 1024
"""Most bytes of one request: an uncompressed radiograph of 5000 × 5000 pixels has 50 MB."""


def create_app(index: Path | str, *, model: str = "default", max_upload_bytes: int = MAX_UPLOAD_BYTES) -> FastAPI:
    """The service over the index `index` as an ASGI application, for the person at this machine alone.

    `model` is the encoder's name or the path of its card and must be the one that the index was made with. The
    application asks for no sign-in and answers requests addressed to this machine (loopback) only; the index loads at
    once and is closed when the application shuts down.

    Raises:
        DependencyError: FastAPI or its multipart parser isn't installed.
        IndexStoreError: no index there, damaged, or made with another model.
        ModelError: the encoder can't be loaded.
    """
    _require("fastapi", "python_multipart", "prometheus_client")
    from casekin.api.config import check_config

    tenant = {"index": str(index), "model": model}
    return create_site(check_config({"tenants": {"default": tenant}, "limits": {"max_upload_bytes": max_upload_bytes}}))


def create_site(config: SiteConfig, *, create: bool = False) -> FastAPI:
    """The service of a whole site, by its configuration, as an ASGI application.

    `create` makes the indexes that aren't there yet, for a site that starts empty. Raises what `create_app` raises,
    `SiteError` where a state folder can't be used, and `InputError` for an index on a server without a state folder.
    """
    _require("fastapi", "python_multipart", "prometheus_client")
    if config.sign_in is not None:
        _require("authlib", "httpx2")
    from casekin.api.app import build_app

    return build_app(config, create=create)


def run_app(app: FastAPI, listener: socket, config: SiteConfig) -> None:
    """Serve an application on a listening socket until the process is asked to stop (SIGINT, SIGTERM).

    Raises `DependencyError` when uvicorn isn't installed, and `InputError` when certificate or key can't be used.
    """
    _require("uvicorn")
    from casekin.api.server import serve_until_stopped

    serve_until_stopped(app, listener, config)


def _require(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            package = module.replace("_", "-")
            raise DependencyError(
                f"serve: expected the package {package}, got none; install it with: pip install 'casekin[serve]'"
            )
