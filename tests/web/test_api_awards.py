"""POST /api/v1/awards: other systems, each with a key of its organisation."""

from __future__ import annotations

import json
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
from openapi_spec_validator import validate
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from badges.services.api_keys import make_key, withdraw_key
from badges.services.organisations import find_organisation
from badges.storage.records import (
    ApiKeyRecord,
    ApiRequestRecord,
    AuditLineRecord,
    AwardRecord,
    BatchRecord,
    OutboxMailRecord,
)
from tests.instances import BASE_URL, ORGANISATION, Bench
from tests.web.browsing import PageClient, open_app

API: Final = "/api/v1/awards"
DOCUMENT: Final = (Path(__file__).parents[2] / "docs" / "api-awards.md").read_text()
SHOWN_ORIGIN: Final = "https://badges.example.org"


def new_key(bench: Bench, *scopes: str, organisation: str = ORGANISATION, days: int = 30) -> str:
    with bench.service.database.write() as session:
        found = find_organisation(session, organisation)
        return make_key(session, bench.service.installation, found, "Ours", scopes or ("award", "read"), days)[1]


@dataclass
class System:
    """Another system with a key."""

    client: PageClient
    key: str

    def award(self, body: Any, *, status: int = 200, **headers: str) -> dict[str, Any]:
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.post(
            API,
            data=data,
            content_type=named.pop("Content-Type", "application/json"),
            headers={"Authorization": f"Bearer {self.key}", **named},
        )
        return self.read(response, status)

    def look(self, award_id: str, *, status: int = 200) -> dict[str, Any]:
        response = self.client.get(f"{API}/{award_id}", headers={"Authorization": f"Bearer {self.key}"})
        return self.read(response, status)

    @staticmethod
    def read(response: TestResponse, status: int) -> dict[str, Any]:
        """Read an answer, and hold it against the description that we publish."""
        assert response.status_code == status, response.text
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
        found: dict[str, Any] = json.loads(response.text)
        if status != 200:
            assert response.mimetype == "application/problem+json"
            assert found["status"] == status
        kind = "Problem" if status != 200 else "Answer" if "results" in found else "Award"
        schema(response, kind).validate(found)
        return found


def schema(response: TestResponse, name: str) -> Any:
    from badges.web.api.openapi import openapi_document

    components = openapi_document(BASE_URL)["components"]
    return jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{name}", "components": components})


@pytest.fixture
def system(bench: Bench) -> System:
    return System(PageClient(open_app(bench.service)), new_key(bench))


def people(*emails: str, badge: str = "supporter") -> dict[str, Any]:
    return {"badge": badge, "recipients": [{"email": email} for email in emails]}


def count(bench: Bench, record: Any) -> int:
    with bench.service.database.read() as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


class TestAwarding:
    def test_badge_stands_when_the_answer_comes(self, system: System, bench: Bench) -> None:
        body = {"badge": "supporter", "recipients": [{"email": "Sam@Example.org", "name": "Sam", "reference": "c-17"}]}
        answer = system.award(body)
        assert (answer["awarded"], answer["already_held"], answer["refused"]) == (1, 0, 0)
        [result] = answer["results"]
        assert result["reference"] == "c-17"
        assert "sam" not in json.dumps(answer).lower()
        page = system.client.get(result["url"].removeprefix(BASE_URL), headers={"Accept": "application/json"})
        assert page.get_json()["id"] == result["url"]
        assert system.look(result["id"])["state"] == "valid"
        assert count(bench, OutboxMailRecord) == 1
        with bench.service.database.read() as session:
            actors = set(session.scalars(select(AuditLineRecord.actor).where(AuditLineRecord.action == "award.made")))
        assert actors == {"api-key"}

    def test_a_thousand_and_no_more(self, system: System, bench: Bench) -> None:
        many = people(*(f"person{number}@example.org" for number in range(1_000)))
        answer = system.award(many)
        assert answer["awarded"] == len({each["id"] for each in answer["results"]}) == 1_000
        many["recipients"].append({"email": "one@example.org"})
        assert system.award(many, status=400)["errors"][0]["pointer"] == "#/recipients"
        assert count(bench, AwardRecord) == 1_000

    def test_bad_recipients_hold_up_no_others(self, system: System, bench: Bench) -> None:
        answer = system.award(people("kim", "sam@example.org", "lee@nhs.ent", "SAM@example.org"))
        assert [each["state"] for each in answer["results"]] == ["refused", "awarded", "needs_look", "already_held"]
        assert answer["results"][0]["problem"]["pointer"] == "#/recipients/0/email"
        assert answer["results"][2]["problem"]["suggestion"] == "lee@nhs.net"
        assert count(bench, BatchRecord) == 1

    def test_again_without_a_key_of_its_own_awards_nobody_twice(self, system: System, bench: Bench) -> None:
        first = system.award(people("sam@example.org"))
        again = system.award(people("sam@example.org"))
        assert (again["batch"], again["awarded"], again["already_held"]) == (None, 0, 1)
        assert again["results"][0]["id"] == first["results"][0]["id"]
        assert (count(bench, AwardRecord), count(bench, BatchRecord)) == (1, 1)

    def test_on_postgresql(self, postgres_bench: Bench) -> None:
        system = System(PageClient(open_app(postgres_bench.service)), new_key(postgres_bench))
        first = system.award(people("sam@example.org", "kim@example.org"), Idempotency_Key="one")
        assert first["awarded"] == 2
        assert system.award(people("sam@example.org", "kim@example.org"), Idempotency_Key="one") == first


