"""One value, one name, one member: changed in every form of badge that is a JSON text."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from badges.verifying.report import Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.mutations.changes import ODD, at_place, change, objects, places, remove, rename
from tests.verifying.mutations.forms import (
    Form,
    check,
    hosted_forms,
    json_forms,
    picture_forms,
    token_forms,
    unsound_forms,
)
from tests.verifying.mutations.judging import assert_reason, hold, is_harmless

SOUND = [*json_forms(), *hosted_forms()]
SOME = settings(max_examples=30, deadline=None)
each_form = pytest.mark.parametrize("form", SOUND, ids=lambda form: form.name)
each_unsound_form = pytest.mark.parametrize("form", unsound_forms(), ids=lambda form: form.name)


def written(document: JsonObject) -> bytes:
    return json.dumps(document).encode("utf-8", "surrogatepass")


def _unsigned(form: Form) -> JsonObject:
    return {name: value for name, value in document_of(form).items() if name != "proof"}


def document_of(form: Form) -> JsonObject:
    assert form.document is not None
    return form.document


@pytest.mark.parametrize("form", [*SOUND, *token_forms(), *picture_forms()], ids=lambda form: form.name)
def test_the_starting_points_are_valid(form: Form) -> None:
    report = check(form.data)
    assert report.verdict is Verdict.VALID
    assert is_harmless(form, report)


@each_unsound_form
def test_the_unsound_ones_are_not(form: Form) -> None:
    report = check(form.data)
    assert report.verdict is Verdict.INVALID
    assert report.check(report.checks[1].name).outcome is Outcome.PASSED
    assert_reason(report)


@each_form
@SOME
@given(data=st.data())
def test_one_changed_value(form: Form, data: st.DataObject) -> None:
    document = document_of(form)
    path = data.draw(st.sampled_from(list(places(document))))
    hold(form, written(change(document, path, data.draw(ODD))))


@each_form
def test_one_missing_place(form: Form) -> None:
    document = document_of(form)
    for path in places(document):
        hold(form, written(remove(document, path)))


@each_form
@SOME
@given(data=st.data())
def test_one_renamed_member(form: Form, data: st.DataObject) -> None:
    document = document_of(form)
    path = data.draw(st.sampled_from([path for path in places(document) if isinstance(path[-1], str)]))
    name = data.draw(st.one_of(st.text(max_size=8), st.sampled_from(["@id", "@type", "@context", "@graph", "name"])))
    assume(name not in at_place(document, path[:-1]))
    hold(form, written(rename(document, path, name)))


@each_form
@SOME
@given(data=st.data())
def test_one_added_member(form: Form, data: st.DataObject) -> None:
    document = document_of(form)
    path = data.draw(st.sampled_from(objects(document)))
    name = data.draw(st.text(min_size=1, max_size=12))
    assume(name not in at_place(document, path))
    hold(form, written(change(document, (*path, name), data.draw(ODD))))


@pytest.mark.parametrize("form", [form for form in json_forms() if form.signs_graph], ids=lambda form: form.name)
def test_an_undefined_word_at_any_depth(form: Form) -> None:
    """A word that no context defines is in no graph: only safe mode sees it."""
    document = document_of(form)
    for path in objects(document):
        if "@context" not in path and "proof" not in path:
            report = hold(form, written(change(document, (*path, "undefinedWord"), "x")))
            assert report.verdict is Verdict.INVALID


@each_form
def test_one_and_a_list_of_one_are_alike_or_not_valid(form: Form) -> None:
    document = document_of(form)
    for path in places(document):
        value = at_place(document, path)
        hold(form, written(change(document, path, [value])))
        hold(form, written(change(document, path, [value, value])))
        if isinstance(value, list) and len(value) == 1:
            hold(form, written(change(document, path, value[0])))
        elif isinstance(value, list):
            hold(form, written(change(document, path, value[::-1])))


@each_form
def test_two_places_that_changed_their_values(form: Form) -> None:
    document = document_of(form)
    texts = [path for path in places(document) if isinstance(at_place(document, path), str)]
    for one, other in pairwise(texts):
        swapped = change(document, one, at_place(document, other))
        hold(form, written(change(swapped, other, at_place(document, one))))


@pytest.mark.parametrize("form", json_forms(), ids=lambda form: form.name)
def test_the_proof_of_another_badge(form: Form) -> None:
    for other in json_forms():
        if _unsigned(other) != _unsigned(form):
            report = hold(form, written({**document_of(form), "proof": document_of(other)["proof"]}))
            assert report.verdict is Verdict.INVALID


@each_unsound_form
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_two_changes_make_an_unsound_badge_valid(form: Form, data: st.DataObject) -> None:
    changed = document_of(form)
    for _ in range(2):
        path = data.draw(st.sampled_from(list(places(changed))))
        act = data.draw(st.sampled_from(["change", "remove", "list", "rename", "copy"]))
        changed = _acted(changed, path, act, data)
    assert check(written(changed)).verdict is not Verdict.VALID


def _acted(document: JsonObject, path: tuple[Any, ...], act: str, data: st.DataObject) -> JsonObject:
    value = at_place(document, path)
    if act == "change":
        return change(document, path, data.draw(ODD))
    if act == "remove":
        return remove(document, path)
    if act == "list":
        return change(document, path, value[0] if isinstance(value, list) and value else [value])
    if act == "rename" and isinstance(path[-1], str):
        return rename(document, path, data.draw(st.sampled_from(["@id", "@type", "validFrom", "related", "id"])))
    owner = data.draw(st.sampled_from(objects(document)))
    name = path[-1] if isinstance(path[-1], str) else "evidence"
    return change(document, (*owner, name), copy.deepcopy(value))
