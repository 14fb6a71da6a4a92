"""Routes of the group exports. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven


class ExportsCalls(Connection):
    """Calls of the group exports."""

    def create_export(
        self,
        *,
        form: Literal["key-objects", "segmentation", "region-report", "imaging-study"],
        targets: Sequence[Mapping[str, Any]],
        description: str | NotGiven | None = NOT_GIVEN,
    ) -> bytes:
        """Chosen images and regions as DICOM key objects, segmentation or report, or as FHIR.

        `POST /v1/exports`.
        """
        return self._call(
            "POST", "/v1/exports", fields={"form": form, "targets": targets, "description": description}
        ).content
