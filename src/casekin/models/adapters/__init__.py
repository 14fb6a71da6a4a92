"""Other people's encoders behind one protocol, loaded from a local path or the hub, each with its card.

Importing this module loads neither torch nor transformers; loading a network needs the `adapters` extra.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekin.models.adapters.adapted import adapt_backbone
    from casekin.models.adapters.card import KnownModel, ModelCard, known_models, licence_tier
    from casekin.models.adapters.load import load_backbone
    from casekin.models.adapters.preprocessing import Preprocessing
    from casekin.models.adapters.protocol import Backbone, BackboneFeatures
    from casekin.models.adapters.vectors import PrecomputedVectors, load_vectors

_HOMES = {
    "Backbone": "protocol",
    "BackboneFeatures": "protocol",
    "KnownModel": "card",
    "ModelCard": "card",
    "PrecomputedVectors": "vectors",
    "Preprocessing": "preprocessing",
    "adapt_backbone": "adapted",
    "known_models": "card",
    "licence_tier": "card",
    "load_backbone": "load",
    "load_vectors": "vectors",
}

__all__ = [
    "Backbone",
    "BackboneFeatures",
    "KnownModel",
    "ModelCard",
    "PrecomputedVectors",
    "Preprocessing",
    "adapt_backbone",
    "known_models",
    "licence_tier",
    "load_backbone",
    "load_vectors",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
