"""How a site is set up: a TOML file, checked as a whole before anything listens.

Every key says what it means in its description; `docs/concepts/access.md` shows a file. A key that isn't known is
refused, since a misspelt limit would otherwise be no limit.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from casekin.api import MAX_UPLOAD_BYTES
from casekin.api.access.principal import Role
from casekin.api.logs import LogForm
from casekin.errors import InputError
from casekin.loopback import is_loopback
from casekin.site.history import KEPT_DAYS, LINK_DAYS

_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_TENANT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError("expected an address such as 10.0.0.5, or a network such as 10.0.0.0/24") from error
    return text


def _host_name(text: str) -> str:
    if not _HOST_NAME.fullmatch(text.lower()):
        raise ValueError("expected a host name without scheme and port, such as casekin.hospital.example")
    return text.lower()


def _secure_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ValueError("expected an address that begins with https://")
    return text


def _viewer_address(text: str) -> str:
    if text.count("{study}") != 1 or "{study}" in urlsplit(text).netloc:
        raise ValueError("expected {study} once, behind the host name")
    return _secure_address(text)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TenantConfig(_Table):
    """One archive, and who belongs to it."""

    index: str = Field(description="Index: a folder, or `milvus://HOST:PORT/NAME`.")
    site: Path | None = Field(default=None, description="State folder; needed where the index is on a server.")
    model: str = Field(default="default", description="Encoder name, or path of a model card.")
    members: tuple[str, ...] = Field(
        default=(), description="Values of `sign_in.tenant_claim` that belong to this tenant."
    )
    inbox: Path | None = Field(
        default=None, description="Folder below which ingest jobs may read; without it, uploads alone."
    )
    history_days: float = Field(default=KEPT_DAYS, gt=0, description="How long a person's own searches are kept.")
    link_days: float = Field(default=LINK_DAYS, gt=0, description="How long a shared recipe's link opens it, at most.")
    web_stores: dict[str, Annotated[str, AfterValidator(_secure_address)]] = Field(
        default={}, description="DICOMweb servers that ingest jobs may pull from: addresses by names."
    )
    viewer_link: Annotated[str, AfterValidator(_viewer_address)] | None = Field(
        default=None,
        description="Address of another viewer, which pages link to; `{study}` in it stands for a kept study's UID.",
    )
    evaluations: Path | None = Field(
        default=None,
        description="Folder of pages that `casekin evaluate` wrote; none: `evaluations` in the state folder.",
    )

    @property
    def index_address(self) -> Path | str:
        """The index as `open_index` takes it: a path would fold an address's slashes."""
        return self.index if "://" in self.index else Path(self.index)


class ListenConfig(_Table):
    """Where the service listens, and what stands before it."""

    host: str = Field(
        default="127.0.0.1", description="Address to listen at; beyond this machine it needs sign-in and TLS."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen at; 0 takes a free one.")
    host_names: tuple[Annotated[str, AfterValidator(_host_name)], ...] = Field(
        default=(), description="Names under which browsers may address the service; this machine's own always work."
    )
    tls_cert: Path | None = Field(default=None, description="Certificate chain, PEM.")
    tls_key: Path | None = Field(default=None, description="The certificate's private key, PEM.")
    behind_proxy: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(), description="Addresses or networks of the proxy where TLS ends; nobody else is answered."
    )
    insecure_override: tuple[Literal["no-tls", "no-sign-in"], ...] = Field(
        default=(),
        description="What is knowingly left out beyond this machine: patient data is open to the network then.",
    )

    @property
    def is_local(self) -> bool:
        """Whether only people at this machine reach the service: no proxy hands on what comes from elsewhere."""
        return is_loopback(self.host) and not self.behind_proxy and not self.host_names

    @property
    def has_tls(self) -> bool:
        """Whether replies travel encrypted, as far as this process can know."""
        return self.tls_cert is not None or bool(self.behind_proxy)

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("expected both tls_cert and tls_key, got one of them")
        if self.tls_cert is not None and self.behind_proxy:
            raise ValueError("expected tls_cert or behind_proxy, got both")
        if not self.is_local:
            if not self.has_tls and "no-tls" not in self.insecure_override:
                raise ValueError("beyond this machine expected TLS: tls_cert and tls_key, or behind_proxy; got neither")
            if not self.host_names and _is_any_address(self.host):
                raise ValueError("beyond this machine expected host_names, got none")
        return self


