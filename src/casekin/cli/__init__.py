"""The command line: parse, call one journey, render. Exit codes: 0 done, 1 failed, 2 wrong usage."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from casekin import __version__

COMMANDS = {
    "demo": "Run the whole road offline: simulate, ingest, search, evidence sheet.",
    "world": "Write a simulated archive.",
    "mine": "Read reports into facts, graded relevance and a data card.",
    "train": "Fit a model on an archive's images and mined reports.",
    "ingest": "Put images and reports into an index.",
    "deidentify": "Write copies of image files that name nobody.",
    "calibrate": "Let an archive's own cases say how far its answers may be trusted.",
    "search": "Find similar cases, with evidence for each.",
    "draft": "Draft a preliminary report that cites similar cases.",
    "ground": "Show where in an image a phrase is, and which word says so.",
    "evaluate": "Measure an index or runs by labels, beside chance and baselines.",
    "judge": "Have readers judge pairs of cases blindly, and turn that into labels.",
    "serve": "Serve the web page and the REST API of an index to this machine.",
    "export": "Write chosen cases and regions as DICOM key objects, SEG, SR, or FHIR.",
    "listen": "Take studies and reports from a hospital's network into an index.",
    "token": "Make, list and revoke the tokens by which programs sign in to a service.",
    "health": "Ask a running service whether it is ready.",
    "jobs": "List what a service was asked to do, cancel or retry it, or do it.",
    "backup": "Write what a folder or object store lacks of an index.",
    "restore": "Make an index from a backup.",
    "snapshot": "Keep an index as it is now, or bring that back.",
    "audit": "Say who did what at an index, and prove that record.",
    "forget": "Erase cases for good, and say which backups hold them.",
    "migrate": "Move an index to a server, or back into a folder.",
    "reembed": "Give an index another model's vectors beside its own.",
    "models": "List the models of an index, switch to another, or back.",
    "info": "Say what an index holds and whether it is sound.",
}


class _LazyGroup(click.Group):
    """Commands load when they are called, so that `casekin --help` stays light."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"casekin.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="casekin")
def app() -> None:
    """Find the patients whose images show the same finding in the same place.

    Research, teaching and quality assurance; not a diagnostic device.
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(run(argv))


def run(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; errors become one line on stderr."""
    from casekin.errors import CasekinError

    try:
        result: Any = app.main(args=argv, prog_name="casekin", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.UsageError as error:
        error.show()
        return 2
    except (CasekinError, click.ClickException) as error:
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo("error: " + " ".join(text.split()), err=True)
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; the same command goes on where it was", err=True)
        return 1
    except OSError as error:
        click.echo(f"error: {error.strerror or type(error).__name__}: {error.filename or ''}", err=True)
        return 1
    return result if isinstance(result, int) else 0
