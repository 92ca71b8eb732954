import io
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from asn1crypto import cms as reader
from protection_people import KINDS, person
from protection_samples import FULL

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import cms_names as names
from meti_desk.protection import cms_password, cms_wire, der, registry
from meti_desk.protection.base import CHUNK, Key, Lock, Member
from meti_desk.protection.cms_recipients import Recipients, written
from meti_desk.protection.recipients import unwrap_mine

CMS = registry.CMS
NAME, LABEL = "部/会議の結果.docx", "C2;I1;A1\nonly=課長"
PASSWORD = "日本語の鍵 pass😀"
FAST = 1000


def lock(password: str = PASSWORD, *kinds: str) -> Lock:
    """Give a lock that costs little."""
    return Lock(password, tuple(person(kind).certificate for kind in kinds), FAST)


def sealed(content: bytes, with_: Lock | None = None) -> bytes:
    """Protect some bytes."""
    out = io.BytesIO()
    done = registry.protect(
        "cms", io.BytesIO(content), out, with_ or lock(), name=NAME, label=LABEL
    )
    assert done.listed
    return out.getvalue()


def opened(envelope: bytes, key: Key) -> bytes:
    """Open an envelope."""
    target = io.BytesIO()
    assert registry.open_any(io.BytesIO(envelope), target, key) == NAME
    return target.getvalue()


def code_of(envelope: bytes, key: Key) -> str:
    """Give the code by which an envelope is refused; nothing of it may be left behind."""
    target = io.BytesIO()
    with pytest.raises(MetiDeskError) as refused:
        CMS.open(io.BytesIO(envelope), target, key)
    assert target.getvalue() == b""
    return refused.value.code


@pytest.mark.parametrize(
    "size", [0, 1, 127, 128, 255, 65_535, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7]
)
def test_there_and_back_at_every_size(size: int) -> None:
    content = random.Random(size).randbytes(size)
    envelope = sealed(content)
    assert opened(envelope, Key(PASSWORD)) == content
    assert registry.contents(io.BytesIO(envelope), Key(PASSWORD)) == (Member(NAME, size, LABEL),)


def test_each_recipient_and_the_password_open_alone() -> None:
    content = b"for several people" * 99
    envelope = sealed(content, lock(PASSWORD, *KINDS))
    wraps = registry.wraps(io.BytesIO(envelope))
    assert len(wraps) == len(KINDS)
    for kind in KINDS:
        content_key = bytes(unwrap_mine(wraps, person(kind).own))
        assert opened(envelope, Key(content_key=content_key)) == content
    assert opened(envelope, Key(PASSWORD)) == content


def test_certificates_alone_need_no_password() -> None:
    content = b"x" * 1000
    envelope = sealed(content, lock("", "p-256", "p-256"))
    (wrap,) = registry.wraps(io.BytesIO(envelope))
    content_key = bytes(unwrap_mine((wrap,), person().own))
    assert opened(envelope, Key(content_key=content_key)) == content
    assert code_of(envelope, Key(PASSWORD)) == "open.needs-key"
    with pytest.raises(InvalidInput) as refused:
        registry.wraps(io.BytesIO(sealed(content)))
    assert refused.value.code == "open.needs-password"


def test_name_label_and_password_are_not_to_be_seen() -> None:
    envelope = sealed(b"content " * 50, lock(PASSWORD, "rsa-3072"))
    for secret in (b"content ", NAME.encode(), "結果".encode(), LABEL.encode(), PASSWORD.encode()):
        assert secret not in envelope
    lengths = set()
    for name in ("a", "b" * 100):
        out = io.BytesIO()
        CMS.protect(io.BytesIO(b"x"), out, lock(), name=name)
        lengths.add(len(out.getvalue()))
    assert len(lengths) == 1


def test_no_two_envelopes_have_anything_secret_in_common() -> None:
    one, two = (cms_wire.read(io.BytesIO(sealed(b"same"))) for _ in range(2))
    assert one.nonce != two.nonce
    assert one.recipients.passwords[0].salt != two.recipients.passwords[0].salt
    assert one.recipients.sealed != two.recipients.sealed


