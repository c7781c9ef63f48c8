"""What every proof format in the table must do."""

from __future__ import annotations

import pytest

from badges.errors import BadgesError
from badges.standards.json_text import read_json_object, write_json
from badges.standards.proofs import PROOF_FORMATS, InvalidSignatureError, ProofError
from badges.standards.signer import KeyAlgorithm
from tests.standards.local_signer import CREATED, METHOD, LocalSigner, credential, ed25519_signer, signer_for

CASES = [(name, algorithm) for name, form in PROOF_FORMATS.items() for algorithm in sorted(form.algorithms)]


def secure(name: str, signer: LocalSigner) -> str:
    form = PROOF_FORMATS[name]
    return form.secure(credential(), signer, verification_method=METHOD, created=CREATED)


def test_the_table_has_both_formats_under_their_own_names() -> None:
    assert {name: form.name for name, form in PROOF_FORMATS.items()} == {
        "eddsa-rdfc-2022": "eddsa-rdfc-2022",
        "vc-jwt": "vc-jwt",
    }
    assert all(form.media_type for form in PROOF_FORMATS.values())


@pytest.mark.parametrize(("name", "algorithm"), CASES)
def test_opens_what_it_secures(name: str, algorithm: KeyAlgorithm) -> None:
    text = secure(name, signer_for(algorithm))
    document = PROOF_FORMATS[name].open(text, signer_for(algorithm).public_key)
    assert {**document, "proof": None} == {**credential(), "proof": None}


@pytest.mark.parametrize("name", PROOF_FORMATS)
def test_refuses_another_key_and_other_text(name: str) -> None:
    text = secure(name, ed25519_signer())
    with pytest.raises(InvalidSignatureError):
        PROOF_FORMATS[name].open(text, ed25519_signer(2).public_key)
    for broken in ("", "{}", text[:-3], text[1:], text + "x", text.replace("z", "y", 1)):
        if broken != text:
            with pytest.raises(BadgesError):
                PROOF_FORMATS[name].open(broken, ed25519_signer().public_key)


@pytest.mark.parametrize("name", PROOF_FORMATS)
def test_refuses_keys_that_it_cannot_use(name: str) -> None:
    for algorithm in set(KeyAlgorithm) - PROOF_FORMATS[name].algorithms:
        with pytest.raises(ProofError):
            secure(name, signer_for(algorithm))


def test_one_good_proof_among_unknown_ones_is_enough() -> None:
    """Checklist, pitfall 32."""
    document = read_json_object(secure("eddsa-rdfc-2022", ed25519_signer()))
    text = write_json({**document, "proof": [{"type": "Unknown2030"}, "nonsense", *document["proof"]]})
    assert PROOF_FORMATS["eddsa-rdfc-2022"].open(text, ed25519_signer().public_key)["id"] == document["id"]