class TestOnce:
    def test_same_request_gets_the_same_answer(self, system: System, bench: Bench) -> None:
        first = system.award(people("sam@example.org", "kim"), Idempotency_Key="one")
        assert system.award(people("sam@example.org", "kim"), Idempotency_Key="one") == first
        assert (count(bench, AwardRecord), count(bench, BatchRecord)) == (1, 1)

    def test_also_where_nothing_was_awarded(self, system: System) -> None:
        first = system.award(people("kim"), Idempotency_Key="one")
        assert system.award(people("kim"), Idempotency_Key="one") == first

    def test_answer_that_was_never_given_is_given_then(self, system: System, bench: Bench) -> None:
        first = system.award(people("sam@example.org"), Idempotency_Key="one")
        with bench.service.database.write() as session:  # as if the process had ended before it could answer
            session.scalars(select(ApiRequestRecord)).one().answer = None
        assert system.award(people("sam@example.org"), Idempotency_Key="one") == first

    def test_another_request_is_refused(self, system: System, bench: Bench) -> None:
        system.award(people("sam@example.org"), Idempotency_Key="one")
        system.award(people("kim@example.org"), Idempotency_Key="one", status=422)
        assert count(bench, AwardRecord) == 1

    def test_another_system_may_have_the_same(self, system: System, bench: Bench) -> None:
        system.award(people("sam@example.org"), Idempotency_Key="one")
        other = System(system.client, new_key(bench))
        assert other.award(people("kim@example.org"), Idempotency_Key="one")["awarded"] == 1

    def test_after_a_day_it_is_forgotten(self, system: System, bench: Bench) -> None:
        system.award(people("sam@example.org"), Idempotency_Key="one")
        bench.clock.advance(hours=24)
        assert system.award(people("kim@example.org"), Idempotency_Key="one")["awarded"] == 1

    @pytest.mark.parametrize("once", ["", "a" * 256])
    def test_what_is_none(self, system: System, once: str) -> None:
        system.award(people("sam@example.org"), Idempotency_Key=once, status=400)


