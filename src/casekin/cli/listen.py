"""`casekin listen`."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import echo_json, json_option

if TYPE_CHECKING:
    from casekin.api.config import ReceiveConfig
    from casekin.api.logs import LogForm
    from casekin.journeys.receive import Site


@click.command(epilog="Example: casekin listen --index my.index --dicom-port 11112 --hl7-port 2575")
@click.option("--index", type=INDEX, help="Index, made where absent: a folder, or milvus://HOST:PORT/NAME.")
@site_option
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="site.toml, in place of these options.")
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--dicom-port", type=click.IntRange(0, 65535), help="Port for C-STORE; 0 takes a free one.")
@click.option("--ae-title", default="CASEKIN", show_default=True, help="What senders call this service.")
@click.option("--caller", "callers", multiple=True, metavar="AET[@ADDRESS]", help="A DICOM sender that may.")
@click.option("--hl7-port", type=click.IntRange(0, 65535), help="Port for HL7 over MLLP; 0 takes a free one.")
@click.option("--hl7-caller", "hl7_callers", multiple=True, metavar="ADDRESS", help="An HL7 sender that may.")
@click.option("--tls-cert", type=click.Path(path_type=Path, dir_okay=False), help="Certificate chain, PEM.")
@click.option("--tls-key", type=click.Path(path_type=Path, dir_okay=False), help="The certificate's key, PEM.")
@click.option("--without-tls", is_flag=True, help="Beyond this machine: the network protects what is sent.")
@click.option("--quiet", "quiet_s", default=30.0, show_default=True, help="Seconds until a study counts as whole.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="The log's lines on stderr: text unless said.")
@json_option
def listen(
    index: Path | str | None, site: Path | None, config: Path | None, model: str, host: str, dicom_port: int | None,
    ae_title: str, callers: tuple[str, ...], hl7_port: int | None, hl7_callers: tuple[str, ...], tls_cert: Path | None,
    tls_key: Path | None, without_tls: bool, quiet_s: float, log_format: LogForm | None, as_json: bool,
) -> None:  # fmt: skip
    """Take studies and reports from a hospital's network into an index, until stopped with Ctrl-C.

    Images, structured reports and rejection notes come by DICOM C-STORE, reports and merges of patients by HL7. Each is
    on the disk before its sender hears that it was taken; a study becomes a case once nothing more of it comes.
    """
    from casekin.api.config import ReceiveConfig, read_config
    from casekin.api.logs import configure_logs
    from casekin.journeys.receive import open_site

    if config is not None:
        given = read_config(config)
        if given.receive is None:
            raise click.UsageError("the configuration has no table [receive]")
        name, tenant = given.receive.tenant, given.tenants[given.receive.tenant]
        receive, log_format = given.receive, log_format or given.log_format
        index, site, model = tenant.index_address, tenant.site, tenant.model
    else:
        name = "default"
        receive = ReceiveConfig(
            host=host, dicom_port=dicom_port, ae_title=ae_title, callers=callers, hl7_port=hl7_port,
            hl7_callers=hl7_callers, tls_cert=tls_cert, tls_key=tls_key,
        )  # fmt: skip
    if index is None:
        raise click.UsageError("expected --index or --config")
    _check(receive, without_tls)
    configure_logs(log_format or "text")
    _listen(open_site(index, site=site, model=model, tenant=name), receive, quiet_s=quiet_s, as_json=as_json)


def _check(receive: ReceiveConfig, without_tls: bool) -> None:
    """Beyond this machine senders have to be named, and what they send has to be protected."""
    from casekin.loopback import is_loopback

    if receive.dicom_port is None and receive.hl7_port is None:
        raise click.UsageError("expected --dicom-port or --hl7-port")
    if (receive.tls_cert is None) != (receive.tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key come together")
    if is_loopback(receive.host):
        return
    if receive.tls_cert is None and not without_tls:
        raise click.UsageError("beyond this machine: expected --tls-cert and --tls-key, or --without-tls")
    if receive.dicom_port is not None and not receive.callers:
        raise click.UsageError("beyond this machine: expected --caller for every sender that may")
    if receive.hl7_port is not None and not receive.hl7_callers:
        raise click.UsageError("beyond this machine: expected --hl7-caller for every sender that may")


def _listen(site: Site, receive: ReceiveConfig, *, quiet_s: float, as_json: bool) -> None:
    from casekin.listener import DicomReceiver, DicomSettings, Hl7Receiver, Hl7Settings, Peers, server_tls
    from casekin.listener.turns import take_turns

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tls = None
    if receive.tls_cert is not None and receive.tls_key is not None:
        tls = server_tls(receive.tls_cert, receive.tls_key)
    told: dict[str, object] = {}
    with ExitStack() as open_ports:
        if receive.dicom_port is not None:
            settings = DicomSettings(
                host=receive.host, port=receive.dicom_port, ae_title=receive.ae_title,
                callers=Peers.of(receive.callers), tls=tls,
            )  # fmt: skip
            told |= {"dicom_port": open_ports.enter_context(DicomReceiver(site, settings)).port}
        if receive.hl7_port is not None:
            callers = Peers.of([f"@{address}" for address in receive.hl7_callers])
            hl7 = Hl7Settings(host=receive.host, port=receive.hl7_port, callers=callers, tls=tls)
            told |= {"hl7_port": open_ports.enter_context(Hl7Receiver(site, hl7)).port}
        if as_json:
            echo_json({"host": receive.host, "ae_title": receive.ae_title, **told})
        else:
            ports = ", ".join(f"{name.split('_')[0].upper()} at port {port}" for name, port in told.items())
            click.echo(f"casekin listens at {receive.host}: {ports} (Ctrl-C stops it)")
        take_turns(site, stop, quiet_s=quiet_s)
