"""What the holder decides: a name on the page, or no page."""

from __future__ import annotations

import pytest

from badges.errors import InvalidInputError, NotFoundError
from badges.services.award_values import find_award
from badges.services.holders import award_of_link, holder_url, page_name, set_page
from badges.services.links import LinkPurpose
from badges.services.names import NAME_MAX
from badges.services.superseding import supersede_award
from badges.storage.records import AwardRecord
from badges.verifying.report import Verdict
from badges.vocab.status import SupersessionReason
from tests.instances import BASE_URL, Bench


def test_link_opens_the_holder_s_badge_for_ever(bench: Bench) -> None:
    award, other = bench.award(), bench.award(email="kim@example.org")
    url = holder_url(bench.service.installation, award)
    assert url.startswith(f"{BASE_URL}/mine/")
    assert url != holder_url(bench.service.installation, other)
    bench.clock.advance(days=3650)
    with bench.service.database.read() as session:
        assert award_of_link(session, bench.again().installation, url.rsplit("/", 1)[1]).id == award.id


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "…"])
def test_wrong_token_opens_nothing(bench: Bench, token: str) -> None:
    bench.award()
    with bench.service.database.read() as session, pytest.raises(NotFoundError, match="not complete"):
        award_of_link(session, bench.service.installation, token)


def test_link_of_the_former_address_opens_nothing_once_the_badge_is_another_s(bench: Bench) -> None:
    award = bench.award(email="sam@example.org")
    former = holder_url(bench.service.installation, award).rsplit("/", 1)[1]
    with bench.service.database.write() as session:
        record = find_award(session, award.id)
        supersede_award(session, bench.service.installation, record, SupersessionReason.EMAIL, email="kim@example.org")
    with bench.service.database.read() as session:
        record = find_award(session, award.id)
        today = holder_url(bench.service.installation, record).rsplit("/", 1)[1]
        assert award_of_link(session, bench.service.installation, today).id == award.id
        with pytest.raises(NotFoundError):
            award_of_link(session, bench.service.installation, former)


def test_sign_in_token_opens_no_badge(bench: Bench) -> None:
    token = bench.service.installation.links.token(LinkPurpose.SIGN_IN, bench.award().id)
    with bench.service.database.read() as session, pytest.raises(NotFoundError):
        award_of_link(session, bench.service.installation, token)


def test_address_of_the_badge_gives_no_way_to_the_link(bench: Bench) -> None:
    """Two installations with the same badge have different links."""
    award = bench.award()
    token = holder_url(bench.service.installation, award).rsplit("/", 1)[1]
    (bench.folders.keys / "links.secret").write_text("0" * 64)
    with bench.service.database.read() as session, pytest.raises(NotFoundError):
        award_of_link(session, bench.again().installation, token)


def choose(
    bench: Bench, award: AwardRecord, *, name: str = "", shows_name: bool = False, is_private: bool = False
) -> AwardRecord:
    """Save what the holder chose."""
    installation = bench.service.installation
    with bench.service.database.write() as session:
        found = find_award(session, award.id)
        set_page(session, installation, found, name=name, shows_name=shows_name, is_private=is_private)
        return found


def test_name_is_cleaned_and_shown_only_if_wanted(bench: Bench) -> None:
    award = bench.award(name="What the awarder typed")
    assert page_name(award) == "What the awarder typed"
    award = choose(bench, award, name="  Sam\x00\n  Jones ", shows_name=True)
    assert (page_name(award), award.shows_name) == ("Sam Jones", True)
    award = choose(bench, award, name="Sam Jones", shows_name=False)
    assert (page_name(award), award.shows_name) == ("Sam Jones", False)
    assert award.name == "What the awarder typed"


@pytest.mark.parametrize(("name", "shows_name"), [("a" * (NAME_MAX + 1), False), ("", True), (" \x00 ", True)])
def test_name_that_cannot_be_shown_is_refused(bench: Bench, name: str, shows_name: bool) -> None:
    award = bench.award(name="Sam")
    with pytest.raises(InvalidInputError) as refusal:
        choose(bench, award, name=name, shows_name=shows_name)
    assert refusal.value.field == "name"
    assert award.name == "Sam"


def test_private_page_leaves_the_signed_documents(bench: Bench) -> None:
    award = bench.award()
    text = bench.form(award)
    choose(bench, award, is_private=True)
    assert bench.document("credential_json", award_id=award.id).body == text.encode()
    assert bench.verify(text).verdict is Verdict.VALID
