"""Relevance of two cases, computed from their findings."""

from casekin.relevance.grades import grade_at, is_normal_at
from casekin.relevance.similarity import FactMatches, fact_similarity, match_facts

__all__ = ["FactMatches", "fact_similarity", "grade_at", "is_normal_at", "match_facts"]
