"""What must never change by itself: the address inside signed badges."""

from __future__ import annotations

from sqlalchemy.orm import Session

from badges.errors import ConfigurationError
from badges.services.context import Installation
from badges.storage.engine import insert_unless_there
from badges.storage.records import FactName, FactRecord


def fixed_base_url(session: Session) -> str | None:
    """Return the base URL that signed badges carry, or None before the first award."""
    record = session.get(FactRecord, FactName.BASE_URL)
    return record.value if record else None


def require_base_url(session: Session, installation: Installation) -> None:
    """Raise ConfigurationError when signed badges carry another base URL than the settings."""
    stored = fixed_base_url(session)
    if stored is not None and stored != installation.addresses.base_url:
        raise ConfigurationError(
            "The badges of this instance carry the address %(stored)s for ever, but the settings say %(now)s. "
            "Set BADGES_BASE_URL=%(stored)s (and the port that goes with it), or use another instance folder.",
            stored=stored,
            now=installation.addresses.base_url,
        )


def fix_base_url(session: Session, installation: Installation) -> None:
    """Keep the base URL for ever, at the first award. Raises ConfigurationError when another one is kept."""
    require_base_url(session, installation)
    if fixed_base_url(session) is None:
        fact = FactRecord(name=FactName.BASE_URL, value=installation.addresses.base_url)
        if not insert_unless_there(session, fact):
            require_base_url(session, installation)
