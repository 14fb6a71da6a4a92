"""The type of an argument that names an index: a folder, or an address on a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class IndexType(click.ParamType[Path | str]):
    """A folder's path, or `milvus://HOST:PORT/NAME` as it stands: a path would fold its slashes."""

    name = "index"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        return value if isinstance(value, str) and "://" in value else Path(value)


class SourceType(click.ParamType[Path | str]):
    """A path, or a DICOMweb server's address as it stands."""

    name = "source"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        return value if isinstance(value, str) and value.startswith(("http://", "https://")) else Path(value)


INDEX = IndexType()
SOURCE = SourceType()
site_option = click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="State folder of an index on a server. [default: site in the index folder]",
)
