"""Achievements and profiles of Open Badges 3.0 that stand by themselves, as issuers publish them: no badges."""

from __future__ import annotations

from badges.standards.ob3.reader import read_credential
from badges.verifying.checks.ob2_description import NOTHING_TO_CHECK, say_what_it_is
from badges.verifying.checks.shape import check_described_ob3
from badges.verifying.descriptions import PROFILE, ob3_class_described
from badges.verifying.report import CheckName, Finding
from badges.vocab.json import JsonObject
from badges.vocab.view import CredentialView


def check_description_ob3(document: JsonObject) -> dict[CheckName, Finding]:
    """Return a finding for every check: only the form of it can be judged, for nobody signed it.

    Source: Open Badges 3.0, "Achievement", "Profile".
    """
    class_name = ob3_class_described(document)
    findings = dict.fromkeys(CheckName, NOTHING_TO_CHECK)
    findings[CheckName.SHAPE] = say_what_it_is(check_described_ob3(document, class_name), class_name)
    return findings


def view_of_description_ob3(document: JsonObject) -> CredentialView:
    """Return what it says, read as the part of a badge that it would be."""
    if ob3_class_described(document) == PROFILE:
        return read_credential({"issuer": document})
    return read_credential({"credentialSubject": {"achievement": document}, "issuer": document.get("creator")})
