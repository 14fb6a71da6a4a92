"""How everything that casekin writes for people looks: one style, and one way to fill a template."""

from __future__ import annotations

import base64
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["data_uri", "look_css", "markdown_cell", "page_environment"]


def page_environment(package: str, *, escape: bool = True) -> Environment:
    """Templates in a package's folder `templates`, which may include `look.css`; a name that isn't given is an error.

    With `escape` every value is escaped for HTML. Text in Markdown goes through the filter `cell` instead. The filter
    `number` writes thousands apart.
    """
    from jinja2 import ChoiceLoader, Environment, FunctionLoader, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader(package), FunctionLoader(lambda name: look_css() if name == "look.css" else None)]
        ),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["cell"] = markdown_cell
    return environment


def data_uri(content: bytes, *, kind: str) -> str:
    """A file's content in an address, so that a page needs no other file; `kind` as `image/jpeg`."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def look_css() -> str:
    """The style sheet that all pages share: colours for light and dark, and type."""
    return files(__package__).joinpath("look.css").read_text(encoding="utf-8")


def markdown_cell(text: object) -> str:
    """Text that can't break out of a cell of a Markdown table, nor be taken for a link, mark or tag."""
    plain = " ".join(str(text).split())
    return "".join(f"\\{mark}" if mark in "\\|`*_<>[]" else mark for mark in plain)
