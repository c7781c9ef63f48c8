"""Every command: help with an example that is right, and plain words for wrong use."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest

from badges.cli.main import main
from tests.cli.conftest import Shell


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = list(commands())
IDS = [" ".join(path) for path, _ in COMMANDS]


def examples(help_text: str) -> list[list[str]]:
    lines = help_text.partition("Example:")[2].strip().splitlines()
    return [shlex.split(line.replace("…", "00")) for line in lines]


def test_the_commands_are_those_of_the_specification() -> None:
    assert {"init", "serve", "award", "export", "revoke", "verify", "check"} < set(IDS)
    assert {"keys list", "keys rotate", "keys retire", "keys compromise"} < set(IDS)


@pytest.mark.parametrize("group", sorted({path[:-1] for path, _ in COMMANDS}), ids=" ".join)
def test_lists_of_commands_cut_no_sentence_off(group: tuple[str, ...]) -> None:
    assert "..." not in Shell().good(*group, "--help").stdout.partition("Commands:")[2]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=IDS)
class TestHelp:
    def test_says_what_it_does_with_an_example(self, path: tuple[str, ...], command: click.Command) -> None:
        result = Shell().good(*path, "--help")
        assert result.stdout.startswith("Usage: ")
        found = examples(result.stdout)
        assert found
        assert all(words[: len(path) + 1] == ["badges", *path] for words in found)

    def test_example_is_right_use(self, path: tuple[str, ...], command: click.Command) -> None:
        for words in examples(Shell().good(*path, "--help").stdout):
            command.make_context(path[-1], words[len(path) + 1 :])

    def test_every_option_is_explained(self, path: tuple[str, ...], command: click.Command) -> None:
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, parameter.name

    def test_unknown_option_is_wrong_use(self, path: tuple[str, ...], command: click.Command) -> None:
        assert "No such option" in Shell().bad(2, *path, "--nonsense")


@pytest.mark.parametrize(
    "words",
    [
        "nonsense",
        "award",
        "award supporter",
        "award supporter --email",
        "award supporter --email sam@example.org --no-email",
        "award supporter --email sam",
        "award supporter --email sam@example.org --evidence-url nonsense",
        "award supporter too many --email sam@example.org",
        "export",
        "export 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00",
        "export 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --as pdf",
        "export nonsense --as json",
        "export . --as json --output .",
        "revoke 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00",
        "revoke 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --reason because",
        "revoke nonsense --reason mistake",
        "verify",
        "verify nothing.png",
        "verify .",
        "verify pyproject.toml --at yesterday",
        "verify pyproject.toml --documents nothing.json",
        "verify pyproject.toml --documents pyproject.toml",
        "serve --port 0",
        "serve --port x",
        "serve --port 65536",
        "keys",
        "keys retire",
        "keys reissue",
        "keys compromise 1",
        "keys nonsense",
        "sign-in-link",
    ],
)
def test_wrong_use_ends_with_2(shell: Shell, words: str) -> None:
    shell.bad(2, *words.split())


@pytest.mark.parametrize(
    "words",
    [
        "award supporter --email sam@example.org",
        "export 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --as json",
        "revoke 6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00 --reason mistake",
        "keys list",
        "keys rotate",
        "keys retire 1",
        "keys reissue 1",
        "keys compromise 1 --since 2026-11-20",
        "serve",
        "sign-in-link librarian@example.org",
    ],
)
def test_without_an_instance_every_command_says_to_make_one_and_makes_nothing(
    tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    shell = Shell({"BADGES_INSTANCE": str(folder / "instance"), "BADGES_KEYS": str(folder / "keys")})
    assert "badges init" in shell.bad(1, *words.split())
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "words", ["check", "keys list", "award supporter --email sam@example.org", "verify pyproject.toml"]
)
def test_wrong_setting_is_named(shell: Shell, words: str) -> None:
    assert "BADGES_MODE" in shell.bad(1, *words.split(), mode="nonsense")
    assert "BADGES_DATABASE_URL" in shell.bad(1, *words.split(), database_url="nonsense")


def test_version_is_printed() -> None:
    assert Shell().good("--version").stdout.startswith("badges ")
