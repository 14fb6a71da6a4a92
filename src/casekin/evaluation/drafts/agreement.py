"""Whether a draft says what is there: finding and polarity, strictly and by kinship, sides, and what nothing bears out.

Every figure is a sum over drafts divided by a sum over drafts, so a case adds a part to each: `Parts`.
"""

from __future__ import annotations

from collections.abc import Callable

from casekin.anatomy import mirror
from casekin.evaluation.drafts.reference import NORMAL, Reference, covers, is_kin, is_same
from casekin.evaluation.drafts.told import ToldDraft
from casekin.relevance.cases import states_finding
from casekin.types import Fact

Parts = dict[str, tuple[float, float]]
"""What a case adds to a figure's two sums, by the figure's name."""
LEVELS = ("", "kin")
"""`kin`: a kind of the finding, or what it is a kind of, at a place that meets its own, counts as well."""


_SCOPES: dict[str, Callable[[Fact], bool]] = {
    "": lambda fact: True,
    "present": states_finding,
    "absent": lambda fact: not states_finding(fact),
}


def tally_agreement(draft: ToldDraft, reference: Reference) -> Parts:
    """F1, precision and recall of the draft's claims, sides that are wrong, and claims that nothing bears out.

    Precision asks of every claim whether the reference bears it out: a finding that is present must be at just its
    place and side, an absence must be true. Recall asks of everything that the reference states, presences and
    absences that its report denies, whether the draft says so; a normal place denies what it rules out. F1 is the
    claims borne out and the statements found, of all claims and statements: 2PR / (P + R) where both are as many.
    """
    return {**_f1_parts(draft, reference), **_error_parts(draft, reference)}


def tally_anatomies(draft: ToldDraft, reference: Reference) -> dict[str, Parts]:
    """The same F1 by the anatomy that a claim, or what the reference states, names; sides together."""
    anatomies = dict.fromkeys(fact.anatomy for fact in (*draft.claims, *reference.present, *reference.denied))
    return {name: _f1_parts(draft, reference, anatomy=name) for name in anatomies}


def _f1_parts(draft: ToldDraft, reference: Reference, *, anatomy: str | None = None) -> Parts:
    """F1, precision and recall in each scope at each level, of what names the anatomy; None: of everything."""
    parts: Parts = {}
    for scope, wanted in _SCOPES.items():
        claims = [fact for fact in draft.claims if wanted(fact) and anatomy in (None, fact.anatomy)]
        stated = [
            fact for fact in (*reference.present, *reference.denied) if wanted(fact) and anatomy in (None, fact.anatomy)
        ]
        for level in LEVELS:
            kin = level == "kin"
            borne = sum(reference.holds(claim) if kin else reference.states(claim) for claim in claims)
            found = sum(_is_found(fact, draft, kin=kin) for fact in stated)
            name = f"({','.join(filter(None, (scope, level)))})".removesuffix("()")
            parts[f"F1{name}"] = (borne + found, len(claims) + len(stated))
            parts[f"Precision{name}"] = (borne, len(claims))
            parts[f"Recall{name}"] = (found, len(stated))
    return parts


def _is_found(fact: Fact, draft: ToldDraft, *, kin: bool) -> bool:
    """Whether the draft states what the reference does."""
    if not states_finding(fact):
        return any(covers(denial, fact) for denial in draft.denials)
    agrees = is_kin if kin else is_same
    return any(agrees(fact, claim) for claim in draft.claims if states_finding(claim))


def _error_parts(draft: ToldDraft, reference: Reference) -> Parts:
    present = [claim for claim in draft.claims if states_finding(claim)]
    sided = [claim for claim in present if claim.side in ("left", "right")]
    wrong = sum(is_on_other_side(claim, reference) for claim in sided)
    there = sum(reference.holds(claim) for claim in sided)
    unsupported = sum(not reference.holds(claim) for claim in draft.claims)
    stated = (*reference.present, *reference.denied)
    return {
        "SideError": (wrong, len(sided)),
        "SideError(found)": (wrong, wrong + there),
        "Unsupported": (unsupported, len(draft.claims)),
        "Unsupported(present)": (sum(not reference.holds(claim) for claim in present), len(present)),
        "Spoken": (sum(_is_spoken_of(fact, draft) for fact in stated), len(stated)),
        "Claims": (len(draft.claims), 1),
        "Claims(present)": (len(present), 1),
        "Answered": (bool(draft.sentences), 1),
    }


def is_on_other_side(claim: Fact, reference: Reference) -> bool:
    """Whether the claim is false where it is, and true at the mirrored place."""
    place = mirror(claim.place)
    turned = Fact(finding=claim.finding, anatomy=place.anatomy, side=place.side, polarity=claim.polarity)
    return not reference.holds(claim) and reference.holds(turned)


def _is_spoken_of(fact: Fact, draft: ToldDraft) -> bool:
    """Whether a claim, true or false, or what a normal place rules out, is about the fact's finding and place."""
    return any(is_kin(fact, one) for one in (*draft.claims, *draft.denials) if one.finding != NORMAL)