class SignInConfig(_Table):
    """An OpenID Connect provider. Without this table people sign in with API tokens alone."""

    issuer: Annotated[str, AfterValidator(_secure_address)] = Field(
        description="The provider's issuer identifier; its discovery document lies below it."
    )
    client_id: str = Field(min_length=1, description="What the provider calls this service.")
    client_secret_file: Path | None = Field(
        default=None, description="File that holds the client's secret and nothing else; none for a public client."
    )
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust for the provider, PEM; none: the system's."
    )
    redirect_uri: Annotated[str, AfterValidator(_secure_address)] = Field(
        description="This service's `/sign-in/callback`, as the provider knows it."
    )
    scopes: tuple[str, ...] = Field(default=("openid",), description="What is asked for; `openid` is always among it.")
    subject_claim: str = Field(
        default="sub", description="Claim that names a person for good; it stands in the audit log."
    )
    role_claim: str = Field(
        default="roles", description="Claim that holds roles or groups; dots lead into nested claims."
    )
    roles: dict[Role, tuple[str, ...]] = Field(description="For each role the values of `role_claim` that give it.")
    tenant_claim: str | None = Field(
        default=None, description="Claim that says the tenant, by `members`; needed where there are several tenants."
    )
    leeway_s: int = Field(
        default=60, ge=0, le=300, description="By how much the provider's clock may differ, in seconds."
    )

    def read_client_secret(self) -> str | None:
        """The client's secret, None for a public client. Raises `InputError` where its file can't be read."""
        if self.client_secret_file is None:
            return None
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise InputError("config: sign_in.client_secret_file: expected a file of text that can be read") from None


class SessionConfig(_Table):
    """How long a browser stays signed in."""

    idle_minutes: int = Field(default=30, ge=1, description="Signed out after this long without a request.")
    absolute_hours: int = Field(default=10, ge=1, description="Signed out after this long in any case.")


class LimitConfig(_Table):
    """What one request, and one caller, may take."""

    max_upload_bytes: int = Field(
        default=MAX_UPLOAD_BYTES,
        ge=1024,
        description="Most bytes of one request, or of one instance by STOW-RS: a film of 5000 × 5000 pixels has 50 MB.",
    )
    max_store_bytes: int = Field(
        default=4 * 1024**3,
        ge=1024,
        description="Most bytes of a STOW-RS request with all its instances: a CT of 2,000 slices has 1 GiB.",
    )
    requests_per_second: float = Field(
        default=50.0, gt=0, description="Requests that a caller may make in the long run."
    )
    burst: int = Field(
        default=1000, ge=1, description="Requests that a caller may make at once after a pause: a CT has 500."
    )
    sign_ins_per_minute: float = Field(default=10.0, gt=0, description="Failed sign-ins and tokens from one address.")
    most_at_once: int = Field(
        default=24, ge=1, description="Requests of one caller that are worked on at the same time."
    )
    most_connections: int = Field(
        default=64,
        ge=2,
        description="Connections altogether, three quarters of them from one address at most; more are turned away.",
    )
    header_timeout_s: float = Field(
        default=10.0, gt=0, description="Time that a request's headers may take to come in."
    )
    body_grace_s: float = Field(default=15.0, gt=0, description="Time that any body may take, before its speed counts.")
    body_bytes_per_s: float = Field(
        default=20_000.0, gt=0, description="Least speed at which a body must come in after it."
    )


class ReceiveConfig(_Table):
    """Where `casekin listen` takes studies by DICOM C-STORE and messages by HL7 over MLLP."""

    tenant: str = Field(default="default", description="The tenant whose archive it all goes into.")
    host: str = Field(default="127.0.0.1", description="Address to listen at.")
    dicom_port: int | None = Field(default=None, ge=0, le=65535, description="Port for DICOM; none: no DICOM.")
    ae_title: str = Field(default="CASEKIN", pattern=r"[!-~]{1,16}", description="What senders call this service.")
    callers: tuple[str, ...] = Field(default=(), description="Senders that may, as AET or AET@ADDRESS; none: nobody.")
    hl7_port: int | None = Field(default=None, ge=0, le=65535, description="Port for HL7; none: no HL7.")
    hl7_callers: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(), description="Addresses or networks that may send messages; none: this machine alone."
    )
    tls_cert: Path | None = Field(default=None, description="Certificate chain, PEM, for DICOM and HL7 over TLS.")
    tls_key: Path | None = Field(default=None, description="The certificate's private key, PEM.")


