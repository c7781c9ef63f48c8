"""A process that awards one batch, in small chunks, until somebody kills it: `python -m tests.jobs.killed ID`."""

from __future__ import annotations

import sys

from badges.bootstrap import make_service
from badges.jobs.batches import award_batch
from badges.jobs.tasks import deliver_due_mail
from badges.services import batch_chunks
from badges.vocab.audit import WORKER


def main() -> None:
    batch_chunks.CHUNK_ROWS = 5  # type: ignore[misc]
    service = make_service(by=WORKER)
    award_batch(service, int(sys.argv[1]), by=WORKER, processes=1)
    deliver_due_mail(service)


if __name__ == "__main__":
    main()
