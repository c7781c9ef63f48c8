"""Serving: gunicorn, with the background worker as a child of the same command."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from badges.bootstrap import Service, make_service
from badges.config import Settings, read_settings
from badges.errors import UnavailableError
from badges.network.turnstile import MOST_AT_A_TIME
from badges.web.app import create_app
from badges.web.tries import forget_tries

_log = logging.getLogger(__name__)
_RESTART_PAUSE_SECONDS: Final = 5
# More than may wait for other servers at a time, so that some are always left for everybody else.
THREADS: Final = MOST_AT_A_TIME + 4
_WORKER: Final = (sys.executable, "-m", "badges.jobs")


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings instead of its command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application in each serving process, so that none shares a database connection."""
        from badges.jobs.queues import make_queue

        service = make_service(asks_for_signatures=not read_settings().sign_in_web)
        queue = make_queue(service)
        return create_app(service, after_award=queue.send_mail, after_start=queue.award_batches)


class WorkerProcess:
    """The background worker as a child; should it end by itself, it is started again."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._keep_alive, daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _keep_alive(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([*_WORKER, str(os.getpid())])  # noqa: S603 — our own program
            code = self._process.wait()
            if not self._stopping.is_set():
                _log.error("The background worker ended by itself (%s); it is started again", code)
                self._stopping.wait(_RESTART_PAUSE_SECONDS)


def run_server(service: Service, host: str, port: int, welcome: str, *, with_worker: bool = True) -> None:
    """Serve until stopped by a signal; the worker ends with it. Raises UnavailableError when the port is taken."""
    require_free_port(host, port)
    service.database.close()
    serve_pages(service.settings, host, port, welcome, WorkerProcess() if with_worker else None)


def serve_pages(settings: Settings, host: str, port: int, welcome: str, worker: WorkerProcess | None = None) -> None:
    """Serve until stopped by a signal. welcome: what is printed once pages are served. worker: begins and ends too."""
    forget_tries(settings.instance_folder)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")

    def begin(_server: Any) -> None:
        if worker is not None:
            worker.start()
        print(welcome, flush=True)

    def end(_server: Any) -> None:
        if worker is not None:
            worker.stop()

    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": max(2, min(8, os.cpu_count() or 2)),
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 15,
            "keepalive": 15,
            "loglevel": "warning",
            "accesslog": None,
            "when_ready": begin,
            "on_exit": end,
            "proc_name": "badges",
            "limit_request_line": 4094,
            "forwarded_allow_ips": "*" if settings.trusted_proxies else "127.0.0.1",
        }
    ).run()


def require_free_port(host: str, port: int) -> None:
    """Raise UnavailableError, saying what to do, when something else listens there."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise UnavailableError(
                "The service cannot listen on %(host)s, port %(port)s: %(problem)s. "
                "Perhaps it is running already; or take another: --port 8123 (make run PORT=8123).",
                host=host,
                port=port,
                problem=problem.strerror,
            ) from problem
