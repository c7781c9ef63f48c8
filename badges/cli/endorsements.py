"""`badges endorse` and `badges endorsements`: what one organisation says in favour of something of another."""

from __future__ import annotations

from uuid import UUID

import click

from badges.bootstrap import Service, ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import ConflictError, InvalidInputError, NotAllowedError
from badges.ids import read_id
from badges.services.award_values import find_award
from badges.services.endorsement_asking import Asked, ask, list_requests, state_of
from badges.services.endorsement_values import find_endorsement
from badges.services.endorsements import EndorsementRequest, carriers, list_endorsements, withdraw_endorsement
from badges.services.endorsements import endorse as endorse_it
from badges.services.organisations import find_organisation
from badges.services.superseding import supersede_award
from badges.standards.moments import write_moment
from badges.storage.records import EndorsementRecord, EndorsementRequestRecord
from badges.vocab.endorsement import WITHDRAWAL_WORDING, EndorsedKind, WithdrawalReason
from badges.vocab.json import JsonObject
from badges.vocab.profile import OrganisationKind
from badges.vocab.status import SupersessionReason


@click.group("endorse")
def endorse() -> None:
    """Stand behind a class, a badge or an organisation. It is signed, and can be withdrawn."""


@click.group("endorsements")
def endorsements() -> None:
    """What organisations here said in favour of others."""


def _endorse_command(kind: EndorsedKind, metavar: str, help_text: str, target_example: str) -> None:
    """Add `badges endorse <kind>`."""

    @endorse.command(
        kind.value,
        help=help_text,
        epilog=example(f"badges endorse {kind} {target_example} --by county-library --comment 'We teach from it.'"),
    )
    @click.argument("target", metavar=metavar)
    @click.option("--by", required=True, metavar="SLUG", help="The organisation that endorses.")
    @click.option("--comment", required=True, metavar="TEXT", help="What it stands for. Public.")
    @json_option
    @plain_errors
    def command(target: str, by: str, comment: str, as_json: bool) -> None:
        service = ready_service()
        request = EndorsementRequest(kind, target, by, comment)
        with service.database.write() as session:
            if find_organisation(session, by).kind == OrganisationKind.ENDORSER:
                raise NotAllowedError(
                    "The key of %(slug)s is kept for somebody outside, who endorses by a mailed link only.", slug=by
                )
            record = endorse_it(session, service.installation, request)
        _print(service, record, as_json)


_endorse_command(
    EndorsedKind.CLASS,
    "CLASS",
    "Endorse a class of badges. Those awarded from now on carry it. CLASS: its slug, or organisation/slug, or "
    "organisation/slug/version.",
    "anytown-hospitals-library/supporter",
)
_endorse_command(
    EndorsedKind.BADGE,
    "ID",
    "Endorse a badge that somebody holds. It is signed anew, under the same number, and carries it.",
    "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00",
)
_endorse_command(
    EndorsedKind.ORGANISATION,
    "SLUG",
    "Endorse an organisation. Badges that it awards from now on carry it.",
    "anytown-hospitals-library",
)


@endorse.command(
    "withdraw",
    epilog=example("badges endorse withdraw 0b6c1f5e-55a1-4d0e-9d57-b6a1c6e0f9d1 --reason changed"),
    help="Withdraw an endorsement, for ever. Badges that carry it are signed anew without it.\n\n\b\nReasons:\n"
    + "\n".join(f"  {reason:10} {wording}" for reason, wording in WITHDRAWAL_WORDING.items()),
)
@click.argument("endorsement", metavar="ID")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([str(reason) for reason in WithdrawalReason]),
    help="Why; the reason is public.",
)
@click.option("--note", default="", metavar="TEXT", help="For your organisation only.")
@json_option
@plain_errors
def withdraw_command(endorsement: str, reason: str, note: str, as_json: bool) -> None:
    """Withdraw an endorsement, unless that is done, and sign the badges that carry it anew without it.

    Broken off and run again, it goes on where it was.
    """
    endorsement_id = _endorsement_id(endorsement)
    service = ready_service()
    with service.database.write() as session:
        if find_endorsement(session, endorsement_id).revoked_at is None:
            withdraw_endorsement(session, service.installation, endorsement_id, WithdrawalReason(reason), note=note)
    count = _sign_carriers_anew(service, endorsement_id)
    if as_json:
        print_json({"id": str(endorsement_id), "withdrawn": True, "reissued": count})
    else:
        click.echo(f"Withdrawn. Badges that carried it and were signed anew: {count}.")