class TestKeys:
    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer badges_00", "Bearer \u00e9"])
    def test_without_one(self, system: System, header: str) -> None:
        headers = {"Authorization": header} if header else {}
        response = system.client.post(API, data="{}", content_type="application/json", headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.mimetype == "application/problem+json"

    def test_good_for_something_else(self, system: System, bench: Bench) -> None:
        reader, awarder = (System(system.client, new_key(bench, scope)) for scope in ("read", "award"))
        reader.award(people("sam@example.org"), status=403)
        made = awarder.award(people("sam@example.org"))["results"][0]["id"]
        awarder.look(made, status=403)
        assert reader.look(made)["badge"] == "supporter"

    def test_run_out(self, system: System, bench: Bench) -> None:
        bench.clock.advance(days=30)
        system.award(people("sam@example.org"), status=401)

    def test_withdrawn(self, system: System, bench: Bench) -> None:
        with bench.service.database.write() as session:
            key = session.scalars(select(ApiKeyRecord)).one()
            withdraw_key(session, bench.service.installation, key.organisation, key.id)
        system.award(people("sam@example.org"), status=401)

    def test_of_another_organisation(self, system: System, bench: Bench) -> None:
        with bench.service.database.write() as session:
            bench.add_organisation_above(session, find_organisation(session, ORGANISATION))
        made = system.award(people("sam@example.org"))["results"][0]["id"]
        other = System(system.client, new_key(bench, organisation="england"))
        other.look(made, status=404)
        assert "supporter" in system.award(people("a@example.org", badge="nothing"), status=404)["detail"]
        other.award(people("kim@example.org", badge=f"{ORGANISATION}/supporter"), status=400)
        other.award(people("kim@example.org"), status=404)

    def test_last_use_is_kept_and_the_key_is_not(self, system: System, bench: Bench) -> None:
        system.award(people("sam@example.org"))
        with bench.service.database.read() as session:
            key = session.scalars(select(ApiKeyRecord)).one()
            assert key.used_at == bench.clock()
            assert system.key not in str(vars(key))


class TestRequests:
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ("[]", "#/"),
            ("{", "#/"),
            ('{"badge": "supporter", "badge": "x"}', "#/"),
            ({"badge": "supporter"}, "#/recipients"),
            ({"badge": 1, "recipients": []}, "#/badge"),
            ({"badge": "supporter", "recipients": []}, "#/recipients"),
            ({"badge": "supporter", "recipients": ["sam@example.org"]}, "#/recipients/0"),
            ({"badge": "supporter", "recipients": [{"email": None}]}, "#/recipients/0/email"),
            ({"badge": "supporter", "recipients": [{}, {"na/me": "x"}]}, "#/recipients/1/na~1me"),
            ({"badge": "supporter", "recipients": [{"name": "x" * 201}]}, "#/recipients/0/name"),
            ({"badge": "supporter", "recipients": [{}], "send": True}, "#/send"),
        ],
    )
    def test_what_cannot_be_read_is_pointed_at(self, system: System, bench: Bench, body: Any, pointer: str) -> None:
        assert system.award(body, status=400)["errors"][0]["pointer"] == pointer
        assert count(bench, BatchRecord) == 0

    def test_other_types_are_refused(self, system: System) -> None:
        system.award("a=b", Content_Type="application/x-www-form-urlencoded", status=400)

    def test_hostile_depth(self, system: System) -> None:
        system.award("[" * 10_000, status=413)

    def test_text_that_no_database_keeps(self, system: System) -> None:
        body = {"badge": "supporter", "recipients": [{"email": "sam@example.org", "name": "a\0b"}, {"email": "\0"}]}
        answer = system.award(body)
        assert (answer["awarded"], answer["refused"]) == (1, 1)


class TestDescription:
    def test_is_openapi(self, client: PageClient) -> None:
        response = client.get("/api/v1/openapi.json")
        document = response.get_json()
        assert document["openapi"].startswith("3.1")
        validate(document)

    def test_page_names_every_member(self, client: PageClient) -> None:
        text = client.get("/developers").text
        schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
        for described in schemas.values():
            for member in described["properties"]:
                assert member in text


class TestDocument:
    def test_examples_work_as_they_stand(self, system: System) -> None:
        commands = [text for text in re.findall(r"^```console\n(.*?)\n```$", DOCUMENT, re.M) if text.startswith("curl")]
        answers = [json.loads(text) for text in re.findall(r"^```json\n(.*?)\n```$", DOCUMENT, re.M | re.S)]
        assert len(commands) == len(answers) == 3
        number = ""
        for command, shown in zip(commands, answers, strict=True):
            found = run(system, command.replace("019eb13c-0c80-7001-8000-2f8d3b6c1a00", number))
            number = number or found["results"][0]["id"]
            expected = json.dumps(shown).replace("019eb13c-0c80-7001-8000-2f8d3b6c1a00", number)
            assert found == json.loads(expected.replace(SHOWN_ORIGIN, BASE_URL))


def run(system: System, command: str) -> dict[str, Any]:
    """Do what curl would."""
    program, *words, address = shlex.split(command)
    assert program == "curl"
    options = list(zip(words[::2], words[1::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    headers["Authorization"] = f"Bearer {system.key}"
    bodies = [value for name, value in options if name == "--json"]
    path = address.removeprefix(SHOWN_ORIGIN)
    if bodies:
        response = system.client.post(path, data=bodies[0], content_type="application/json", headers=headers)
    else:
        response = system.client.get(path, headers=headers)
    found: dict[str, Any] = response.get_json(force=True)
    return found


class TestAtOnce:
    def test_two_of_the_same_get_the_same_answer(self, system: System, bench: Bench) -> None:
        """In threads, as the server runs them: one awards, the other waits for it."""
        apps = [System(PageClient(open_app(bench.again())), system.key) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda each: each.award(people("sam@example.org"), Idempotency_Key="one"), apps))
        assert all(answer == answers[0] for answer in answers)
        assert (count(bench, AwardRecord), count(bench, BatchRecord), count(bench, OutboxMailRecord)) == (1, 1, 1)
