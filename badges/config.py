"""Settings: the environment first, then `settings.toml` in the instance folder, then the defaults."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from badges.errors import ConfigurationError

SETTINGS_FILE: Final = "settings.toml"
DEFAULT_BASE_URL: Final = "http://localhost:8000"
NAMES: Final = (
    "base_url",
    "mode",
    "database_url",
    "smtp_url",
    "mail_sender",
    "mail_per_minute",
    "notify_template",
    "notify_url",
    "trusted_proxies",
    "allowed_hosts",
    "issuer_list_signer",
    "audit_heads",
    "trusted_providers",
    "kms_makes_keys",
    "sign_in_web",
    "web_user",
    "test_mode",
)
# A host that a did:web can name: letters, digits, hyphens and dots.
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Names that no stranger can reach (RFC 2606, RFC 6761, RFC 6762, RFC 8375).
_PRIVATE_SUFFIXES: Final = (
    ".localhost",
    ".local",
    ".test",
    ".example",
    ".invalid",
    ".internal",
    ".home.arpa",
    ".lan",
    ".onion",
)


_TOP_LEVEL: Final = re.compile(r"\.(?:[a-z]{2,63}|xn--[a-z0-9-]+)$", re.IGNORECASE)


class Mode(StrEnum):
    """trial: for trying out, issuer on localhost. production: for strangers, on public https."""

    TRIAL = "trial"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings.

    instance_folder, keys_folder, secrets_folder: absolute. base_url: no slash at the end. trusted_proxies: how many
    proxies stand in front and set X-Forwarded-*. allowed_hosts: Host headers that are answered; the base URL's own
    is always among them. smtp_url: "" writes mails into the instance's `outbox/` folder instead.
    notify_key, notify_template: mails go through GOV.UK Notify instead; notify_url: where that is.
    mail_per_minute: how many mails go out in a minute, from all workers together; 0 for as many as the server takes.
    key_passphrase, key_passphrase_file: one of them at most; neither is the file `passphrase` in the keys folder.
    kms_makes_keys: whether new keys may be made in AWS KMS. sign_in_web: whether the web process uses the keys itself;
    else it asks the worker, at signing_socket. web_user: the account of the web process, if not the worker's own.
    issuer_list_signer: who may sign the list of issuers; "" is the service itself.
    audit_heads: the files, absolute, into which the audit's signed heads are written; at least one.
    trusted_providers: origins of sign-in providers that may have a private address, or plain http.
    test_mode: whether test suites may have any credential signed by a test key; never in production.
    """

    instance_folder: Path
    keys_folder: Path
    base_url: str
    mode: Mode
    database_url: str
    smtp_url: str
    mail_sender: str
    mail_per_minute: int
    trusted_proxies: int
    allowed_hosts: tuple[str, ...]
    key_passphrase: str
    secrets_folder: Path
    signing_socket: Path
    key_passphrase_file: Path | None = None
    kms_makes_keys: bool = False
    sign_in_web: bool = True
    web_user: str = ""
    issuer_list_signer: str = ""
    test_mode: bool = False
    audit_heads: tuple[Path, ...] = ()
    trusted_providers: frozenset[str] = frozenset()
    notify_key: str = ""
    notify_template: str = ""
    notify_url: str = ""

    @property
    def outbox_folder(self) -> Path:
        return self.instance_folder / "outbox"

    @property
    def issuer_list_path(self) -> Path:
        return self.instance_folder / "issuers.json"

    @property
    def is_trial(self) -> bool:
        return self.mode is Mode.TRIAL