def test_another_reader_understands_the_headers() -> None:
    envelope = sealed(b"x" * 300, lock(PASSWORD, "rsa-3072", "p-384"))
    outer = der.nodes(der.single(envelope, der.SEQUENCE).body)
    assert outer[0].raw == names.AUTH_ENVELOPED
    _, infos, info, tag = der.nodes(der.nodes(outer[1].body)[0].body)
    people = reader.RecipientInfos.load(
        der.tlv(der.SET, *(one.raw for one in der.nodes(infos.body) if one.tag != 0xA4))
    )
    found = {one.name: one.chosen.native for one in people}
    assert found["ktri"]["key_encryption_algorithm"]["algorithm"] == "rsaes_oaep"
    parameters = found["ktri"]["key_encryption_algorithm"]["parameters"]
    assert parameters["hash_algorithm"]["algorithm"] == "sha256"
    assert parameters["mask_gen_algorithm"]["parameters"]["algorithm"] == "sha256"
    assert found["kari"]["version"] == "v3"
    derivation = found["pwri"]["key_derivation_algorithm"]["parameters"]
    assert derivation["iteration_count"] == FAST
    assert derivation["prf"]["algorithm"] == "sha256"
    content = der.nodes(info.body)
    assert (content[0].raw, len(content[2].body), len(tag.body)) == (names.DATA, 300, 16)
    assert der.to_der(envelope) == envelope


def test_the_floor_of_rounds_is_what_is_made_by_default() -> None:
    out = io.BytesIO()
    CMS.protect(io.BytesIO(b"x"), out, Lock(PASSWORD), name="a")
    (wrap,) = cms_wire.read(out).recipients.passwords
    assert (wrap.rounds, wrap.digest, wrap.bits) == (600_000, "sha256", 256)


def test_a_wrong_password_is_named() -> None:
    envelope = sealed(b"secret")
    for wrong in ("pass", PASSWORD + " ", PASSWORD.upper()):
        assert code_of(envelope, Key(wrong)) == "open.wrong-password"
    assert code_of(envelope, Key("")) == "password.empty"
    assert code_of(envelope, Key(content_key=bytes(32))) == "open.tampered"
    assert code_of(envelope, Key(content_key=bytes(16))) == "open.tampered"


@pytest.mark.parametrize(
    ("with_", "name", "code"),
    [
        (Lock(), "a", "protect.no-opener"),
        (Lock("a\nb"), "a", "password.bad-character"),
        (Lock("x" * 1025), "a", "password.too-long"),
        (Lock("p", rounds=FAST), "../a", "protect.unsafe-name"),
        (Lock("p", rounds=FAST), "con", "protect.unsafe-name"),
    ],
)
def test_what_is_refused_before_anything_is_written(with_: Lock, name: str, code: str) -> None:
    target = io.BytesIO()
    with pytest.raises(InvalidInput) as refused:
        CMS.protect(io.BytesIO(b"x"), target, with_, name=name)
    assert (refused.value.code, target.getvalue()) == (code, b"")


class Growing(io.BytesIO):
    """A file that somebody writes to while it is read."""

    def readinto(self, buffer: object, /) -> int:
        """Give more than there was."""
        count = super().readinto(buffer)  # type: ignore[arg-type]
        if not count and self.tell() < 200:
            self.write(b"more")
            self.seek(-4, 1)
            return super().readinto(buffer)  # type: ignore[arg-type]
        return count


def test_a_file_that_changes_meanwhile_is_refused() -> None:
    target = io.BytesIO()
    with pytest.raises(InvalidInput) as refused:
        CMS.protect(Growing(b"x" * 100), target, lock(), name="a")
    assert (refused.value.code, target.getvalue()) == ("protect.failed", b"")


