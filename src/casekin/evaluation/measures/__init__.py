"""Measures as objects: of rankings (by name, see `catalogue`), of pointing at a place, and of confidence."""

from casekin.evaluation.measures.catalogue import DEFAULT_MEASURES, MEASURES, parse_measure, parse_measures
from casekin.evaluation.measures.measure import Measure

__all__ = ["DEFAULT_MEASURES", "MEASURES", "Measure", "parse_measure", "parse_measures"]