class SiteConfig(_Table):
    """A whole site: `[tenants.NAME]` for each archive, and tables for what they share."""

    tenants: dict[str, TenantConfig] = Field(min_length=1, description="The archives, by the names of their tenants.")
    listen: ListenConfig = Field(default=ListenConfig(), description="Where the service listens.")
    sign_in: SignInConfig | None = Field(default=None, description="An OpenID Connect provider.")
    sessions: SessionConfig = Field(default=SessionConfig(), description="How long a browser stays signed in.")
    receive: ReceiveConfig | None = Field(default=None, description="Where `casekin listen` receives.")
    limits: LimitConfig = Field(default=LimitConfig(), description="What one request, and one caller, may take.")
    log_format: LogForm = Field(default="text", description="The log's lines on stderr.")
    otlp_endpoint: str | None = Field(
        default=None, description="Collector of traces (OTLP over HTTP); none: no traces."
    )
    require_sign_in: bool = Field(
        default=False, description="Ask for sign-in at this machine too; elsewhere it always is."
    )

    @property
    def is_open(self) -> bool:
        """Whether anybody who reaches the service may do everything: one person at this machine, or an override."""
        if "no-sign-in" in self.listen.insecure_override:
            return True
        return self.listen.is_local and self.sign_in is None and not self.require_sign_in

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name in self.tenants:
            if not _TENANT_NAME.fullmatch(name):
                raise ValueError("expected tenant names of a-z, 0-9, _ and -")
        if self.receive is not None and self.receive.tenant not in self.tenants:
            raise ValueError("receive.tenant: expected one of the tenants")
        if len(self.tenants) > 1:
            if self.is_open:
                raise ValueError("several tenants need sign-in: set require_sign_in or sign_in")
            if self.sign_in is not None and self.sign_in.tenant_claim is None:
                raise ValueError("several tenants need sign_in.tenant_claim, and members for each")
        if "no-sign-in" in self.listen.insecure_override and (self.sign_in is not None or self.require_sign_in):
            raise ValueError("expected sign-in or the override no-sign-in, got both")
        return self


def read_config(path: Path) -> SiteConfig:
    """Read a site's file. Raises `InputError` that names every key in question, and never repeats a value."""
    return check_config(read_record(path))


def read_record(path: Path) -> dict[str, Any]:
    """A site's file as `check_config` takes it, its paths made absolute: they are relative to the file's folder.

    Raises `InputError` where it isn't TOML.
    """
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise InputError(f"config: expected a TOML file, got {path.name} with too many brackets or braces") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"config: expected a TOML file that can be read, got {path.name}: {reason}") from error
    return _anchored(record, path.parent)


def check_config(record: dict[str, Any]) -> SiteConfig:
    """A configuration from its parts. Raises `InputError` that names every key in question."""
    try:
        return SiteConfig.model_validate(record)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc']) or 'site'}: "
            + problem["msg"].removeprefix("Value error, ")
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise InputError("config: " + "; ".join(problems)) from None


def _anchored(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The record with its paths made absolute, as far as it has the expected form."""
    tables = {
        "listen": ("tls_cert", "tls_key"),
        "sign_in": ("client_secret_file", "ca_file"),
        "receive": ("tls_cert", "tls_key"),
    }
    anchored = {name: _with_paths(record[name], keys, folder) for name, keys in tables.items() if name in record}
    if isinstance(record.get("tenants"), dict):
        keys = ("index", "site", "inbox", "evaluations")
        anchored["tenants"] = {name: _with_paths(table, keys, folder) for name, table in record["tenants"].items()}
    return {**record, **anchored}


def _with_paths(table: Any, keys: tuple[str, ...], folder: Path) -> Any:
    if not isinstance(table, dict):
        return table
    paths = {
        key: str(folder / table[key]) for key in keys if isinstance(table.get(key), str) and "://" not in table[key]
    }
    return {**table, **paths}


def _is_any_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
