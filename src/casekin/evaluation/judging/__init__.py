"""Blind judging: people say how alike two cases are at a place, and what they say becomes labels."""

from casekin.evaluation.judging.agreement import Agreement, measure_agreement
from casekin.evaluation.judging.answers import Answers, Verdict, read_adjudicated, read_answers, settle
from casekin.evaluation.judging.page import Film, reader_page
from casekin.evaluation.judging.pool import Pair, Pools, Session, Shown, draw_session, pool_pairs, read_session

__all__ = [
    "Agreement",
    "Answers",
    "Film",
    "Pair",
    "Pools",
    "Session",
    "Shown",
    "Verdict",
    "draw_session",
    "measure_agreement",
    "pool_pairs",
    "read_adjudicated",
    "read_answers",
    "read_session",
    "reader_page",
    "settle",
]
