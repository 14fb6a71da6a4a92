"""How alike every two images of an archive are at a place, by the grades that mining gives them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.relevance import CaseFindings, RelevanceTable
from casekin.training.mirror import MIRRORED_LOCATIONS
from casekin.types import Place

WHOLE = len(LOCATIONS)
"""The number of the place that is the whole image, behind those of the 29 locations."""
_BEST = 3.0
_ASKED: tuple[Place | None, ...] = (*LOCATIONS, None)
_MIRRORED = np.append(MIRRORED_LOCATIONS, WHOLE)


class ArchiveGrades:
    """Grades of the images of an archive, numbered as their cases are given (which may hold a case id twice).

    `judged` and `abnormal` are bool `(30, N)`: whether a report speaks of a place, and whether a finding stands there.
    """

    def __init__(self, cases: Sequence[CaseFindings]) -> None:
        own = [
            CaseFindings(case_id=str(n), patient=case.patient, facts=case.facts, normal_anatomies=case.normal_anatomies)
            for n, case in enumerate(cases)
        ]
        self._table = RelevanceTable.build(own)
        self.judged = np.zeros((len(_ASKED), len(cases)), dtype=np.bool_)
        self.abnormal = np.zeros_like(self.judged)
        for number, place in enumerate(_ASKED):
            self.judged[number, self._table.judged(place)] = True
            self.abnormal[number, self._table.abnormal(place)] = True
        _, self._patients = np.unique([case.patient for case in cases], return_inverse=True)

    def relevance(
        self,
        images: NDArray[np.int64],
        places: NDArray[np.int64],
        others: NDArray[np.int64],
        *,
        mirrored: bool,
        normal: float,
    ) -> NDArray[np.float32]:
        """A third of the grade, `(n, m)`, of each of n regions (an image, a place) with the m images at that place.

        NaN where a report doesn't speak of the place, and within a patient; `normal` where both are normal there.
        `mirrored`: all images are shown mirrored, places are those of the mirrored images.
        """
        asked = _MIRRORED[places] if mirrored else places
        values = np.zeros((len(images), len(others)), dtype=np.float32)
        grades = np.zeros(self.judged.shape[1], dtype=np.float32)
        for row, (image, place) in enumerate(zip(images.tolist(), asked.tolist(), strict=True)):
            if self.abnormal[place, image]:
                relevant, graded = self._table.relevant(str(image), _ASKED[place])
                grades[relevant] = graded
                values[row] = grades[others] / _BEST
                grades[relevant] = 0.0
            else:
                values[row] = np.where(self.abnormal[place, others], 0.0, normal)
        known = self.judged[asked, images][:, None] & self.judged[asked][:, others]
        known &= self._patients[images][:, None] != self._patients[others][None, :]
        values[~known] = np.nan
        return values

    def abnormal_places(self, image: int, *, mirrored: bool) -> NDArray[np.int64]:
        """Locations where the image, or its mirrored form, shows a finding."""
        return np.flatnonzero(self._shown(self.abnormal, image, mirrored))

    def normal_places(self, image: int, *, mirrored: bool) -> NDArray[np.int64]:
        """Locations that the report speaks of and that show none."""
        known = self._shown(self.judged, image, mirrored) & ~self._shown(self.abnormal, image, mirrored)
        return np.flatnonzero(known)

    def _shown(self, table: NDArray[np.bool_], image: int, mirrored: bool) -> NDArray[np.bool_]:
        order = _MIRRORED[:WHOLE] if mirrored else np.arange(WHOLE)
        return np.asarray(table[order, image])
