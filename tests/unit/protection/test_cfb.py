import io

import olefile
import pytest
from msoffcrypto.method.container.ecma376_encrypted import DefaultContent

from meti_desk.protection import cfb


def test_the_fixed_streams_are_those_that_others_write() -> None:
    assert DefaultContent.Version == cfb.VERSION
    assert DefaultContent.DataSpaceMap == cfb.DATA_SPACE_MAP
    assert DefaultContent.StrongEncryptionDataSpace == cfb.DATA_SPACE
    assert DefaultContent.Primary == cfb.PRIMARY


@pytest.mark.parametrize(
    "size", [0, 1, 64, 4095, 4096, 4097, 65536, 7_082_496, 7_200_000, 16_000_000]
)
def test_a_strict_reader_finds_both_streams(size: int) -> None:
    package = (bytes(range(251)) * (size // 251 + 1))[:size]
    info = b"information" * 90
    out = io.BytesIO()
    writer = cfb.PackageWriter(out)
    for at in range(0, size, 1_000_003):
        writer.write(package[at : at + 1_000_003])
    writer.finish(info)
    out.seek(0)
    with olefile.OleFileIO(out, raise_defects=olefile.DEFECT_UNSURE) as file:
        assert not file.parsing_issues
        assert file.openstream("EncryptionInfo").read() == info
        assert file.openstream("EncryptedPackage").read() == package
        assert file.exists("\x06DataSpaces/TransformInfo/StrongEncryptionTransform/\x06Primary")
        assert file.root.getmtime() is None
