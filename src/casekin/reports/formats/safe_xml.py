"""XML from strangers: expat with every entity declaration refused, so that none can grow or reach out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from casekin.reports.formats.rows import RowError

_DEEPEST = 64
_MOST = 100_000
"""Elements; a report has some hundred, and each takes twenty times the memory of its tag."""


@dataclass(slots=True, kw_only=True)
class Element:
    """One element: tag, attributes, its own text (that of children left out), children in order."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def every(self, tag: str) -> list[Element]:
        """All elements of a tag below this one, in document order."""
        found = []
        for child in self.children:
            found += [child] if child.tag == tag else []
            found += child.every(tag)
        return found


def parse_xml(data: bytes) -> Element:
    """The root element. RowError for malformed XML (naming the line), entities, nesting and size past reason."""
    parser = expat.ParserCreate()
    root = Element(tag="", attributes={})
    open_elements = [root]
    pieces: list[list[str]] = [[]]
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _MOST:
            raise RowError(f"XML of more than {_MOST} elements")
        if len(open_elements) > _DEEPEST:
            raise RowError(f"XML nested deeper than {_DEEPEST} elements")
        element = Element(tag=tag, attributes=attributes)
        open_elements[-1].children.append(element)
        open_elements.append(element)
        pieces.append([])

    def end(_: str) -> None:
        open_elements.pop().text = "".join(pieces.pop())

    def refuse(*_: object) -> Any:
        raise RowError("XML that declares entities, which reports don't need; refused")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: pieces[-1].append(text)
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise RowError(f"malformed XML at line {error.lineno}: {expat.ErrorString(error.code)}") from None
    except (ValueError, LookupError) as error:
        if isinstance(error, RowError):
            raise
        raise RowError("malformed XML: an encoding that isn't known") from None
    return root.children[0]
