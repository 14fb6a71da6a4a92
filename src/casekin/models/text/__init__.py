"""Text encoders: sentences in, vectors of sentences and words out. Importing this module loads no network."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekin.models.text.load import load_text_encoder
    from casekin.models.text.protocol import EncodedText, TextEncoder

_HOMES = {"EncodedText": "protocol", "TextEncoder": "protocol", "load_text_encoder": "load"}

__all__ = ["EncodedText", "TextEncoder", "load_text_encoder"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
