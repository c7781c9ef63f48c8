"""The data model agrees with the schemas, the specification's examples and the official validator's cases."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.ob3.documents import credential_document
from badges.standards.ob3.model import CLASSES, check_shape
from badges.standards.shapes import MAX_PROBLEMS, Severity, ShapeProblem
from badges.vocab.json import JsonObject, JsonValue
from tests.standards.ob3.schemas import PUBLISHED, STRICT, load_schema
from tests.standards.samples import FULL_AWARD

COMPLETE = "ob30-spec-examples/10-complete-openbadgecredential.json"
SHAPE_FAILURES = {
    "simple-err-type.json": "/type",
    "simple-err-credential-subject-type.json": "/credentialSubject/type",
    "simple-err-credential-subject-identifier-type.json": "/credentialSubject/identifier/0/type",
    "simple-err-credential-subject-achievement-result-description-type.json": (
        "/credentialSubject/achievement/resultDescription/2/type"
    ),
    "simple-err-issuer-type.json": "/issuer/type",
    "simple-err-issuer-otheridentifier-type.json": "/issuer/otherIdentifier/1/type",
}
OTHER_CLASSES = {"endorsement-valid.json": "EndorsementCredential", "bit-string-list/testlist": None}
LEGACY_WITH_FAULTS = "complete_v1.json"

# What the official probes refuse though the schemas do not; problems with other words must be the schemas' too.
STRICTER_THAN_SCHEMA = (
    "“type” must contain",
    "“type” must be",
    "must be a full address",
    "must be a moment",
    "is none of the values",
    "The subject needs",
    "does not say whose it is",
    "The criteria are empty",
    "ends (",
    "context",
)


def errors_of(problems: list[ShapeProblem]) -> list[ShapeProblem]:
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def test_model_gives_the_official_verdict_on_every_sample(standards_data: Path) -> None:
    folder = standards_data / "ob30-validator-samples"
    checked = 0
    for case in json.loads((folder / "expected.json").read_bytes()):
        name = case["file"]
        class_name = OTHER_CLASSES.get(name, "AchievementCredential")
        if not name.endswith((".json", ".1ob")) or class_name is None or name == LEGACY_WITH_FAULTS:
            continue
        errors = errors_of(check_shape(json.loads((folder / name).read_bytes()), class_name))
        checked += 1
        if name in SHAPE_FAILURES:
            assert SHAPE_FAILURES[name] in {problem.path for problem in errors}, name
        else:
            assert errors == [], name
    assert checked == 21


def test_older_data_model_is_accepted_with_a_warning(standards_data: Path) -> None:
    document = json.loads((standards_data / "ob30-validator-samples/simple_v1.json").read_bytes())

    problems = check_shape(document)

    assert [(problem.path, problem.severity) for problem in problems] == [("/@context/0", Severity.WARNING)]


def test_model_accepts_the_specification_examples_that_the_schema_accepts(standards_data: Path) -> None:
    schema = load_schema(standards_data, PUBLISHED)
    accepted = 0
    for path in sorted((standards_data / "ob30-spec-examples").glob("[0-9]*.json")):
        document = json.loads(path.read_bytes())
        if schema.is_valid(document):
            assert errors_of(check_shape(document)) == [], path.name
            accepted += 1
        else:
            assert errors_of(check_shape(document)), path.name
    assert accepted >= 12


def test_table_has_the_members_and_words_of_the_schemas(standards_data: Path) -> None:
    for name in (STRICT, PUBLISHED):
        schema = json.loads((standards_data / "schemas" / name).read_bytes())
        for class_name, definition in {"AchievementCredential": schema, **schema["$defs"]}.items():
            if class_name not in CLASSES:
                assert class_name in {"Context", "ProfileRef"}
                continue
            members = set(CLASSES[class_name].properties)
            assert members - {"evidence"} == set(definition["properties"]) - {"type", "evidence"}, class_name
            for member, rule in CLASSES[class_name].properties.items():
                words = definition["properties"].get(member, {})
                words = words.get("enum") or words.get("oneOf", [{}])[0].get("enum")
                assert not rule.choices or rule.choices == set(words), (class_name, member)


@pytest.mark.parametrize("source", ["complete", "ours"])
def test_model_and_schemas_agree_on_damaged_documents(source: str, standards_data: Path) -> None:
    """What the published schema refuses is an error here; what is an error here the schemas or probes refuse."""
    published, strict = load_schema(standards_data, PUBLISHED), load_schema(standards_data, STRICT)
    original: JsonObject = (
        json.loads((standards_data / COMPLETE).read_bytes())
        if source == "complete"
        else credential_document(FULL_AWARD)
    )
    refused = 0
    for path, damaged in damage_everywhere(original):
        errors = errors_of(check_shape(damaged))
        if not published.is_valid(damaged):
            refused += 1
            assert errors, f"the schema refuses {path}, the model does not"
        elif errors and strict.is_valid(damaged):
            messages = [str(problem.message) for problem in errors]
            assert all(any(words in text for words in STRICTER_THAN_SCHEMA) for text in messages), path
    assert refused > 100


def damage_everywhere(original: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """One copy for each place and each kind of damage; a fixed choice where there would be too many."""
    random = Random(20261122)
    replacements: list[JsonValue] = [None, 7, True, "", "word", [], {}, [7], {"type": "Other"}, "2026-13-01T00:00:00Z"]
    for steps in list(places_of(original)):
        numbers: list[int | str] = [*random.sample(range(len(replacements)), 2)]
        for damage in ["delete", "wrap", "unwrap", *numbers]:
            damaged = copy.deepcopy(original)
            parent: JsonValue = damaged
            for step in steps[:-1]:
                parent = parent[step]
            value = parent[steps[-1]]
            if damage == "delete":
                del parent[steps[-1]]
            elif damage == "wrap":
                parent[steps[-1]] = [value]
            elif damage == "unwrap":
                parent[steps[-1]] = value[0] if isinstance(value, list) else value
            elif isinstance(damage, int):
                parent[steps[-1]] = replacements[damage]
            yield f"{'/'.join(map(str, steps))} ({damage})", damaged


def places_of(value: JsonValue, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield (*steps, step)
        yield from places_of(child, (*steps, step))


def changed(**members: JsonValue) -> list[ShapeProblem]:
    return check_shape({**credential_document(FULL_AWARD), **members})


def test_bare_issuer_address_is_a_warning() -> None:
    assert [(p.path, p.severity) for p in changed(issuer="https://example.org/i")] == [("/issuer", Severity.WARNING)]


def test_subject_that_nobody_is_is_an_error() -> None:
    document = credential_document(FULL_AWARD)
    del document["credentialSubject"]["id"], document["credentialSubject"]["identifier"]

    assert [problem.path for problem in errors_of(check_shape(document))] == ["/credentialSubject"]


def test_criteria_that_say_nothing_are_an_error() -> None:
    document = credential_document(FULL_AWARD)
    document["credentialSubject"]["achievement"]["criteria"] = {"type": "Criteria"}

    assert [problem.path for problem in errors_of(check_shape(document))] == ["/credentialSubject/achievement/criteria"]


VC_2 = "https://www.w3.org/ns/credentials/v2"
OB_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


@pytest.mark.parametrize(
    ("contexts", "severity"),
    [
        ([OB_3, VC_2], "error"),
        ([VC_2], "error"),
        (VC_2, "error"),
        ([], "error"),
        ([VC_2, OB_3, 5], "error"),
        ([VC_2, OB_3.replace("3.0.3", "3.0.1")], "warning"),
    ],
)
def test_contexts_must_stand_in_order(contexts: JsonValue, severity: str) -> None:
    """Open Badges 3.0 validator, ContextPropertyProbe."""
    problems = [problem for problem in changed(**{"@context": contexts}) if "@context" in problem.path]

    assert problems[0].severity.value == severity


@pytest.mark.parametrize("text", ["2026-11-22", "2026-11-22T09:30:00", "22.11.2026", "2026-02-30T00:00:00Z", 5])
def test_moment_without_zone_is_an_error(text: JsonValue) -> None:
    assert [problem.path for problem in errors_of(changed(validFrom=text))] == ["/validFrom"]


def test_period_that_ends_before_it_begins_is_an_error() -> None:
    assert [problem.path for problem in changed(validUntil="2020-01-01T00:00:00Z")] == ["/validUntil"]


def test_names_of_the_older_version_are_a_warning() -> None:
    assert [p.severity for p in changed(issuanceDate="2026-11-22T09:30:00Z")] == [Severity.WARNING]


def test_null_is_an_error_in_known_and_a_warning_in_unknown_members() -> None:
    problems = changed(description=None, courseUrl=None, tags=[])

    assert {(p.path, p.severity.value) for p in problems} == {
        ("/description", "error"),
        ("/courseUrl", "warning"),
        ("/tags", "warning"),
    }


def test_unknown_members_are_fine_but_not_in_closed_classes() -> None:
    document = credential_document(FULL_AWARD)
    document["extra"] = {"a": 1}
    document["credentialSubject"]["identifier"][0]["extra"] = "x"

    assert [problem.path for problem in check_shape(document)] == ["/credentialSubject/identifier/0/extra"]


def test_extension_words_are_fine() -> None:
    document = credential_document(FULL_AWARD)
    document["credentialSubject"]["achievement"]["achievementType"] = "ext:Reading-Group.1"
    assert check_shape(document) == []

    document["credentialSubject"]["achievement"]["achievementType"] = "Reading"
    assert [problem.severity for problem in check_shape(document)] == [Severity.ERROR]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "id", "@context", "issuer", "proof", "x", ""]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*CLASSES["AchievementCredential"].properties, "type"]), JSON_VALUES))
def test_no_json_makes_it_raise(document: JsonObject) -> None:
    assert check_shape(document)


@given(st.data())
@settings(max_examples=60)
def test_no_member_of_a_real_badge_makes_it_raise(data: st.DataObject) -> None:
    document = credential_document(FULL_AWARD)
    steps = data.draw(st.sampled_from(list(places_of(document))))
    parent: JsonValue = document
    for step in steps[:-1]:
        parent = parent[step]
    parent[steps[-1]] = data.draw(JSON_VALUES)

    assert len(check_shape(document)) <= MAX_PROBLEMS


def test_deep_and_wide_documents_are_refused_with_one_problem() -> None:
    deep: JsonValue = {}
    for _ in range(100_000):
        deep = {"parentOrg": deep}
    wide: JsonValue = {"evidence": [{}] * 300_000}

    for document in ({"issuer": deep}, wide):
        assert len(check_shape(document)) == 1
    while deep:
        deep = deep.pop("parentOrg")


def test_nested_profiles_are_bounded() -> None:
    profile: JsonValue = {"id": "https://example.org", "type": ["Profile"]}
    for _ in range(150):
        profile = {"id": "https://example.org", "type": ["Profile"], "parentOrg": profile}

    assert any("too deep" in str(problem.message) for problem in changed(issuer=profile))


def test_problems_are_bounded() -> None:
    assert len(changed(evidence=[{}] * 5_000)) == MAX_PROBLEMS
