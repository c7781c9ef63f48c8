"""`python -m badges` is the command `badges`."""

from __future__ import annotations

from badges.cli.main import main

main()
