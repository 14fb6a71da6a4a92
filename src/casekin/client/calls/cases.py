"""Routes of the group cases. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from casekin.client.connection import NOT_GIVEN, Connection, NotGiven, in_path
from casekin.client.shapes.cases import Case, CaseList, Exams


class CasesCalls(Connection):
    """Calls of the group cases."""

    def cases(
        self,
        *,
        study_instance_uid: str | NotGiven | None = NOT_GIVEN,
        accession_number: str | NotGiven | None = NOT_GIVEN,
        patient: str | NotGiven | None = NOT_GIVEN,
        modality: str | NotGiven | None = NOT_GIVEN,
        where: str | NotGiven | None = NOT_GIVEN,
        limit: int | NotGiven = NOT_GIVEN,
        after: str | NotGiven | None = NOT_GIVEN,
    ) -> CaseList:
        """Cases by id, page by page; names of a study or patient are better sent to /cases/lookups.

        `GET /v1/cases`.
        """
        reply: CaseList = self._call(
            "GET",
            "/v1/cases",
            query={
                "study_instance_uid": study_instance_uid,
                "accession_number": accession_number,
                "patient": patient,
                "modality": modality,
                "where": where,
                "limit": limit,
                "after": after,
            },
        ).json()
        return reply

    def look_up_cases(
        self,
        *,
        study_instance_uid: str | NotGiven | None = NOT_GIVEN,
        accession_number: str | NotGiven | None = NOT_GIVEN,
        patient: str | NotGiven | None = NOT_GIVEN,
        modality: str | NotGiven | None = NOT_GIVEN,
        where: str | NotGiven | None = NOT_GIVEN,
        limit: int | NotGiven = NOT_GIVEN,
        after: str | NotGiven | None = NOT_GIVEN,
    ) -> CaseList:
        """The same list, asked in a body, so that no identifier stands in an address.

        `POST /v1/cases/lookups`.
        """
        reply: CaseList = self._call(
            "POST",
            "/v1/cases/lookups",
            fields={
                "study_instance_uid": study_instance_uid,
                "accession_number": accession_number,
                "patient": patient,
                "modality": modality,
                "where": where,
                "limit": limit,
                "after": after,
            },
        ).json()
        return reply

    def case_preview(self, case_id: str, *, image: int | NotGiven = NOT_GIVEN) -> bytes:
        """A case's image as the index keeps it, JPEG.

        `GET /v1/cases/{case_id}/preview`.
        """
        return self._call("GET", f"/v1/cases/{in_path(case_id)}/preview", query={"image": image}).content

    def case_exams(self, case_id: str) -> Exams:
        """All cases of this case's patient, in time order.

        `GET /v1/cases/{case_id}/exams`.
        """
        reply: Exams = self._call("GET", f"/v1/cases/{in_path(case_id)}/exams").json()
        return reply

    def case(self, case_id: str) -> Case:
        """A case: its record, findings and report.

        `GET /v1/cases/{case_id}`.
        """
        reply: Case = self._call("GET", f"/v1/cases/{in_path(case_id)}").json()
        return reply
