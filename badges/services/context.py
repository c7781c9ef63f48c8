"""What the use cases work with, besides their session: one bundle, joined in `badges/bootstrap.py`."""

from __future__ import annotations

from dataclasses import dataclass

from badges.addresses import Addresses
from badges.clock import Clock
from badges.config import Settings
from badges.ids import RandomSource
from badges.keyring.keyring import Keyring
from badges.keyring.secret_files import SecretFolder
from badges.services.links import LinkMaker


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Installation:
    """One installation's tools: where it is, what time it is, chance, keys, secrets, and the maker of
    secret links."""

    settings: Settings
    addresses: Addresses
    clock: Clock
    random: RandomSource
    keys: Keyring
    secrets: SecretFolder
    links: LinkMaker
