"""Lists as people have them: pasted, CSV, out of a mail program, in whatever encoding; bad ones lose no good row."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import InvalidInputError
from badges.issuing.domain_typos import suggested_address
from badges.issuing.recipients import Column, Recipients, read_file, read_text


def people(found: Recipients) -> list[tuple[str, str]]:
    return [(row.email, row.name) for row in found.rows]


SAM, ANN = ("sam@nhs.net", "Sam Jones"), ("ann@nhs.net", "Ann Lee")


@pytest.mark.parametrize(
    "text",
    [
        "Sam Jones\tsam@nhs.net\nAnn Lee\tann@nhs.net\n",
        "sam@nhs.net,Sam Jones\r\nann@nhs.net,Ann Lee",
        "sam@nhs.net;Sam Jones;\nann@nhs.net;Ann Lee;\n\n",
        "Email,Full name\nsam@nhs.net,Sam Jones\nann@nhs.net,Ann Lee",
        "FULL NAME;E-Mail Address\nSam Jones;sam@nhs.net\nAnn Lee;ann@nhs.net",
        "First name\tSurname\tEmail\nSam\tJones\tsam@nhs.net\nAnn\tLee\tann@nhs.net",
        "Sam,Jones,sam@nhs.net\nAnn,Lee,ann@nhs.net",
        "Sam Jones <sam@nhs.net>\nAnn Lee <ann@nhs.net>",
        "Sam Jones <sam@nhs.net>; Ann Lee <ann@nhs.net>",
        '"Jones, Sam" <sam@nhs.net>, "Lee, Ann" <ann@nhs.net>',
        "Jones, Sam (Library) <sam@nhs.net>; Lee, Ann <ann@nhs.net>;",
        'Name,Email\n"Jones, Sam",sam@nhs.net\n"Lee, Ann",ann@nhs.net',
        "Name|Email\nSam Jones|sam@nhs.net\nAnn Lee|ann@nhs.net",
        "Adresse;Wer\nsam@nhs.net;Sam Jones\nann@nhs.net;Ann Lee",
    ],
)
def test_reads_people_however_they_are_written(text: str) -> None:
    found = people(read_text(text))
    assert [email for email, _ in found] == [SAM[0], ANN[0]]
    if "Adresse" not in text:  # a heading that we do not know leaves its column out
        assert found == [SAM, ANN]


@pytest.mark.parametrize("text", ["a@x.org; b@x.org, c@x.org", "a@x.org\nb@x.org\nc@x.org", "a@x.org b@x.org c@x.org"])
def test_reads_addresses_alone(text: str) -> None:
    assert [email for email, _ in people(read_text(text))] == ["a@x.org", "b@x.org", "c@x.org"]


def test_says_what_each_column_is_taken_for() -> None:
    found = read_text("Ref,Date,Link,Notes,Shoe size,Email\n7,2026-03-31,https://x.org,Led it,9,sam@nhs.net\n")
    assert found.columns == (
        Column.REFERENCE, Column.DATE, Column.EVIDENCE_URL, Column.NARRATIVE, Column.IGNORED, Column.EMAIL,
    )  # fmt: skip
    (row,) = found.rows
    assert (row.reference, row.date, row.evidence_url, row.narrative) == ("7", "2026-03-31", "https://x.org", "Led it")
    assert row.cells == ("7", "2026-03-31", "https://x.org", "Led it", "9", "sam@nhs.net")


def test_guesses_columns_without_a_heading_by_what_stands_in_them() -> None:
    long = "Led the journal club for a year and wrote down what it found"
    found = read_text(f"A-17\tSam Jones\t31/03/2026\tsam@nhs.net\thttps://x.org/a\t{long}\n")
    (row,) = found.rows
    assert (row.reference, row.name, row.date, row.evidence_url, row.narrative) == (
        "A-17", "Sam Jones", "31/03/2026", "https://x.org/a", long,
    )  # fmt: skip


LETTERS = "Name;Email\r\nZoë Müller;zoe@nhs.net\r\n"


@pytest.mark.parametrize(
    "data",
    [
        LETTERS.encode(),
        LETTERS.encode("utf-8-sig"),
        LETTERS.encode("cp1252"),
        LETTERS.encode("utf-16"),
        LETTERS.encode("utf-16-le"),
        LETTERS.encode("utf-16-be"),
        LETTERS.replace("\r\n", "\n").encode(),
        LETTERS.replace("\r\n", "\r").encode(),
        b"Name;Email\r\nZo\xc3\xab M\xfcller;zoe@nhs.net\r\n".replace(b"\xc3\xab", b"\xeb"),
    ],
)
def test_reads_every_encoding_that_excel_writes(data: bytes) -> None:
    assert people(read_file(io.BytesIO(data))) == [("zoe@nhs.net", "Zoë Müller")]


def test_reads_lines_of_two_encodings_in_one_file() -> None:
    data = "Zoë,zoe@nhs.net\n".encode() + "Zoë,other@nhs.net\n".encode("cp1252")
    assert people(read_file(io.BytesIO(data))) == [("zoe@nhs.net", "Zoë"), ("other@nhs.net", "Zoë")]


def test_a_quote_that_does_not_end_swallows_no_other_row() -> None:
    rows = "".join(f"Person {n},person{n}@nhs.net\n" for n in range(50))
    found = people(read_text(f'"Sam,sam@nhs.net\n{rows}'))
    assert len(found) == 51
    assert found[-1] == ("person49@nhs.net", "Person 49")


def test_a_note_of_several_lines_is_one_row() -> None:
    (row,) = read_text('Email,Note\nsam@nhs.net,"Led it.\nThen wrote."\n').rows
    assert row.narrative == "Led it.\nThen wrote."


@pytest.mark.parametrize("data", [b"", b"\n\n", b"Name\nSam\n", b"\x89PNG\r\n\x1a\n\0\0\0"])
def test_what_is_no_list_of_people_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_file(io.BytesIO(data))
    assert refused.value.field in ("rows", "file")


def test_one_endless_line_takes_little_memory() -> None:
    """A hundred megabytes without an end of line: cut, and refused or read, but never kept whole."""
    import tracemalloc

    class Endless(io.RawIOBase):
        left = 100_000_000

        def read(self, size: int = -1) -> bytes:
            return b"x@y.zz," * 10

        def readline(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size > 0
            self.left -= size
            return b"x" * size if self.left > 0 else b""

        def seek(self, *_: int) -> int:
            return 0

    tracemalloc.start()
    with pytest.raises(InvalidInputError):
        read_file(Endless())  # type: ignore[arg-type]
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "line",
    [
        "a" + " " * 99_000 + "<bad",
        " " * 99_000 + "<sam@nhs.net",
        "<sam@nhs.net>" + ";" * 99_000 + "<",
        "a@b.org" + ";" * 99_000 + "<",
        "a@b.org " * 12_000 + "<",
        "x" * 99_000 + "@",
        "@" * 99_000,
        '"' * 99_000,
        "(" * 49_000 + "," + ")" * 49_000,
        "Jones," + " " * 99_000 + "Sam <sam@nhs.net",
        "<" * 99_000 + "@x",
        "a@b.c<" * 16_000,
    ],
)
def test_a_line_that_was_made_to_take_long_does_not(line: str) -> None:
    """Backtracking over one of these would take minutes."""
    for text in (f"Sam,sam@nhs.net\n{line}\n", f"{line}\nSam,sam@nhs.net\n", f'Name,Email\n"{line},sam@nhs.net\n'):
        try:
            list(read_text(text).rows)
        except InvalidInputError:
            continue


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rows = list(read_text(text).rows)
    except InvalidInputError:
        return
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        list(read_file(io.BytesIO(data)).rows)
    except InvalidInputError:
        return


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("sam@nhs.ent", "sam@nhs.net"),
        ("sam@nhs.nt", "sam@nhs.net"),
        ("sam@gmial.com", "sam@gmail.com"),
        ("sam@gmail.con", "sam@gmail.com"),
        ("sam@anytown.nhs.ent", "sam@anytown.nhs.net"),
        ("sam@hotmail.co.uk", None),
        ("sam@nhs.net", None),
        ("sam@nhs.uk", None),
        ("sam@anytown.nhs.uk", None),
        ("sam@example.org", None),
        ("sam@ymail.com", None),
        ("sam@live.com", None),
    ],
)
def test_a_slip_in_a_known_ending_is_noticed_and_nothing_else(address: str, meant: str | None) -> None:
    assert suggested_address(address) == meant