def _sign_carriers_anew(service: Service, endorsement_id: UUID) -> int:
    """Each badge in a transaction of its own: when this is interrupted, the same command goes on where it ended."""
    with service.database.read() as session:
        award_ids = carriers(session, service.installation, find_endorsement(session, endorsement_id))
    count = 0
    for award_id in award_ids:
        try:
            with service.database.write() as session:
                award = find_award(session, award_id)
                count += supersede_award(session, service.installation, award, SupersessionReason.ENDORSEMENT)
        except ConflictError:
            continue  # withdrawn a moment ago
    return count


@endorsements.command(
    "ask",
    epilog=example(
        "badges endorsements ask county-library class/supporter 'Royal College' --email kim@college.example.org"
    ),
)
@click.argument("organisation", metavar="SLUG")
@click.argument("subject", metavar="class/BADGE|pack/PACK|organisation")
@click.argument("endorser", metavar="NAME")
@click.option("--email", required=True, metavar="EMAIL", help="Of the person who is asked.")
@click.option("--message", default="", metavar="TEXT", help="A few words to them.")
@json_option
@plain_errors
def ask_command(organisation: str, subject: str, endorser: str, email: str, message: str, as_json: bool) -> None:
    """Ask somebody outside by mail. They answer by a link, and need no account."""
    service = ready_service()
    kind, _, target = subject.partition("/")
    with service.database.write() as session:
        home = find_organisation(session, organisation)
        record = ask(session, service.installation, home, Asked(kind, target, email, endorser, message))
        summary = _request_summary(service, record)
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{summary['email']} gets a mail with the request.")


@endorsements.command("requests", epilog=example("badges endorsements requests anytown-hospitals-library"))
@click.argument("organisation", metavar="SLUG")
@json_option
@plain_errors
def requests_command(organisation: str, as_json: bool) -> None:
    """Show who was asked for an endorsement. Newest first, with the answer."""
    service = ready_service()
    with service.database.read() as session:
        home = find_organisation(session, organisation)
        pages = list_requests(session, home).pages
        found = [each for page in range(1, pages + 1) for each in list_requests(session, home, page=page).requests]
        rows = [_request_summary(service, record) for record in found]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['asked'][:10]}  {row['state']:9}  {row['endorser']}  {row['email']}  {row['subject']}")


def _request_summary(service: Service, record: EndorsementRequestRecord) -> JsonObject:
    return {
        "id": str(record.id),
        "asked": write_moment(record.created_at),
        "state": state_of(record, service.installation),
        "endorser": record.endorser_name,
        "email": record.email,
        "subject": f"{record.kind} {record.target}",
    }


@endorsements.command("list", epilog=example("badges endorsements list"))
@json_option
@plain_errors
def list_command(as_json: bool) -> None:
    """Show every endorsement. Its number, date, who, what, and whether it stands."""
    service = ready_service()
    with service.database.read() as session:
        found = list_endorsements(session)
        if as_json:
            print_json([_as_json(service, record) for record in found])
            return
        for record in found:
            state = "withdrawn" if record.revoked_at else "stands"
            when, who = f"{record.valid_from:%Y-%m-%d}", record.organisation.slug
            click.echo(f"{record.id}  {when}  {state:9}  {who}  {record.endorsed_id}")


def _endorsement_id(text: str) -> UUID:
    """Return the number of an endorsement, given as such or as its address. Raises InvalidInputError."""
    try:
        return read_id(text)
    except ValueError:
        raise InvalidInputError(
            '"%(text)s" is no endorsement\'s number. `badges endorsements list` shows them.', text=text
        ) from None


def _as_json(service: Service, record: EndorsementRecord) -> JsonObject:
    return {
        "id": str(record.id),
        "url": service.installation.addresses.url("endorsement", endorsement_id=record.id),
        "by": record.organisation.slug,
        "kind": record.kind,
        "endorsed": record.endorsed_id,
        "comment": record.comment,
        "validFrom": write_moment(record.valid_from),
        "withdrawn": record.revoked_at is not None,
    }


def _print(service: Service, record: EndorsementRecord, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(service, record))
    else:
        url = service.installation.addresses.url("endorsement", endorsement_id=record.id)
        click.echo(f"id: {record.id}\nurl: {url}")
