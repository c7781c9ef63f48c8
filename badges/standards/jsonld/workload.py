"""What the canonical forms of one submission may cost together, however many documents and proofs are in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from badges.errors import BadgesError
from badges.standards.jsonld.canonical import canonical_digest
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.rdfc10 import Budget, HashName
from badges.vocab.json import JsonObject

_Key: TypeAlias = tuple[HashName, ContextSource, frozenset[tuple[str, int]]]


@dataclass(slots=True)
class Workload:
    """Hashes documents, each once, within one budget.

    budget: for telling alike blank nodes apart. Once it is spent, only documents that need none of it are hashed.
    count: how many documents were worked out.
    """

    budget: Budget = field(default_factory=Budget)
    count: int = 0
    _answers: dict[_Key, tuple[JsonObject, bytes | BadgesError]] = field(default_factory=dict)

    def digest(
        self, document: JsonObject, hash_name: HashName = "sha256", context_of: ContextSource = bundled_context
    ) -> bytes:
        """Return the hash of a document's canonical form. Raises as canonical_nquads, the same each time.

        document: not changed afterwards. It is the same as another when its members hold the very same objects:
        each proof of a credential asks for its document in a new dict. The memory keeps them, so an id stays theirs.
        """
        members = frozenset((name, id(value)) for name, value in document.items())
        key = (hash_name, context_of, members)
        if key not in self._answers:
            self._answers[key] = (document, self._work_out(document, hash_name, context_of))
        answer = self._answers[key][1]
        if isinstance(answer, BadgesError):
            raise answer
        return answer

    def _work_out(self, document: JsonObject, hash_name: HashName, context_of: ContextSource) -> bytes | BadgesError:
        self.count += 1
        try:
            return canonical_digest(document, context_of=context_of, hash_name=hash_name, budget=self.budget)
        except BadgesError as error:
            return error
