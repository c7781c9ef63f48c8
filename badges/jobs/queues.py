"""Which queue says when something is done: with the database of the installation comes its queue."""

from __future__ import annotations

from typing import Protocol

from badges.bootstrap import Service


class Queue(Protocol):
    """Says when. What is to be done is in our tables, and what is lost here is found there within a minute."""

    def send_mail(self) -> None:
        """Have due mail sent soon. Raises OSError, UnavailableError."""
        ...

    def award_batches(self) -> None:
        """Have lists awarded once their time to undo is over. Raises OSError, UnavailableError."""
        ...

    def work(self) -> None:
        """Do what the queue says until stopped by a signal."""
        ...


def make_queue(service: Service) -> Queue:
    """Return this installation's queue: of its own file on one machine, or in PostgreSQL for any number of machines."""
    if service.database.engine.dialect.name == "postgresql":
        from badges.jobs.postgres_queue import PostgresQueue

        return PostgresQueue(service)
    from badges.jobs.file_queue import FileQueue

    return FileQueue(service)
