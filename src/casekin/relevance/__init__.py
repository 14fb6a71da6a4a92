"""Relevance of two cases, computed from their findings."""

from casekin.relevance.cases import CaseFindings, is_normal_at, speaks_of
from casekin.relevance.comparison import CaseSimilarity, compare_cases
from casekin.relevance.dataset import RelevanceTable
from casekin.relevance.grades import GRADES_VERSION, grade_at
from casekin.relevance.similarity import fact_similarity
from casekin.relevance.trec import read_case_lists, read_qrels, split_query_id, write_qrels
from casekin.relevance.weights import WEIGHTS, SimilarityWeights

__all__ = [
    "GRADES_VERSION",
    "WEIGHTS",
    "CaseFindings",
    "CaseSimilarity",
    "RelevanceTable",
    "SimilarityWeights",
    "compare_cases",
    "fact_similarity",
    "grade_at",
    "is_normal_at",
    "read_case_lists",
    "read_qrels",
    "speaks_of",
    "split_query_id",
    "write_qrels",
]
