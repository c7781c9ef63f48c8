"""What belongs to a badge of Open Badges 2.0 beside its claims: extensions, pictures, the page with its criteria."""

from __future__ import annotations

from badges.verifying.checks.ob2_chain import Chain
from badges.verifying.checks.ob2_extensions import check_extensions
from badges.verifying.checks.ob2_images import check_pictures
from badges.verifying.documents import Documents
from badges.verifying.report import Finding, gravest
from badges.vocab.json import JsonObject


def check_what_belongs(shape: Finding, assertion: JsonObject, chain: Chain, documents: Documents) -> Finding:
    """Return the finding on the shape of a badge, or what its belongings add to it if that is graver.

    It comes last, so that pictures never use up the number of documents that a badge may ask for.
    Source: Open Badges 2.0, "Extensions", "Assertion" (image), "BadgeClass" (image, criteria).
    """
    badge_class, issuer = chain.badge_class.document or {}, chain.issuer.document or {}
    extensions = [check_extensions(each, documents) for each in (assertion, badge_class, issuer)]
    pictures = check_pictures(assertion, badge_class, documents)
    return gravest([shape, *(each for each in extensions if each is not None), *pictures])
