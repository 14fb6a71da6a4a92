"""The one error for calls that need the `adapters` extra where it isn't installed."""

from __future__ import annotations

from casekin.errors import DependencyError


def missing_extra() -> DependencyError:
    """The error that names the install command."""
    return DependencyError("other people's encoders need torch and transformers; pip install 'casekin[adapters]'")