def settings_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the settings file of this environment's instance is (it need not exist)."""
    return _folder(environment, "BADGES_INSTANCE", "instance") / SETTINGS_FILE


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force. Raises ConfigurationError naming the setting, its value and what would do."""
    instance = _folder(environment, "BADGES_INSTANCE", "instance")
    from_file = _read_file(instance / SETTINGS_FILE)

    def value(name: str, default: str) -> str:
        return environment.get(f"BADGES_{name.upper()}") or from_file.get(name) or default

    keys = _folder(environment, "BADGES_KEYS", "keys")
    mode = _mode(value("mode", Mode.TRIAL))
    base_url = checked_base_url(value("base_url", DEFAULT_BASE_URL), mode)
    host = urlsplit(base_url).hostname or ""
    smtp_url = _smtp_url(value("smtp_url", ""))
    notify_key = environment.get("BADGES_NOTIFY_KEY", "")
    notify_template = value("notify_template", "")
    notify_url = value("notify_url", "https://api.notifications.service.gov.uk")
    _check_notify(notify_key, notify_template, notify_url, smtp_url)
    return Settings(
        instance_folder=instance,
        keys_folder=keys,
        base_url=base_url,
        mode=mode,
        database_url=value("database_url", f"sqlite:///{instance / 'badges.sqlite'}"),
        smtp_url=smtp_url,
        notify_key=notify_key,
        notify_template=notify_template,
        notify_url=notify_url,
        mail_per_minute=_whole_number("mail_per_minute", value("mail_per_minute", "0"), 100_000),
        mail_sender=_mail_sender(value("mail_sender", f"A Million Decisions <badges@{host}>")),
        trusted_proxies=_whole_number("trusted_proxies", value("trusted_proxies", "0")),
        allowed_hosts=tuple(part.strip() for part in value("allowed_hosts", "").split(",") if part.strip()),
        key_passphrase=environment.get("BADGES_KEY_PASSPHRASE", ""),
        secrets_folder=_folder(environment, "BADGES_SECRETS", str(keys)),
        signing_socket=_folder(environment, "BADGES_SIGNING_SOCKET", str(instance / "signing.sock")),
        key_passphrase_file=_passphrase_file(environment),
        kms_makes_keys=_switch("kms_makes_keys", value("kms_makes_keys", "0")),
        sign_in_web=_switch("sign_in_web", value("sign_in_web", "1")),
        web_user=value("web_user", ""),
        issuer_list_signer=_list_signer(value("issuer_list_signer", "")),
        test_mode=_test_mode(value("test_mode", "0"), mode),
        trusted_providers=_origins("trusted_providers", value("trusted_providers", "")),
        audit_heads=_paths("audit_heads", value("audit_heads", str(instance / "audit-heads.jsonl"))),
    )


def write_setting(path: Path, name: str, value: str) -> None:
    """Set one setting in the settings file, keeping every other line. The file is replaced in one step, and only its
    owner can read it: it may hold the mail server's password.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    kept = [line for line in lines if line.split("=")[0].strip() != name]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text("\n".join([*kept, f'{name} = "{quoted}"']) + "\n", encoding="utf-8")
    fresh.replace(path)


def checked_base_url(text: str, mode: Mode) -> str:
    """Return the base URL without a slash at its end.

    Raises ConfigurationError when it is no plain http(s) origin, or, in production, when strangers could not
    reach it: badges carry this address for ever.
    """
    url = text.strip().rstrip("/")
    parts = _split_origin(url)
    if parts is None:
        raise ConfigurationError(
            'The base URL "%(url)s" cannot be used. It must look like https://badges.example.org: '
            "scheme and host, nothing after them. Set BADGES_BASE_URL.",
            url=text,
        )
    if mode is Mode.PRODUCTION and (parts.scheme != "https" or not _is_public_host(parts.hostname or "")):
        raise ConfigurationError(
            "In production the base URL must be https with a public name (no IP address), because it is written into "
            'every badge; "%(url)s" is not. Set BADGES_BASE_URL to the address that strangers use, or '
            "BADGES_MODE=trial to try things out.",
            url=url,
        )
    default_port = 443 if parts.scheme == "https" else 80
    authority = parts.netloc.lower()
    return f"{parts.scheme}://{authority.removesuffix(f':{default_port}') if parts.port == default_port else authority}"


def _split_origin(url: str) -> SplitResult | None:
    """Return the parts of an address that is scheme, host and perhaps port; None when it is more or less than that."""
    try:
        parts = urlsplit(url)
        is_origin = (
            parts.scheme in ("http", "https")
            and _HOST.fullmatch(parts.hostname or "") is not None
            and parts.port != 0
            and not parts.netloc.endswith(":")
            and url.isprintable()
        )
    except ValueError:
        return None
    more = parts.path or parts.query or parts.fragment or parts.username is not None
    return parts if is_origin and not more else None


