"""The client of all groups. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from casekin.client.calls.admin import AdminCalls
from casekin.client.calls.cases import CasesCalls
from casekin.client.calls.collections import CollectionsCalls
from casekin.client.calls.drafts import DraftsCalls
from casekin.client.calls.exports import ExportsCalls
from casekin.client.calls.feedback import FeedbackCalls
from casekin.client.calls.images import ImagesCalls
from casekin.client.calls.jobs import JobsCalls
from casekin.client.calls.recipes import RecipesCalls
from casekin.client.calls.searches import SearchesCalls
from casekin.client.calls.state import StateCalls
from casekin.client.calls.uploads import UploadsCalls


class Client(
    SearchesCalls,
    DraftsCalls,
    UploadsCalls,
    ImagesCalls,
    CasesCalls,
    CollectionsCalls,
    RecipesCalls,
    FeedbackCalls,
    JobsCalls,
    AdminCalls,
    ExportsCalls,
    StateCalls,
):
    """Every route of a service as a method; each raises `ServiceError`."""
