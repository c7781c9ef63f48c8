"""The command `badges`."""

from __future__ import annotations

import click

from badges import __version__
from badges.cli import (
    accounts,
    api_keys,
    audit,
    awards,
    batches,
    classes,
    demo,
    endorsements,
    instance,
    issuers,
    keys,
    organisation_changes,
    organisations,
    packs,
    people,
    verify,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="badges %(version)s")
def main() -> None:
    """Open badges for #AMillionDecisions: award, sign, publish and verify them."""


for _command in (
    instance.init,
    instance.serve,
    instance.worker,
    instance.check,
    instance.sign_in_link,
    awards.award,
    batches.award_batch_command,
    awards.export,
    awards.reissue,
    awards.revoke,
    verify.verify_command,
    endorsements.endorse,
    endorsements.endorsements,
    keys.keys,
    issuers.issuers,
    organisations.organisations,
    people.people,
    classes.classes,
    packs.packs,
    accounts.accounts,
    api_keys.api_keys,
    audit.audit,
    demo.demo,
):
    main.add_command(_command)
for _command in organisation_changes.COMMANDS:
    organisations.organisations.add_command(_command)