def _is_public_host(host: str) -> bool:
    """Whether strangers can reach it. An address of numbers does not count: a did:web cannot be one."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_name = _TOP_LEVEL.search(host) is not None  # else it is a number in disguise, such as 0x7f.1
        return "." in host and is_name and not f".{host.lower()}".endswith(_PRIVATE_SUFFIXES)
    return False


def _folder(environment: Mapping[str, str], name: str, default: str) -> Path:
    return Path(environment.get(name) or default).expanduser().absolute()


def _passphrase_file(environment: Mapping[str, str]) -> Path | None:
    name = environment.get("BADGES_KEY_PASSPHRASE_FILE")
    if name and environment.get("BADGES_KEY_PASSPHRASE"):
        raise ConfigurationError(
            "BADGES_KEY_PASSPHRASE and BADGES_KEY_PASSPHRASE_FILE are both set. Leave one of them out."
        )
    return Path(name).expanduser().absolute() if name else None


def _read_file(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise ConfigurationError(
            "The settings file %(path)s cannot be read: %(problem)s.", path=path, problem=problem
        ) from problem
    for name in found:
        if name not in NAMES:
            raise ConfigurationError(
                'The settings file %(path)s has an unknown setting "%(name)s". The settings are: %(names)s.',
                path=path,
                name=name,
                names=", ".join(NAMES),
            )
    return {name: _text_of(path, name, value) for name, value in found.items()}


def _text_of(path: Path, name: str, value: object) -> str:
    """Return a setting as the environment would give it: a list is written with commas."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ConfigurationError(
        'The setting "%(name)s" in %(path)s must be a text in quotes or a number.', path=path, name=name
    )


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise ConfigurationError('BADGES_MODE is "%(mode)s". It must be "trial" or "production".', mode=text) from None


def _test_mode(text: str, mode: Mode) -> bool:
    """Return whether it is on. In production nothing starts with it, so that no stranger ever gets at the test key."""
    is_on = _switch("test_mode", text)
    if is_on and mode is Mode.PRODUCTION:
        raise ConfigurationError(
            "BADGES_TEST_MODE is on, which is for test suites only: anybody could have anything signed. "
            "Take it away, or set BADGES_MODE=trial."
        )
    return is_on


def _switch(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise ConfigurationError('BADGES_%(name)s is "%(text)s". It must be 1 or 0.', name=name.upper(), text=text)
    return text == "1"


def _smtp_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = not text or (parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        good = False
    if not good:
        raise ConfigurationError(
            "BADGES_SMTP_URL must look like smtp://user:password@host:587 or smtps://…; yours does not."
        )
    return text


def _check_notify(key: str, template: str, url: str, smtp_url: str) -> None:
    _origins("notify_url", url)
    if key and not re.fullmatch(rf"\S+-{_UUID}-{_UUID}", key):
        raise ConfigurationError(
            "BADGES_NOTIFY_KEY is no API key of GOV.UK Notify: those end with two ids that have hyphens between."
        )
    if bool(key) != bool(template) or (template and not re.fullmatch(_UUID, template)):
        raise ConfigurationError(
            "For GOV.UK Notify set both BADGES_NOTIFY_KEY and BADGES_NOTIFY_TEMPLATE, which is the template's id."
        )
    if key and smtp_url:
        raise ConfigurationError("Set BADGES_SMTP_URL or BADGES_NOTIFY_KEY, and not both: mails go one way.")


def _mail_sender(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]) or not text.isprintable():
        raise ConfigurationError(
            'BADGES_MAIL_SENDER is "%(text)s". It must look like Anytown Library <badges@example.org>.', text=text
        )
    return text


def _list_signer(text: str) -> str:
    if text and not re.fullmatch(r"did:key:z\w+|did:web:[^\s#]+#z\w+", text, re.ASCII):
        raise ConfigurationError(
            'BADGES_ISSUER_LIST_SIGNER is "%(text)s". It must look like did:key:z6Mk… or, with the key after '
            "the #, did:web:example.org#z6Mk….",
            text=text,
        )
    return text


def _paths(name: str, text: str) -> tuple[Path, ...]:
    """Return the files that a setting names, with commas between."""
    paths = tuple(Path(part.strip()).expanduser().absolute() for part in text.split(",") if part.strip())
    if not paths:
        raise ConfigurationError("BADGES_%(name)s must name at least one file.", name=name.upper())
    return paths


def _origins(name: str, text: str) -> frozenset[str]:
    """Return the origins that a setting names, with commas between."""
    found = [part.strip().rstrip("/") for part in text.split(",") if part.strip()]
    for each in found:
        if _split_origin(each) is None:
            raise ConfigurationError(
                'BADGES_%(name)s has "%(text)s". Each must look like https://login.example.org: scheme and host, '
                "nothing after them.",
                name=name.upper(),
                text=each[:200],
            )
    return frozenset(found)


def _whole_number(name: str, text: str, most: int = 10) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > most:
        raise ConfigurationError(
            'BADGES_%(name)s is "%(text)s". It must be a number from 0 to %(most)s.',
            name=name.upper(),
            text=text,
            most=most,
        )
    return int(text)
