"""What is said of the credentials that another one carries: what each is about, by whom, and what speaks against it."""

from __future__ import annotations

from badges.verifying.caveats import caveat_of
from badges.verifying.report import CheckName, Inside, Outcome, Report
from badges.vocab.view import CredentialView
from badges.wording import Wording, say


def endorsed_words(inside: Inside, badge: CredentialView | None) -> Wording | None:
    """Return what an endorsement is about; None if it is none, or cannot be read. badge: what carries it."""
    if inside.place is not CheckName.ENDORSEMENTS or inside.report.view is None:
        return None
    about = inside.report.view.subject_id
    if badge is not None and about == badge.issuer.id:
        return say("About the organisation that awards it")
    if badge is not None and about == badge.achievement_id:
        return say("About this kind of badge")
    if badge is not None and about == badge.id:
        return say("About this very badge")
    return say("About something else")


def inside_sentence(inside: Inside) -> Wording:
    """Return who stands behind it, and what speaks against it."""
    view = inside.report.view
    issuer = (view.issuer.name or view.issuer.id) if view else ""
    problem = inside.doubt or first_problem(inside.report) or caveat_of(inside.report)
    if inside.place is CheckName.ENDORSEMENTS:
        if problem is None:
            return say("Endorsed by %(issuer)s, and confirmed.", issuer=issuer)
        template = "Says to be an endorsement by %(issuer)s. Not confirmed: %(problem)s"
        return say(template, issuer=issuer, problem=problem)
    if problem is None and inside.report.judged_instead:
        return say("Awarded by %(issuer)s. What is shown is an older version; we checked the newer one.", issuer=issuer)
    if problem is None:
        return say("Awarded by %(issuer)s.", issuer=issuer)
    return say("Says to be awarded by %(issuer)s. %(problem)s", issuer=issuer, problem=problem)


def first_problem(report: Report) -> Wording | None:
    """Return the sentence of the check that decides: the first that failed, else the first that is not known."""
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        for check in report.checks:
            if check.outcome is outcome:
                return check.message
    return None
