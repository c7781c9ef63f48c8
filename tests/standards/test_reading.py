"""What is taken out of documents of unknown origin is what stands there, or nothing."""

from __future__ import annotations

import pytest

from badges.standards.reading import MAX_ADDRESS, read_address


@pytest.mark.parametrize("address", ["did:web:a.example", "https://a.example/b?c#d", "urn:uuid:1", "x"])
def test_address_is_given_as_it_stands(address: str) -> None:
    assert read_address(address) == address
    assert read_address({"id": address}) == address


@pytest.mark.parametrize(
    "address",
    ["did:web:a.example\u202e", "did:web:\x00a.example", " did:web:a.example", "a" * (MAX_ADDRESS + 1), 7, None],
)
def test_address_that_would_have_to_be_cleaned_is_none(address: object) -> None:
    """Cleaned, it would be the address of somebody else."""
    assert read_address(address) == ""
