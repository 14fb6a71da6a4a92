"""The examples of the OpenAPI description, asked of a real service one after the other; run to write them anew."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from casekin.api.openapi import EXAMPLES, read_examples
from made_service import made_site

VOLATILE = "ckn_"
"""What a token begins with: none is written down."""


def routes_of(description: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Method and address of every operation by its name."""
    return {
        route["operationId"]: (method.upper(), address)
        for address, methods in description["paths"].items()
        for method, route in methods.items()
    }


def ask_all(client: TestClient, archive: Path) -> Iterator[tuple[dict[str, Any], int, Any]]:
    """Each example with the status and the JSON that a service answers now.

    Names that the service made (of an upload, a collection …) differ from those written down: a request is asked with
    the names that stand where its own stood in the replies before.
    """
    routes = routes_of(client.get("/openapi.json").json())
    now: dict[str, str] = {}
    for example in read_examples():
        method, address = routes[example["operation"]]
        given = {name: _replaced(value, now) for name, value in example.get("parameters", {}).items()}
        query = {name: value for name, value in given.items() if f"{{{name}}}" not in address}
        files = None
        if "file" in example:
            files = {"image": (archive / example["file"]).read_bytes()}
        body = _replaced(example.get("request"), now)
        reply = client.request(method, address.format(**given), params=query, json=body, files=files)
        answered = reply.json() if reply.content else None
        _note(example.get("reply"), answered, now)
        yield example, reply.status_code, answered


def _replaced(value: Any, now: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(one, now) for name, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, now) for one in value]
    return now.get(value, value) if isinstance(value, str) else value


def _note(written: Any, answered: Any, now: dict[str, str]) -> None:
    """Pair the words of two replies that stand at the same place."""
    if isinstance(written, dict) and isinstance(answered, dict):
        for name in written.keys() & answered.keys():
            _note(written[name], answered[name], now)
    elif isinstance(written, list) and isinstance(answered, list):
        for one, other in zip(written, answered, strict=False):
            _note(one, other, now)
    elif isinstance(written, str) and isinstance(answered, str) and written != answered:
        now.setdefault(written, answered)


def main() -> None:
    """Write the replies of a new site into the examples; requests that name what it made follow."""
    with tempfile.TemporaryDirectory() as scratch, made_site(Path(scratch)) as site:
        client = site.client("admin", "admin")
        written = []
        names: dict[str, str] = {}
        for example, status, answered in ask_all(client, site.inbox.parent / "archive"):
            if status >= 300:
                sys.exit(f"{example['operation']}: {status} {answered}")
            _note(example.get("reply"), answered, names)
            asked = {key: _replaced(example[key], names) for key in ("parameters", "request") if key in example}
            told = {} if answered is None else {"reply": _without_secrets(answered)}
            written.append({**example, **asked, **told, "status": status})
    EXAMPLES.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _without_secrets(answered: Any) -> Any:
    if isinstance(answered, dict):
        return {name: _without_secrets(value) for name, value in answered.items()}
    return f"{VOLATILE}…" if isinstance(answered, str) and answered.startswith(VOLATILE) else answered


if __name__ == "__main__":
    main()
