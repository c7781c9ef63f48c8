"""What is kept of a badge of a batch: byte for byte what was signed comes back, and damage is noticed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.issuing.credential_template import Slot
from badges.issuing.packed_values import PackedValuesError, pack_values, unpack_values
from tests.issuing.test_sign_batch import MOMENTS, NARRATIVES, URLS, signed, values_of
from tests.standards.local_signer import ed25519_signer

MORE = st.fixed_dictionaries({"valid_from": MOMENTS}, optional={"narrative": NARRATIVES, "evidence_url": URLS})


@given(st.integers(0, 10**6), MORE, st.binary(min_size=64, max_size=64))
def test_what_is_packed_comes_back(number: int, more: dict[str, str], signature: bytes) -> None:
    values = values_of(number, **more)
    packed = pack_values(values, signature)
    assert unpack_values(packed, tuple(values), UUID(values[Slot.AWARD_ID])) == (values, signature)


@given(MORE)
def test_the_text_comes_back_to_the_byte(more: dict[str, str]) -> None:
    from badges.standards.proofs.eddsa_rdfc_2022 import proof_value

    values = values_of(5, **more)
    [fresh] = signed(ed25519_signer(), [values])
    packed = pack_values(fresh.values, fresh.signature)
    back, signature = unpack_values(packed, fresh.template.slots, UUID(values[Slot.AWARD_ID]))
    assert fresh.template.pattern.text(back, proof_value(signature)) == fresh.text


@pytest.mark.parametrize("damage", [lambda packed: packed[:-1], lambda packed: packed + b"x", lambda _: b""])
def test_bytes_that_break_off_or_go_on_are_refused(damage: object) -> None:
    values = values_of(5, narrative="Led it")
    packed = damage(pack_values(values, b"s" * 64))  # type: ignore[operator]
    with pytest.raises(PackedValuesError):
        unpack_values(packed, tuple(values), UUID(values[Slot.AWARD_ID]))
