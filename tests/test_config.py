"""Settings: the environment, then the file, then the defaults; what cannot work is refused with what would."""

from __future__ import annotations

from pathlib import Path

import pytest

from badges.config import Mode, Settings, checked_base_url, read_settings, settings_file, write_setting
from badges.errors import ConfigurationError


def read(folder: Path, text: str = "", **variables: str) -> Settings:
    """Read the settings of an instance folder with this file and these variables."""
    if text:
        (folder / "settings.toml").write_text(text)
    return read_settings({"BADGES_INSTANCE": str(folder), **{f"BADGES_{n.upper()}": v for n, v in variables.items()}})


class TestSources:
    def test_defaults_are_a_trial_on_localhost_with_sqlite_in_the_instance(self, tmp_path: Path) -> None:
        settings = read(tmp_path)
        assert settings.base_url == "http://localhost:8000"
        assert settings.mode is Mode.TRIAL
        assert settings.is_trial
        assert settings.database_url == f"sqlite:///{tmp_path}/badges.sqlite"
        assert settings.smtp_url == ""
        assert settings.outbox_folder == tmp_path / "outbox"
        assert settings.trusted_proxies == 0
        assert settings.allowed_hosts == ()

    def test_file_wins_over_defaults_and_environment_over_the_file(self, tmp_path: Path) -> None:
        text = 'base_url = "https://file.example.org"\nsmtp_url = "smtp://file.example.org"\ntrusted_proxies = 2\n'
        settings = read(tmp_path, text, base_url="https://environment.example.org")
        assert settings.base_url == "https://environment.example.org"
        assert settings.smtp_url == "smtp://file.example.org"
        assert settings.trusted_proxies == 2

    def test_empty_variable_counts_as_none(self, tmp_path: Path) -> None:
        assert read(tmp_path, 'mode = "production"\nbase_url = "https://a.org"', mode="").mode is Mode.PRODUCTION

    def test_folders_come_from_the_environment_only(self, tmp_path: Path) -> None:
        settings = read(tmp_path, keys=str(tmp_path / "elsewhere"))
        assert settings.keys_folder == tmp_path / "elsewhere"
        assert settings.instance_folder == tmp_path
        with pytest.raises(ConfigurationError, match='unknown setting "keys"'):
            read(tmp_path, 'keys = "/tmp"')

    def test_folders_are_absolute(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        settings = read_settings({})
        assert settings.instance_folder == tmp_path / "instance"
        assert settings.keys_folder == tmp_path / "keys"

    def test_key_passphrase_is_never_read_from_the_file(self, tmp_path: Path) -> None:
        assert read(tmp_path, key_passphrase="a secret").key_passphrase == "a secret"
        with pytest.raises(ConfigurationError, match="unknown setting"):
            read(tmp_path, 'key_passphrase = "a secret"')

    def test_key_passphrase_may_be_in_a_file_but_not_in_two_places(self, tmp_path: Path) -> None:
        path = tmp_path / "credential"
        assert read(tmp_path, key_passphrase_file=str(path)).key_passphrase_file == path
        with pytest.raises(ConfigurationError, match="both set"):
            read(tmp_path, key_passphrase_file=str(path), key_passphrase="a secret")

    def test_secrets_are_beside_the_keys_unless_said_otherwise(self, tmp_path: Path) -> None:
        assert read(tmp_path, keys=str(tmp_path / "k")).secrets_folder == tmp_path / "k"
        assert read(tmp_path, secrets=str(tmp_path / "s")).secrets_folder == tmp_path / "s"

    @pytest.mark.parametrize(
        "text", ['allowed_hosts = "a.org, b.org"', 'allowed_hosts = ["a.org", "b.org"]'], ids=["text", "list"]
    )
    def test_hosts_are_written_with_commas_or_as_a_list(self, tmp_path: Path, text: str) -> None:
        assert read(tmp_path, text).allowed_hosts == ("a.org", "b.org")


class TestRefusals:
    def test_unknown_name_in_the_file_is_named_beside_those_that_are_known(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r'"base-url".*base_url, mode, database_url'):
            read(tmp_path, '"base-url" = "https://a.org"')

    @pytest.mark.parametrize("text", ["base_url = https://a.org", "\x00", "a = [", "[mail]\nx = 1"])
    def test_damaged_file_is_named(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ConfigurationError, match=r"settings\.toml"):
            read(tmp_path, text)

    def test_file_that_is_no_text_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "settings.toml").write_bytes(b"base_url = '\xff'")
        with pytest.raises(ConfigurationError, match=r"settings\.toml"):
            read(tmp_path)

    @pytest.mark.parametrize("value", ["true", "1.5", "{a = 1}", "[1, 2]", "2026-01-01"])
    def test_setting_of_another_kind_is_named(self, tmp_path: Path, value: str) -> None:
        with pytest.raises(ConfigurationError, match=r'"smtp_url" in .*settings\.toml must be a text'):
            read(tmp_path, f"smtp_url = {value}")

    @pytest.mark.parametrize("mode", ["Production", "live", "trial "])
    def test_mode_is_trial_or_production(self, tmp_path: Path, mode: str) -> None:
        with pytest.raises(ConfigurationError, match='"trial" or "production"'):
            read(tmp_path, mode=mode)

    @pytest.mark.parametrize("number", ["-1", "11", "two", "1.0", "²"])
    def test_proxies_are_a_small_number(self, tmp_path: Path, number: str) -> None:
        with pytest.raises(ConfigurationError, match="BADGES_TRUSTED_PROXIES"):
            read(tmp_path, trusted_proxies=number)

    @pytest.mark.parametrize(
        "url", ["mail.example.org", "http://mail.example.org", "smtp:mail", "smtp://", "smtp://[", "smtp://a:x"]
    )
    def test_smtp_url_says_how_it_should_look(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(ConfigurationError, match="smtp://user:password@host:587"):
            read(tmp_path, smtp_url=url)

    def test_password_in_a_wrong_smtp_url_is_not_shown(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError) as refusal:
            read(tmp_path, smtp_url="stmp://user:geheim@mail.example.org")
        assert "geheim" not in str(refusal.value)

    @pytest.mark.parametrize("sender", ["Library", "a@b@c", "Library <>", "L <a@b.org>\nBcc: x@y.org"])
    def test_sender_of_mails_is_an_address(self, tmp_path: Path, sender: str) -> None:
        with pytest.raises(ConfigurationError, match="BADGES_MAIL_SENDER"):
            read(tmp_path, mail_sender=sender)


class TestBaseUrl:
    @pytest.mark.parametrize(
        ("text", "url"),
        [
            ("http://localhost:8000", "http://localhost:8000"),
            ("  http://localhost:8000/ ", "http://localhost:8000"),
            ("HTTPS://Badges.Example.ORG", "https://badges.example.org"),
            ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
        ],
    )
    def test_is_scheme_and_host_in_lower_case(self, text: str, url: str) -> None:
        assert checked_base_url(text, Mode.TRIAL) == url

    @pytest.mark.parametrize(
        "text",
        [
            "localhost:8000",
            "ftp://badges.example.org",
            "https://",
            "https://badges.example.org/badges",
            "https://badges.example.org?x",
            "https://badges.example.org/#top",
            "https://user@badges.example.org",
            "https://badges.example.org:99999",
            "https://badges.example.org:0",
            "https://badges.example.org:",
            "https://bad ges.example.org",
            'https://bad"ges.example.org',
            "https://badges_of.example.org",
            "https://badges.example.org.",
            "https://bädges.example.org",
            "https://[::1]:8000",
            "https://[::1",
            "http://local\nhost",
        ],
    )
    def test_refuses_more_or_less_than_an_origin_in_any_mode(self, text: str) -> None:
        for mode in Mode:
            with pytest.raises(ConfigurationError, match=r"cannot be used.*BADGES_BASE_URL"):
                checked_base_url(text, mode)

    @pytest.mark.parametrize(
        "text",
        [
            "http://badges.example.org",
            "https://localhost",
            "https://localhost:8000",
            "https://badges",
            "https://badges.localhost",
            "https://badges.local",
            "https://badges.test",
            "https://badges.example",
            "https://badges.internal",
            "https://badges.home.arpa",
            "https://127.0.0.1",
            "https://10.0.0.5",
            "https://192.168.1.1",
            "https://8.8.8.8",
        ],
    )
    def test_production_refuses_what_strangers_cannot_use_and_says_why(self, text: str) -> None:
        assert checked_base_url(text, Mode.TRIAL) == text
        with pytest.raises(ConfigurationError) as refusal:
            checked_base_url(text, Mode.PRODUCTION)
        message = str(refusal.value)
        assert text in message
        assert "written into every badge" in message
        assert "BADGES_MODE=trial" in message

    @pytest.mark.parametrize("text", ["https://badges.example.org", "https://badges.library.nhs.uk:8443"])
    def test_production_takes_public_https(self, text: str) -> None:
        assert checked_base_url(text, Mode.PRODUCTION) == text


class TestWritingOne:
    def test_keeps_every_other_line(self, tmp_path: Path) -> None:
        path = tmp_path / "settings.toml"
        path.write_text('# mine\nmode = "trial"\nbase_url="http://old.example.org"\n')
        write_setting(path, "base_url", "http://new.example.org")
        assert path.read_text() == '# mine\nmode = "trial"\nbase_url = "http://new.example.org"\n'

    @pytest.mark.parametrize("value", ['Ann "the" Library <a@b.org>', "back\\slash <a@b.org>"])
    def test_reads_back_what_has_quotes_in_it(self, tmp_path: Path, value: str) -> None:
        write_setting(tmp_path / "settings.toml", "mail_sender", value)
        assert read(tmp_path).mail_sender == value

    def test_leaves_no_half_file_behind(self, tmp_path: Path) -> None:
        write_setting(tmp_path / "new" / "settings.toml", "mode", "trial")
        assert [path.name for path in (tmp_path / "new").iterdir()] == ["settings.toml"]

    def test_file_is_in_the_instance_folder(self, tmp_path: Path) -> None:
        assert settings_file({"BADGES_INSTANCE": str(tmp_path)}) == tmp_path / "settings.toml"


class TestTestMode:
    def test_is_off_unless_it_is_asked_for(self, tmp_path: Path) -> None:
        assert not read(tmp_path).test_mode
        assert read(tmp_path, test_mode="1").test_mode

    @pytest.mark.parametrize("text", ["yes", "true", "2"])
    def test_takes_1_and_0_only(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ConfigurationError, match="BADGES_TEST_MODE"):
            read(tmp_path, test_mode=text)

    def test_is_refused_in_production(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="test suites only"):
            read(tmp_path, test_mode="1", mode="production", base_url="https://badges.example.org")
