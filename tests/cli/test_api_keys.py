"""`badges api-keys`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.instances import ORGANISATION
from tests.service import Instance, make_instance


def test_key_is_shown_once_listed_and_withdrawn(tmp_path: Path) -> None:
    instance: Instance = make_instance(tmp_path)
    made = json.loads(
        instance.badges("api-keys", "make", ORGANISATION, "Ours", "--scope", "read", "--days", "7", "--json").stdout
    )
    assert made["key"].startswith("badges_")
    listed = instance.badges("api-keys", "list", ORGANISATION, "--json").stdout
    assert made["key"] not in listed
    assert [(each["id"], each["scopes"], each["used_at"]) for each in json.loads(listed)] == [
        (made["id"], ["read"], None)
    ]
    assert "never used" in instance.badges("api-keys", "list", ORGANISATION).stdout
    instance.badges("api-keys", "withdraw", ORGANISATION, made["id"])
    assert json.loads(instance.badges("api-keys", "list", ORGANISATION, "--json").stdout) == []
