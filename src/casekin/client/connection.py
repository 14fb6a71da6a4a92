"""How the client speaks to the service: bodies, files, tokens, and problems that become errors."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import quote

import httpx2

from casekin.errors import CasekinError

_TIMEOUT_S = 120.0
"""A search with an image takes a second or two; a draft of a CT on a busy machine takes longer."""


class _Given(enum.Enum):
    NOT_GIVEN = enum.auto()


NotGiven = Literal[_Given.NOT_GIVEN]
"""The type of an argument that is left out, where None would say something."""
NOT_GIVEN: Final = _Given.NOT_GIVEN


class ServiceError(CasekinError):
    """The service refused, or couldn't be reached: `status` of HTTP, 0 where no reply came, and the problem's `type`.

    The message is what the service says, which names nothing that was sent.
    """

    def __init__(self, detail: str, *, status: int, type: str = "about:blank") -> None:
        super().__init__(f"service: {detail}" if not status else f"service: {status}, {detail}")
        self.status = status
        self.type = type


class Connection:
    """A service's address and how one signs in there; use as a context manager, or call `close`.

    `token` is what `casekin token create` printed. `http` is a client of httpx2 to use in place of one of our own,
    as for certificates of a site's own.
    """

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        *,
        token: str | None = None,
        timeout_s: float = _TIMEOUT_S,
        http: httpx2.Client | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx2.Client(timeout=timeout_s) if http is None else http

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        fields: Mapping[str, Any] | None = None,
        joined: Sequence[str] = (),
        is_form: bool = False,
    ) -> httpx2.Response:
        """The reply to a request; what isn't given isn't sent.

        `fields` are sent as JSON, and as a form where one of them is a file (`Path`) or `is_form`; a form takes lists
        named in `joined` as one value with commas. Raises `ServiceError`.
        """
        asked = {name: _as_text(value) for name, value in _given(query or {}).items() if value is not None}
        sent = _given(fields or {})
        files = {name: _paths(value) for name, value in sent.items() if _paths(value)}
        with ExitStack() as opened:
            body: dict[str, Any] = {}
            if files or is_form:
                data = {name: value for name, value in sent.items() if name not in files and value is not None}
                body["data"] = {name: _form_value(value, is_joined=name in joined) for name, value in data.items()}
                body["files"] = [
                    (name, (path.name, opened.enter_context(path.open("rb"))))
                    for name, paths in files.items()
                    for path in paths
                ]
            elif fields is not None:
                body["json"] = sent
            try:
                reply = self._http.request(method, self._base + path, params=asked, headers=self._headers, **body)
            except httpx2.HTTPError as error:
                raise ServiceError(f"no reply ({type(error).__name__}); see whether it runs", status=0) from error
        return _checked(reply)

    def _events(self, path: str) -> Iterator[dict[str, Any]]:
        """The data of server-sent events, each a JSON document, as they come. Raises `ServiceError`."""
        try:
            with self._http.stream("GET", self._base + path, headers=self._headers, timeout=None) as reply:
                if reply.is_error:
                    reply.read()
                for line in _checked(reply).iter_lines():
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx2.HTTPError as error:
            raise ServiceError(f"no reply ({type(error).__name__}); see whether it runs", status=0) from error


def in_path(value: str | int) -> str:
    """A value as one part of an address: a case's id may hold slashes."""
    return quote(str(value), safe="")


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not NOT_GIVEN}


def _paths(value: Any) -> list[Path]:
    """The files that a value is; empty where it is none."""
    if isinstance(value, Path):
        return [value]
    if isinstance(value, list | tuple) and value and all(isinstance(one, Path) for one in value):
        return list(value)
    return []


def _form_value(value: Any, *, is_joined: bool) -> Any:
    if isinstance(value, Mapping):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) if is_joined else [_as_text(one) for one in value]
    return _as_text(value)


def _as_text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, list | tuple) else str(value)


def _checked(reply: httpx2.Response) -> httpx2.Response:
    if not reply.is_error:
        return reply
    try:
        problem = reply.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "detail" not in problem:
        raise ServiceError(reply.reason_phrase, status=reply.status_code)
    raise ServiceError(str(problem["detail"]), status=reply.status_code, type=str(problem.get("type", "about:blank")))
