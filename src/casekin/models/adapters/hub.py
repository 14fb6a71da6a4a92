"""Fetching a model from the hub at one pinned revision; the only place here that goes on the network."""

from __future__ import annotations

import re
from pathlib import Path

from casekin.errors import ModelError
from casekin.models.adapters.extra import missing_extra

_WANTED = ("*.json", "*.safetensors", "*.bin", "*.pt", "*.txt", "*.model", "*.onnx", "README.md", "LICENSE*")
_UNWANTED = ("dino_head*", "backbone_compatible*", "onnx/*", "example_data/*", "flax_model*", "tf_model*")


def looks_like_hub_id(name: str) -> bool:
    """Whether a name has the form `owner/model`."""
    return re.fullmatch(r"[\w.-]+/[\w.-]+", name) is not None


def fetch_snapshot(hub_id: str, revision: str) -> Path:
    """The local folder of a hub model at a commit, from the hub's cache where it lies there.

    Raises ModelError when the revision is no full commit hash (a branch moves), the model is gated or unknown, or the
    hub can't be reached.
    """
    if not re.fullmatch(r"[0-9a-f]{40}", revision):
        raise ModelError(f"revision {revision!r} may move, expected the 40 hex digits of a commit of {hub_id}")
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError
    except ImportError as error:
        raise missing_extra() from error
    try:
        folder = snapshot_download(
            hub_id, revision=revision, allow_patterns=list(_WANTED), ignore_patterns=list(_UNWANTED)
        )
    except GatedRepoError as error:
        raise ModelError(f"{hub_id} is gated: accept its terms on the hub, then log in with `hf auth login`") from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"{hub_id} at {revision[:12]} can't be fetched ({type(error).__name__}); check name and connection, "
            "or give the path of a downloaded folder"
        ) from error
    return Path(folder)
