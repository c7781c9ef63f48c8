"""Workbooks: read as they are shown, in a child that has little; bombs and junk are refused with a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest

from badges.errors import InvalidInputError
from badges.services.recipient_files import read_recipients

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="{type}" Target="{target}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: str, **more: bytes) -> io.BytesIO:
    """Return a workbook of one sheet, as Excel writes it. sheet: the XML of its rows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(type=f"{_OFFICE}/officeDocument", target="xl/workbook.xml"))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="People" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _RELATIONS.format(type=f"{_OFFICE}/worksheet", target="worksheets/sheet1.xml"),
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
        )
        for name, content in more.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def row(number: int, *cells: str) -> str:
    inner = "".join(cell if cell.startswith("<c") else f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inner}</row>'


def test_reads_the_first_sheet_with_the_numbers_of_its_rows() -> None:
    file = workbook(row(1, "Name", "Email") + row(3, "Sam", "sam@nhs.net") + row(4, "Ann", "ann@nhs.net"))
    found = read_recipients(file)
    assert [(each.email, each.name, each.line) for each in found.rows] == [
        ("sam@nhs.net", "Sam", 3),
        ("ann@nhs.net", "Ann", 4),
    ]


def test_a_formula_gives_what_it_shows_and_is_never_run() -> None:
    formula = '<c t="str"><f>HYPERLINK("http://evil.example")</f><v>Sam</v></c>'
    (one,) = read_recipients(workbook(row(1, "Name", "Email") + row(2, formula, "sam@nhs.net"))).rows
    assert one.name == "Sam"


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened() -> None:
    file = workbook(row(1, "a@b.org"), **{"xl/media/bomb.bin": bytes(250 * 1024 * 1024)})
    assert file.getbuffer().nbytes < 1_000_000
    with pytest.raises(InvalidInputError, match="unpacks to more"):
        read_recipients(file)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"junk" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        workbook(row(1, "Name") + row(2, "Sam")).getvalue(),
        workbook("").getvalue(),
        workbook("<row><c></row>").getvalue(),
    ],
)
def test_what_is_no_workbook_with_people_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_recipients(io.BytesIO(data))
