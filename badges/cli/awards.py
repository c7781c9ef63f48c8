"""`badges award`, `export`, `reissue`, `revoke`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from badges.bootstrap import ready_service
from badges.cli.output import example, fail, json_option, plain_errors, print_json, write_output
from badges.errors import AlreadyHeldError, InvalidInputError
from badges.ids import read_id
from badges.services.award_values import find_award
from badges.services.awards import AwardRequest, Source, award_badge
from badges.services.batch_withdrawing import withdraw_batch
from badges.services.learner_records import make_learner_record
from badges.services.own_documents import own_document
from badges.services.revocation import checked_reason, reason_wording, revoke_award
from badges.services.superseding import supersede_award
from badges.standards.moments import write_moment
from badges.vocab.award import Evidence
from badges.vocab.status import REVOCATION_WORDING, SupersessionReason

# The forms of a badge, and the address at which each is served.
_FORMS = {
    "json": "credential_json",
    "jwt": "credential_jwt",
    "jwt-es256": "credential_jwt_es256",
    "png": "credential_png",
    "svg": "credential_svg",
    "ob2": "ob2_assertion",
    "ob2-jws": "ob2_assertion_jws",
}


def _award_id(text: str) -> UUID:
    """Return the number of a badge, given as such or as its address. Raises InvalidInputError."""
    try:
        return read_id(text)
    except ValueError:
        raise InvalidInputError(
            '"%(text)s" is no badge\'s number. It looks like 6f1c2a9e-…; `badges award` prints it.', text=text
        ) from None


def _result(text: str) -> tuple[str, str]:
    """Return what was reached, given as NAME=VALUE. Raises InvalidInputError."""
    name, sign, value = text.partition("=")
    if not sign:
        raise InvalidInputError(
            '"%(text)s" is no result. It looks like depth=expert.', field="results", text=text[:100]
        )
    return name, value


def _end(text: str) -> datetime:
    """Return the last moment of a day, or the moment itself. Raises InvalidInputError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(
            '"%(text)s" is no date. It looks like 2028-07-31.', field="valid_until", text=text
        ) from None
    if len(text) == len("2028-07-31"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _evidence(text: str) -> Evidence:
    """Return one piece of evidence, given as JSON. Raises InvalidInputError."""
    try:
        members = json.loads(text)
        if not all(isinstance(value, str) for value in members.values()):
            raise TypeError("its members are texts")
        return Evidence(**members)
    except (ValueError, TypeError, AttributeError) as problem:
        raise InvalidInputError(
            "The evidence %(text)s cannot be read. It looks like %(example)s.",
            field="evidence",
            text=text[:200],
            example='{"name": "Poster", "narrative": "What it shows", "url": "https://example.org/poster"}',
        ) from problem


@click.command(epilog=example("badges award supporter --email sam.jones@nhs.net --name 'Sam Jones'"))
@click.argument("achievement", metavar="CLASS")
@click.option("--email", metavar="EMAIL", help="Who receives it. Only a hash of the address gets into the badge.")
@click.option("--no-email", is_flag=True, help="Award without an address: the badge names nobody, no mail is sent.")
@click.option("--name", default="", metavar="NAME", help="For the mail and, if the holder wants, the badge's page.")
@click.option("--organisation", metavar="SLUG", help="Who awards, when several organisations have the class.")
@click.option("--narrative", default="", metavar="TEXT", help="What they did. Public; nothing about patients.")
@click.option("--evidence-url", default="", metavar="URL", help="A link to what shows it. Public.")
@click.option(
    "--evidence",
    "pieces",
    multiple=True,
    metavar="JSON",
    help='A further piece of evidence, for example \'{"name": "Poster", "url": "https://…", "genre": "Poster"}\'; '
    "members: name, narrative, url, genre, audience. May be given several times.",
)
@click.option(
    "--result",
    "results",
    multiple=True,
    metavar="NAME=VALUE",
    help="What was reached, where the class has results: a level, a status or a value. May be given several times.",
)
@click.option("--source-name", default="", metavar="NAME", help="Who assessed it, if somebody else did. Public.")
@click.option("--source-url", default="", metavar="URL", help="Their web address. Public.")
@click.option("--valid-until", metavar="DATE", help="Another end than the class gives, such as 2028-07-31.")
@click.option("--again", is_flag=True, help="Award although they hold it already.")
@json_option
@plain_errors
def award(
    achievement: str,
    email: str | None,
    no_email: bool,
    name: str,
    organisation: str | None,
    narrative: str,
    evidence_url: str,
    pieces: tuple[str, ...],
    results: tuple[str, ...],
    source_name: str,
    source_url: str,
    valid_until: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Award a badge: sign it, store it, queue its mail. Prints its number and address.

    Exit 1 when they hold it already; the first one is named.
    """
    if (email is None) != no_email:
        raise click.UsageError("Give --email EMAIL, or --no-email for a badge that names nobody.")
    service = ready_service()
    request = AwardRequest(
        achievement=achievement,
        email=email,
        name=name,
        organisation=organisation,
        narrative=narrative,
        evidence_url=evidence_url,
        evidence=tuple(map(_evidence, pieces)),
        results=dict(map(_result, results)),
        source=Source(source_name, source_url) if source_name or source_url else None,
        valid_until=_end(valid_until) if valid_until else None,
        again=again,
    )
    try:
        with service.database.write() as session:
            record = award_badge(session, service.installation, request)
    except AlreadyHeldError as problem:
        if as_json:
            print_json({"error": "already-held", "id": problem.award_id, "message": str(problem)})
        fail(f"{problem} Use --again to award it once more.")
    url = service.installation.addresses.url("credential", award_id=record.id)
    if as_json:
        print_json({"id": str(record.id), "url": url})
    else:
        click.echo(f"id: {record.id}\nurl: {url}")


@click.command(
    epilog=example(
        "badges export 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --as png --output badge.png\n"
        "badges export --clr sam.jones@nhs.net --output badges.json"
    )
)
@click.argument("badge", metavar="[ID]", required=False)
@click.option("--as", "form", type=click.Choice(list(_FORMS)), help="Which form of the badge.")
@click.option(
    "--clr", "email", metavar="EMAIL", help="Instead of one badge: all of this person's, in one signed record."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to; else printed.",
)
@plain_errors
def export(badge: str | None, form: str | None, email: str | None, output: Path | None) -> None:
    """Write one form of a badge, or a record of many badges.

    The forms: JSON or JWT (3.0), PNG or SVG with the badge inside, or those of 2.0. jwt is signed with RS256, which
    every checker reads; jwt-es256 is shorter. With --clr: a Comprehensive Learner Record 2.0 with all badges of a
    person that are neither withdrawn nor over.
    """
    if email is not None and badge is None and form is None:
        _export_record(email, output)
    elif badge is not None and form is not None and email is None:
        _export_badge(badge, form, output)
    else:
        raise click.UsageError("Give a badge's ID and --as FORM, or --clr EMAIL for all badges of a person.")


def _export_badge(badge: str, form: str, output: Path | None) -> None:
    award_id = _award_id(badge)
    service = ready_service()
    values = {"award_id": str(award_id)}
    document = service.read_or_make(lambda session: own_document(session, service.installation, _FORMS[form], values))
    write_output(document.body, output, is_text=form not in ("png", "svg"))


def _export_record(email: str, output: Path | None) -> None:
    service = ready_service()
    with service.database.write() as session:
        text = make_learner_record(session, service.installation, email)
    write_output(text.encode(), output, is_text=True)


@click.command(epilog=example("badges reissue 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --email sam.smith@nhs.net"))
@click.argument("badge", metavar="ID")
@click.option("--email", metavar="EMAIL", help="The person's new address.")
@click.option("--narrative", default="", metavar="TEXT", help="With the link, takes the place of all evidence.")
@click.option("--evidence-url", default="", metavar="URL", help="With the note, takes the place of all evidence.")
@click.option(
    "--reason",
    type=click.Choice([str(reason) for reason in SupersessionReason]),
    help="Why; follows from the rest when left out.",
)
@json_option
@plain_errors
def reissue(
    badge: str, email: str | None, narrative: str, evidence_url: str, reason: str | None, as_json: bool
) -> None:
    """Sign a newer version of a badge.

    It has the same number and address, right details, and today's key. The older version stops counting; whoever
    checks it is led to the newer one. Where nothing would be different, nothing is done.
    """
    award_id = _award_id(badge)
    chosen = SupersessionReason(reason or (SupersessionReason.EMAIL if email else SupersessionReason.DETAILS))
    evidence = [Evidence(narrative, evidence_url)] if narrative or evidence_url else None
    service = ready_service()
    with service.database.write() as session:
        record = find_award(session, award_id)
        is_new = supersede_award(session, service.installation, record, chosen, email=email, evidence=evidence)
    url = service.installation.addresses.url("credential", award_id=award_id)
    if as_json:
        print_json({"id": str(award_id), "url": url, "reissued": is_new, "validFrom": write_moment(record.valid_from)})
    else:
        click.echo(
            f"A newer version counts from now on: {url}" if is_new else "Nothing has changed: it stays as it is."
        )


@click.command(
    epilog=example(
        "badges revoke 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --reason mistake --note 'Wrong Sam Jones'\n"
        "badges revoke --batch 12 --reason mistake"
    ),
    help="Withdraw a badge, or all of a batch, for ever. The reason is public, the note is not.\n\n\b\nReasons:\n"
    + "\n".join(f"  {reason:14} {wording}" for reason, wording in REVOCATION_WORDING.items()),
)
@click.argument("badge", metavar="[ID]", required=False)
@click.option("--batch", type=int, metavar="NUMBER", help="Instead of one badge: all of a batch that stand.")
@click.option("--reason", required=True, metavar="REASON", help="One of the list above.")
@click.option("--note", default="", metavar="TEXT", help="For your organisation only.")
@json_option
@plain_errors
def revoke(badge: str | None, batch: int | None, reason: str, note: str, as_json: bool) -> None:
    """Withdraw a badge and print the sentence that its page says from now on."""
    checked_reason(reason)
    if batch is not None and badge is None:
        _revoke_batch(batch, reason, note, as_json=as_json)
        return
    if badge is None or batch is not None:
        raise click.UsageError("Give a badge's ID, or --batch NUMBER.")
    award_id = _award_id(badge)
    service = ready_service()
    with service.database.write() as session:
        record = revoke_award(session, service.installation, find_award(session, award_id), reason, note=note)
        wording = str(reason_wording(record))
    if as_json:
        print_json({"id": str(award_id), "revoked": True, "reason": reason, "message": wording})
    else:
        click.echo(f"Withdrawn. Its page now says: {wording}")


def _revoke_batch(batch: int, reason: str, note: str, *, as_json: bool) -> None:
    service = ready_service()
    with service.database.write() as session:
        count = withdraw_batch(session, service.installation, batch, reason, note=note)
    if as_json:
        print_json({"batch": batch, "revoked": count, "reason": reason})
    else:
        click.echo(f"{count:,} badges withdrawn. Each person gets a mail.")