def test_absurd_counts_are_refused_before_any_work() -> None:
    envelope = sealed(b"secret")
    for rounds in (cms_password.MOST_ROUNDS + 1, 1 << 62):
        assert code_of(rewritten(envelope, rounds=rounds), Key(PASSWORD)) == "open.too-many-rounds"
    assert code_of(rewritten(envelope, rounds=0), Key(PASSWORD)) == "document.damaged"
    twice = rewritten(envelope, times=12, rounds=cms_password.MOST_ROUNDS // 10)
    assert code_of(twice, Key(PASSWORD)) == "open.too-many-rounds"


def rewritten(envelope: bytes, *, times: int = 1, **change: object) -> bytes:
    """Write the head of an envelope anew, with other things about its password."""
    read = cms_wire.read(io.BytesIO(envelope))
    wrap = msgspec.structs.replace(read.recipients.passwords[0], **change)
    return with_head(envelope, msgspec.structs.replace(read.recipients, passwords=(wrap,) * times))


def with_head(envelope: bytes, recipients: Recipients, nonce: bytes = b"") -> bytes:
    """Put other recipients or another nonce in front of the same content."""
    read = cms_wire.read(io.BytesIO(envelope))
    size = read.length or 0
    head = cms_wire.head(recipients, nonce or read.nonce, size)
    return head + envelope[read.begin :]


def test_a_sealed_name_cannot_be_taken_away_exchanged_or_added() -> None:
    envelope, other = sealed(b"secret"), sealed(b"another")
    mine, theirs = (cms_wire.read(io.BytesIO(one)).recipients for one in (envelope, other))
    assert opened(with_head(envelope, mine), Key(PASSWORD)) == b"secret"
    for boxes in ((), theirs.sealed, mine.sealed + theirs.sealed, mine.sealed * 2, (b"",)):
        changed = with_head(envelope, msgspec.structs.replace(mine, sealed=boxes))
        assert code_of(changed, Key(PASSWORD)) == "open.tampered"
        with pytest.raises(InvalidInput) as refused:
            registry.contents(io.BytesIO(changed), Key(PASSWORD))
        assert refused.value.code == "open.tampered"
    assert code_of(with_head(envelope, mine, bytes(12)), Key(PASSWORD)) == "open.tampered"


def test_a_recipient_added_by_a_stranger_opens_nothing() -> None:
    envelope = sealed(b"secret", lock("", "p-256"))
    read = cms_wire.read(io.BytesIO(envelope))
    stranger = cms_password.wrap(b"stranger", bytes(32), FAST)
    added = msgspec.structs.replace(read.recipients, passwords=(stranger,))
    assert code_of(with_head(envelope, added), Key("stranger")) == "open.tampered"


def test_every_truncation_is_found() -> None:
    envelope = sealed(b"secret " * 40, lock(PASSWORD, "p-256"))
    content_key = key_of(envelope)
    for end in range(len(envelope)):
        assert code_of(envelope[:end], content_key) in {"document.damaged", "open.tampered"}
    for extra in (b"\0", b"\0\0", envelope):
        assert code_of(envelope + extra, content_key) == "document.damaged"


def key_of(envelope: bytes) -> Key:
    """Give the content key: the slow way to it is not what is tried here."""
    (wrap,) = registry.wraps(io.BytesIO(envelope))
    return Key(content_key=bytes(unwrap_mine((wrap,), person().own)))


def test_every_flipped_bit_gives_the_original_or_an_error() -> None:
    content = b"secret " * 20
    envelope = sealed(content, lock(PASSWORD, "p-256"))
    content_key = key_of(envelope)
    codes = set()
    for bit in range(len(envelope) * 8):
        changed = bytearray(envelope)
        changed[bit // 8] ^= 1 << bit % 8
        target = io.BytesIO()
        try:
            CMS.open(io.BytesIO(bytes(changed)), target, content_key)
        except InvalidInput as refused:
            codes.add(refused.code)
            assert target.getvalue() == b""
        else:
            assert target.getvalue() == content
            assert CMS.contents(io.BytesIO(bytes(changed)), content_key)[0].name == NAME
    assert codes == {"open.tampered", "document.damaged", "open.unsupported"}


def test_flips_in_the_way_by_password_open_nothing_else() -> None:
    content = b"secret"
    envelope = sealed(content)
    head = cms_wire.read(io.BytesIO(envelope)).begin
    step = 1 if FULL else 5
    for at in range(0, head, step):
        changed = bytearray(envelope)
        changed[at] ^= 1 << at % 8
        target = io.BytesIO()
        try:
            CMS.open(io.BytesIO(bytes(changed)), target, Key(PASSWORD))
        except InvalidInput:
            assert target.getvalue() == b""
        else:
            assert target.getvalue() == content


def test_gcm_cannot_be_turned_into_a_cipher_without_integrity() -> None:
    envelope = sealed(b"secret " * 40, lock(PASSWORD, "p-256"))
    content_key = key_of(envelope)
    gcm, cbc = names.by_bits(names.GCM, 256), names.by_bits(names.CBC, 256)
    at = envelope.rindex(gcm)
    turned = envelope[:at] + cbc + envelope[at + len(gcm) :]
    assert code_of(turned, content_key) == "open.unsupported"
    shorter = names.by_bits(names.GCM, 128)
    turned = envelope[:at] + shorter + envelope[at + len(gcm) :]
    assert code_of(turned, content_key) == "open.tampered"
    enveloped = der.nodes(der.single(envelope, der.SEQUENCE).body)
    outer = der.sequence(names.ENVELOPED, enveloped[1].raw)
    assert code_of(outer, content_key) == "open.unsupported"


@pytest.mark.parametrize("nonce", [b"", b"x", b"x" * 7, b"x" * 129])
def test_nonces_that_nobody_should_use(nonce: bytes) -> None:
    read = cms_wire.read(io.BytesIO(sealed(b"secret")))
    head = cms_wire.head(read.recipients, nonce, 0)
    assert code_of(head + cms_wire.tail(bytes(16)), Key(content_key=bytes(32))) == (
        "document.damaged"
    )


def test_detection_never_fails_and_says_what_it_is() -> None:
    envelope = sealed(b"secret", lock(PASSWORD, "rsa-3072"))
    found = registry.detect(io.BytesIO(envelope))
    assert found is not None
    assert (found.method, found.openable, found.notes) == ("cms", True, ())
    assert {"aes-256", "gcm", "rsa-oaep-3072", "pbkdf2-hmac-sha-256"} <= {*found.algorithms}
    assert registry.listed(found)
    for end in range(2, 1200, 3):
        registry.detect(io.BytesIO(envelope[:end]))
    for other in (b"\x30\x80", b"\x30\x03\x02\x01\x00", b"0" * 100):
        assert registry.detect(io.BytesIO(other)) is None


def test_proposed_for_certificates_outside() -> None:
    assert registry.choose("docx", 10, certificates=True) == "cms"
    assert registry.choose("png", 1 << 40, certificates=True) == "metienc"


def test_large_files_take_constant_memory(tmp_path: Path) -> None:
    size = (1024 if FULL else 96) << 20
    script = f"""
import resource
from meti_desk.protection import registry
from meti_desk.protection.base import Key, Lock
registry.preload()
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open("large", "w+b") as source, open("out", "w+b") as out, open("back", "w+b") as back:
    block = bytes(range(256)) * 4096
    for _ in range({size >> 20}):
        source.write(block)
    registry.protect("cms", source, out, Lock("pass", rounds=1000), name="large")
    registry.open_any(out, back, Key("pass"))
    assert back.tell() == {size}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 24 << 10


def test_memory_is_not_asked_for_by_a_header() -> None:
    claims = der.sequence(names.AUTH_ENVELOPED)[2:]
    huge = bytes([der.SEQUENCE, 0x88]) + (1 << 60).to_bytes(8, "big") + claims
    assert code_of(huge, Key(content_key=bytes(32))) == "document.damaged"
    nested = der.sequence(names.AUTH_ENVELOPED, b"\xa0\x80" + b"\x30\x80" * 5000)
    assert code_of(nested, Key(content_key=bytes(32))) == "document.damaged"


@pytest.mark.parametrize("pieces", [0, 7, 300])
@pytest.mark.parametrize("covered", [False, True])
def test_attributes_that_the_tag_covers(pieces: int, covered: bool) -> None:  # noqa: FBT001
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content, key, nonce = random.Random(3).randbytes(1000), bytes(range(32)), b"n" * 12
    attribute = der.sequence(der.oid("1.2.3.4"), der.tlv(der.SET, der.octets(b"value")))
    associated = der.tlv(der.SET, attribute) if covered else None
    secret = AESGCM(key).encrypt(nonce, content, associated)
    body, tag = secret[:-16], secret[-16:]
    held = der.tlv(0x80, body)
    if pieces:
        cut = [der.octets(body[at : at + pieces]) for at in range(0, len(body), pieces)]
        held = b"\xa0\x80" + b"".join(cut) + b"\0\0"
    algorithm = der.sequence(
        names.by_bits(names.GCM, 256), der.sequence(der.octets(nonce), der.integer(16))
    )
    people = Recipients(passwords=(cms_password.wrap(b"p", key, FAST),))
    parts = [der.integer(0), written(people), der.sequence(names.DATA, algorithm, held)]
    if covered:
        parts.append(der.tlv(0xA1, attribute))
    uncovered = der.tlv(0xA2, attribute)
    envelope = der.sequence(
        names.AUTH_ENVELOPED, der.tlv(0xA0, der.sequence(*parts, der.octets(tag), uncovered))
    )
    target = io.BytesIO()
    CMS.open(io.BytesIO(envelope), target, Key("p"))
    assert target.getvalue() == content
    if covered:
        at = envelope.index(b"value")
        changed = envelope[:at] + b"Value" + envelope[at + 5 :]
        assert code_of(changed, Key("p")) == "open.tampered"
