"""Changed badges through the HTTP front: the page and the API answer every one of them, never with an exception."""

from __future__ import annotations

import io
import json
import random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.verifying.report import Verdict
from tests.fuzz.found import FOUND
from tests.verifying.mutations.changes import ODD, change, places
from tests.verifying.mutations.forms import (
    Form,
    hosted_forms,
    json_forms,
    picture_forms,
    token_forms,
    unsound_forms,
)
from tests.web.browsing import PageClient

FORMS: Final = [*json_forms()[:4], *hosted_forms(), *token_forms(), *picture_forms(), *unsound_forms()[:2]]
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TRIES: Final = 6


def ask(client: PageClient, data: bytes) -> None:
    """Hand a file to the page and a body to the API: both say something, and neither breaks."""
    answer = client.post("/api/verify", data=data, content_type="application/octet-stream", headers={"Accept": "*/*"})
    assert answer.status_code in {200, 400}, answer.text[:300]
    found = json.loads(answer.text)
    assert found["verdict"] in set(Verdict) if answer.status_code == 200 else found["title"]
    form = client.page("/verify").form("/verify")
    page = client.post(
        "/verify", data={**form.values, "file": (io.BytesIO(data), "badge")}, content_type="multipart/form-data"
    )
    assert page.status_code in {200, 400}, page.text[:300]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_changed_bytes_are_answered(client: PageClient, form: Form) -> None:
    chance = random.Random(form.name)
    for _ in range(TRIES):
        data = bytearray(form.data)
        place = chance.randrange(len(data))
        data[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
        ask(client, bytes(data))


@SOME
@given(data=st.data())
def test_changed_values_are_answered(client: PageClient, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([form for form in FORMS if form.document is not None]))
    path = data.draw(st.sampled_from(list(places(form.document))))
    ask(client, json.dumps(change(form.document or {}, path, data.draw(ODD))).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("data", [data for inputs in FOUND.values() for data in inputs], ids=repr)
def test_what_the_fuzzers_found_is_answered(client: PageClient, data: bytes) -> None:
    ask(client, data)
