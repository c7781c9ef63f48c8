"""Memory: the inputs that are made to need much of it, verified in a process that may not have much."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

MEGABYTES: Final = 512
CPU_SECONDS: Final = 60
HOSTILE: Final = {
    "a bomb in a PNG": "PNG",
    "a list of gigabytes": "LIST",
    "deep nesting": 'b\'{"type":["VerifiableCredential"],"a":\' + b\'{"a":\' * 1_500_000',
    "brackets": 'b"[]" * 2_000_000',
    "digits": 'b\'{"type":["VerifiableCredential"],"a":\' + b"1" * 4_000_000 + b"}"',
    "escapes": 'b\'{"type":["VerifiableCredential"],"a":"\' + b"\\\\u0041" * 600_000 + b\'"}\'',
    "dots": 'b"a." * 4_000_000',
    "a long token": 'b"eyJhbGciOiJSUzI1NiJ9." + b"e30" * 3_000_000 + b".AA"',
    "elements": 'b"<svg xmlns=\'http://www.w3.org/2000/svg\'>" + b"<b/>" * 900_000',
    "attributes": 'b"<svg " + b" ".join(b"a%d=\'x\'" % n for n in range(300_000)) + b"/>"',
    "prefixes": 'b"<svg " + b" ".join(b"xmlns:a%d=\'x\'" % n for n in range(200_000)) + b"/>"',
    "letters of half a megabyte in UTF-16": 'b"\\xff\\xfe" + "{ ".encode("utf-16-le") * 2_000_000',
    "nothing at all": 'b"\\x00" * 10_000_000',
    "too much": 'b"{" * 11_000_000',
}
PROGRAM: Final = """
import resource, zlib
from badges.verifying.report import Verdict
from tests.verifying.mutations.forms import WORLD, check, json_forms
from tests.verifying.mutations.test_lists import with_content
from tests.verifying.mutations.test_pictures import itxt, with_chunks

def packed(wbits):
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join(packer.compress(bytes(10_000_000)) for _ in range(60)) + packer.flush()

picture = with_chunks(itxt(packed(15), flags=b"\\1\\0"))
endless_list = with_content(packed(31))
sound = json_forms()[0].data
assert check(sound).verdict is Verdict.VALID  # everything is loaded
limit = {megabytes} * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
for name, text in {hostile!r}.items():
    if text == "LIST":
        WORLD.put("https://library.example/status/1", endless_list)
    data = picture if text == "PNG" else sound if text == "LIST" else eval(text)
    report = check(data)
    assert report.verdict is not Verdict.VALID, (name, report.verdict)
    assert any(str(each.message) for each in report.checks), name
print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the bound on memory is one of Linux")
def test_what_needs_much_is_refused_with_little() -> None:
    program = PROGRAM.format(megabytes=MEGABYTES, seconds=CPU_SECONDS, hostile=HOSTILE)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "refused"), done.stderr[-2_000:]
