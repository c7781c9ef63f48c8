"""The worker signs for web processes that have no keys (BADGES_SIGN_IN_WEB=0)."""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from typing import Final

from badges.bootstrap import Service
from badges.config import Settings
from badges.errors import ConfigurationError
from badges.keyring.agent_server import SigningAgent
from badges.services.signing_desk import SigningDesk

_PR_SET_DUMPABLE: Final = 4  # prctl(2)
_ROOT: Final = 0


def start_agent(service: Service) -> SigningAgent:
    """Sign for the web process from now on, until the agent is stopped. Raises ConfigurationError."""
    desk = SigningDesk(service.database, service.installation)
    agent = SigningAgent(service.settings.signing_socket, desk.answer, _users(service.settings))
    agent.start()
    return agent


def hide_memory() -> None:
    """Let no other process of the same account read this one's memory and environment, where passphrase and keys are.

    As ssh-agent does. Only Linux knows how.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _users(settings: Settings) -> frozenset[int]:
    """Return the numbers of the accounts that may have something signed: our own, root, and that of the web process."""
    ours = {os.getuid(), _ROOT}
    if not settings.web_user:
        return frozenset(ours)
    try:
        return frozenset(ours | {pwd.getpwnam(settings.web_user).pw_uid})
    except KeyError as problem:
        raise ConfigurationError(
            'BADGES_WEB_USER is "%(name)s". There is no such account on this machine.', name=settings.web_user
        ) from problem
