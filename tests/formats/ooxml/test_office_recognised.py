import io
import random
import zipfile

from meti_desk.formats.ooxml.office import has_member_in
from meti_desk.formats.registry import find


def archive(*names: str, noise: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for name in names:
            box.writestr(name, noise)
    return out.getvalue()


def test_letters_of_a_folder_in_the_content_of_an_archive_make_no_document() -> None:
    noise = b"..xl/..ppt/..word/" + random.Random(1).randbytes(2000)
    assert find(io.BytesIO(archive("a.bin", "b/xl/c.bin", noise=noise))).variant == "zip"


def test_a_document_that_is_cut_off_is_known_by_its_first_members() -> None:
    whole = archive("xl/workbook.xml", "xl/styles.xml", noise=b"<x/>" * 500)
    assert find(io.BytesIO(whole[:3000])).variant == "xlsx"
    assert has_member_in("xl/", whole)
    assert not has_member_in("xl/", whole[:20])
    assert not has_member_in("ppt/", whole)
