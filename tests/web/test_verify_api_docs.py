"""The examples in docs/api-verify.md, tried as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from tests.instances import BASE_URL
from tests.web.browsing import PageClient
from tests.web.conftest import Standing

TEXT: Final = (Path(__file__).parents[2] / "docs" / "api-verify.md").read_text()
COMMANDS: Final = re.findall(r"^```console\n(.*?)\n```$", TEXT, re.MULTILINE)
ANSWERS: Final = [json.loads(text) for text in re.findall(r"^```json\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)]
SHOWN_ORIGIN: Final = "https://badges.example.org"
# What curl calls whatever it sends.
FORM: Final = "application/x-www-form-urlencoded"
SHOWN_AWARD: Final = "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00"


def run(client: PageClient, command: str, folder: Path) -> TestResponse:
    """Do what curl would: --data-binary, --json and -F, with files of this folder."""
    program, *words, address = shlex.split(command)
    assert program == "curl"
    path = address.removeprefix(SHOWN_ORIGIN)
    options = list(zip(words[::2], words[1::2], strict=True))
    if options[0][0] == "-F":
        pairs = dict(value.split("=", 1) for _, value in options)
        parts = {
            name: (folder / value[1:]).open("rb") if value.startswith("@") else value for name, value in pairs.items()
        }
        return client.post(path, data=parts, content_type="multipart/form-data", headers={"Accept": "*/*"})
    ((option, value),) = options
    if option == "--json":
        return client.post(path, data=value, content_type="application/json", headers={"Accept": "*/*"})
    assert option == "--data-binary"
    body = (folder / value.removeprefix("@")).read_bytes()
    return client.post(path, data=body, content_type=FORM, headers={"Accept": "*/*"})


def shape(value: Any) -> Any:
    """Return the names of members, all the way down; of a list, those of its items taken together."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return {name: shape(inner) for item in value for name, inner in item.items()}
    return type(value)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_gets_an_answer_that_is_shown(standing: Standing, tmp_path: Path, command: str) -> None:
    (tmp_path / "badge.png").write_bytes(standing.client.get(f"/credentials/{standing.award.id}.png").data)
    ours = command.replace(f"{SHOWN_ORIGIN}/credentials/{SHOWN_AWARD}", f"{BASE_URL}/credentials/{standing.award.id}")
    answer = run(standing.client, ours, tmp_path)
    (shown,) = [each for each in ANSWERS if ("verdict" in each) == (answer.status_code == 200)]
    assert shape(json.loads(answer.text)) == shape(shown)
    if answer.status_code != 200:
        assert json.loads(answer.text) == shown


def test_sentences_that_are_shown_are_the_verifier_s(standing: Standing, tmp_path: Path) -> None:
    (tmp_path / "badge.png").write_bytes(standing.client.get(f"/credentials/{standing.award.id}.png").data)
    answer = json.loads(run(standing.client, next(each for each in COMMANDS if "email" in each), tmp_path).text)
    shown = next(each for each in ANSWERS if "verdict" in each)
    for name in ("verdict", "kind", "format", "trust"):
        assert answer[name] == shown[name]
    outcomes = {check["name"]: check["outcome"] for check in answer["checks"]}
    assert {check["name"]: check["outcome"] for check in shown["checks"]}.items() <= outcomes.items()


def test_every_status_that_is_listed_is_one_that_is_given(client: PageClient) -> None:
    listed = set(re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE))
    assert listed == {"400", "405", "413", "429", "503"}
