"""Measures of drafted reports: what is true in them, what they cite, how they are worded."""

from casekin.evaluation.drafts.reference import Reference
from casekin.evaluation.drafts.scoring import CONSTANT, COPY, RANDOM, DraftEvaluation, score_drafts
from casekin.evaluation.drafts.told import ToldDraft, ToldSentence

__all__ = ["CONSTANT", "COPY", "RANDOM", "DraftEvaluation", "Reference", "ToldDraft", "ToldSentence", "score_drafts"]
