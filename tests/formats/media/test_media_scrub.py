"""Scrubbed sound, films and bitmaps: planted strings are gone, every frame stays, twice is once."""

import io
import itertools
import os
import random
import struct
import tomllib
import tracemalloc
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import (
    DocumentFormat,
    Finding,
    LabelOrder,
    Purpose,
    ScrubOrder,
    ScrubReport,
    Wants,
)
from meti_desk.formats.media.kinds import KINDS
from meti_desk.formats.media.ogg import page_sum
from meti_desk.formats.registry import disagreement, find
from tests.formats.planted.media import (
    BUILDERS,
    FRAME,
    SOUND,
    box,
    comments,
    film,
    flac_block,
    flac_frame,
    flac_info,
    full,
    page,
    riff,
    synchsafe,
    track,
    whole_riff,
)
from tests.formats.planted.media import _crc as slow_crc
from tests.formats.planted.pictures import Planted

FULL = os.environ.get("METI_DESK_FULL") == "1"
PURPOSES: tuple[Purpose, ...] = ("provide", "publish")
LEAST = {"rf64": 3, "mp4": 20, "mov": 20, "flac": 12, "wav": 9, "avi": 9}
MEDIA_NAMES = [name for name in BUILDERS if name != "svg"]


def family(data: bytes) -> DocumentFormat:
    return find(io.BytesIO(data)).family


def scrubbed_with_report(data: bytes, order: ScrubOrder) -> tuple[bytes, ScrubReport]:
    source, target = io.BytesIO(data), io.BytesIO()
    report = family(data).scrub(source, target, order)
    family(data).verify_scrub(source, target, order)
    assert source.getvalue() == data
    return target.getvalue(), report


def scrubbed(data: bytes, purpose: Purpose = "provide", *keep: str) -> bytes:
    return scrubbed_with_report(data, ScrubOrder(purpose, keep))[0]


def findings(data: bytes) -> tuple[Finding, ...]:
    return family(data).inspect(io.BytesIO(data), Wants()).findings


def digest(data: bytes) -> str:
    return family(data).inspect(io.BytesIO(data), Wants(findings=False)).digest


def planted(name: str) -> tuple[bytes, Planted]:
    p = Planted()
    return BUILDERS[name](p), p


def left(data: bytes, p: Planted) -> list[str]:
    return [one for one in p.leaks if one.encode() in data]


def refusal(data: bytes, order: ScrubOrder | None = None) -> MetiDeskError:
    with pytest.raises(MetiDeskError) as caught:
        family(data).scrub(io.BytesIO(data), io.BytesIO(), order or ScrubOrder())
    return caught.value


@pytest.mark.parametrize(("name", "purpose"), [*itertools.product(MEDIA_NAMES, PURPOSES)])
def test_every_planted_string_goes_and_what_is_heard_and_seen_stays(
    name: str, purpose: Purpose
) -> None:
    data, p = planted(name)
    assert len(set(p.leaks)) == len(left(data, p)) >= LEAST.get(name, 6)
    clean, report = scrubbed_with_report(data, ScrubOrder(purpose))
    assert left(clean, p) == []
    assert digest(clean) == digest(data)
    assert findings(clean) == ()
    assert {one.kind for one in report.removed} == {one.kind for one in findings(data)}
    assert scrubbed_with_report(clean, ScrubOrder(purpose)) == (clean, ScrubReport())


@pytest.mark.parametrize("name", ["avi", "mp4", "mov", "ogg", "ogg-flac"])
def test_where_places_are_pointed_to_nothing_moves(name: str) -> None:
    data, _ = planted(name)
    clean = scrubbed(data)
    assert len(clean) <= len(data)
    assert all(b in {0, a} or a == 0 or name.startswith("ogg") or b in b"freJUNK"
               for a, b in zip(data, clean, strict=False))  # fmt: skip


def test_every_hiding_place_is_shown_before() -> None:
    common = {"media.tag"}
    special = {
        "mp3": {"media.unused-bytes", "media.trailing"},
        "wav": {"media.application-data", "media.unknown-part", "media.trailing"},
        "rf64": {"media.application-data", "media.trailing"},
        "flac": {"media.application-data", "media.picture", "media.unknown-part",
                 "media.unused-bytes"},
        "ogg": {"media.trailing"},
        "ogg-flac": {"media.application-data", "media.picture", "media.unknown-part",
                     "media.unused-bytes"},
        "avi": {"media.application-data", "media.part-name", "media.time", "media.trailing",
                "media.unknown-part"},
        "mp4": {"media.encoder", "media.location", "media.part-name", "media.time",
                "media.trailing", "media.unknown-part", "media.unused-bytes"},
    }  # fmt: skip
    special["mov"] = special["mp4"]
    for name, kinds in special.items():
        assert {one.kind for one in findings(planted(name)[0])} == kinds | common, name
    assert {one.kind for one in findings(planted("bmp")[0])} == {
        "bmp.trailing", "bmp.unused-bytes",
    }  # fmt: skip
    place = [one for one in findings(planted("mp4")[0]) if one.kind == "media.location"]
    assert "+35.6750+139.7500/" in place[0].value
    assert place[0].severity == "high"


@pytest.mark.parametrize("name", MEDIA_NAMES)
def test_what_a_person_keeps_stays_and_only_that(name: str) -> None:
    data, p = planted(name)
    for kind in sorted({one.kind for one in findings(data)}):
        clean, report = scrubbed_with_report(data, ScrubOrder("provide", (kind,)))
        assert {one.kind for one in report.left} == {kind}
        assert kind not in {one.kind for one in report.removed}
        assert kind in {one.kind for one in findings(clean)}
        assert digest(clean) == digest(data)
        assert scrubbed(clean, "provide", kind) == clean
        assert len(left(clean, p)) < len(p.leaks)
    assert scrubbed(data, "publish", *(str(n) for n in range(1, 16))) == data


@pytest.mark.parametrize("name", MEDIA_NAMES)
def test_the_auditor_finds_what_was_not_removed(name: str) -> None:
    data, _ = planted(name)
    for kind in sorted({one.kind for one in findings(data)}):
        target = io.BytesIO()
        family(data).scrub(io.BytesIO(data), target, ScrubOrder("provide", (kind,)))
        with pytest.raises(InvalidInput) as caught:
            family(data).verify_scrub(io.BytesIO(data), target, ScrubOrder())
        assert caught.value.code == "scrub.left-behind", kind


CODED = {
    "mp3": FRAME[:4] + b"\0" * 40, "wav": SOUND[:50], "rf64": SOUND[:50], "avi": b"\xff\xd9",
    "mp4": SOUND[:50], "mov": SOUND[200:250], "bmp": bytes(range(50)),
}  # fmt: skip


@pytest.mark.parametrize("name", CODED)
def test_the_auditor_finds_a_changed_frame(name: str) -> None:
    clean = scrubbed(planted(name)[0])
    changed = bytearray(clean)
    changed[clean.index(CODED[name]) + (20 if len(CODED[name]) > 20 else 1)] ^= 1
    with pytest.raises(InvalidInput) as caught:
        family(clean).verify_scrub(io.BytesIO(clean), io.BytesIO(changed), ScrubOrder())
    assert caught.value.code == "scrub.text-changed"
    assert digest(bytes(changed)) != digest(clean)


@pytest.mark.parametrize("name", ["flac", "ogg", "ogg-flac"])
def test_a_changed_frame_is_known_by_its_check_sum(name: str) -> None:
    changed = bytearray(scrubbed(planted(name)[0]))
    changed[-4] ^= 1
    assert refusal(bytes(changed)).code == "document.damaged"
    told = findings(bytes(changed))
    assert [(one.kind, one.removal) for one in told] == [("media.unchecked", "blocks")]


def test_the_check_sum_of_a_page_is_that_of_the_standard() -> None:
    for length in (0, 1, 27, 300):
        block = random.Random(length).randbytes(length)
        assert page_sum(block) == slow_crc(block, 0x04C11DB7, 32)


def test_the_label_goes_into_a_sidecar() -> None:
    for name in BUILDERS:
        data, _ = planted(name)
        seen = family(data).inspect(io.BytesIO(data), Wants())
        assert (seen.embeds, seen.markable, seen.obstacle) == (False, False, "")
        for act in (family(data).write_label, family(data).verify_label):
            with pytest.raises(RuleViolation) as caught:
                act(io.BytesIO(data), io.BytesIO(), LabelOrder({}))
            assert caught.value.code == "format.not-embeddable"


def test_names_promise_what_the_content_keeps() -> None:
    for name in ("mp3", "wav", "flac", "ogg", "avi", "mp4", "mov", "bmp", "svg"):
        data, _ = planted(name)
        variant = find(io.BytesIO(data)).variant
        assert disagreement(f"a.{name}", variant) is None
        assert disagreement("a.jpg", variant) is not None


def test_texts_are_not_taken_for_sound_or_bitmaps() -> None:
    for text in ("BMの仕様について".encode(), b"ID", "本文です".encode("utf-16"), b"moov", b"RIFF"):
        assert find(io.BytesIO(text * 40)).family.id in ("text", "other", "mail"), text


def timed(p: Planted, base: int) -> bytes:
    del p, base
    entry = box(b"gpmd", bytes(6), b"\0\1")
    return track(Planted(), b"meta", entry, [], [], wide=False)


def test_positions_recorded_along_with_time_need_a_person() -> None:
    data = film(Planted(), b"isom", more=timed)
    assert [one.removal for one in findings(data) if one.kind == "media.timed-metadata"] == [
        "blocks"
    ]
    for purpose in PURPOSES:
        refused = refusal(data, ScrubOrder(purpose))
        assert (refused.code, refused.params["kind"]) == ("scrub.blocked", "media.timed-metadata")
    kept, report = scrubbed_with_report(data, ScrubOrder("provide", ("media.timed-metadata",)))
    assert [one.kind for one in report.left] == ["media.timed-metadata"]
    assert scrubbed(kept, "provide", "media.timed-metadata") == kept


def _always(block: bytes, _p: Planted, _base: int) -> bytes:
    return block


def test_films_that_are_not_understood_are_refused_by_a_code() -> None:
    for inside, what in ((box(b"cmov"), "packed"), (box(b"rmra"), "elsewhere"),
                         (box(b"pssh"), "protected")):  # fmt: skip
        refused = refusal(film(Planted(), b"isom", more=partial(_always, inside)))
        assert (refused.code, refused.params["what"]) == ("scrub.unsupported-format", what)
    for data in (box(b"ftyp", b"isom"), box(b"ftyp", b"isom") + box(b"mdat", b"x" * 99)):
        assert refusal(data).code == "document.damaged"


def test_media_that_lie_elsewhere_are_told_as_a_path() -> None:
    data, _ = planted("mp4")
    at = data.index(b"url ") + 4
    away = data[:at] + bytes(4) + data[at + 4 :]
    told = [one for one in findings(away) if one.kind == "media.path"]
    assert (told[0].severity, told[0].removal) == ("high", "blocks")
    assert refusal(away).code == "scrub.blocked"


def test_fragments_keep_their_data() -> None:
    moof = box(b"moof", full(b"mfhd", b"\0\0\0\1"), box(b"traf", full(b"tfhd", b"\0\0\0\1")))
    data = film(Planted(), b"isom", more=partial(_always, b""))
    data = data[: data.index(b"skip") - 4] + moof + box(b"mdat", b"samples") + box(b"emsg", b"note")
    clean = scrubbed(data)
    assert b"samples" in clean
    assert b"note" not in clean
    assert b"emsg" not in clean


def test_old_sound_whose_samples_are_longer_than_said_is_kept_whole() -> None:
    data, p = planted("mov")
    table = data.index(b"stsz", data.index(b"smhd")) + 8
    count = struct.unpack(">L", data[table + 4 : table + 8])[0]
    assert count == 2
    same = data[:table] + struct.pack(">LL", 1, 400) + data[table + 8 :]
    step = same.index(b"stsc", same.index(b"smhd")) + 16
    same = same[:step] + struct.pack(">L", 200) + same[step + 4 :]
    clean = scrubbed(same)
    assert SOUND[:200] in clean
    assert SOUND[200:400] in clean
    assert len(left(clean, p)) <= 2


def test_several_streams_side_by_side_are_refused() -> None:
    head = b"OpusHead\1\1" + bytes(9)
    data = page([head], 0, 2) + page([head], 0, 2, serial=8)
    refused = refusal(data)
    assert (refused.code, refused.params["what"]) == ("scrub.unsupported-format", "several-streams")
    assert refusal(page([b"\x80theora"], 0, 2)).code == "scrub.unsupported-format"


def test_chained_streams_are_cleaned_one_after_the_other() -> None:
    first, p = planted("ogg")
    second = BUILDERS["ogg"](p)
    data = first[:-9] + second
    assert len(left(data, p)) == len(p.leaks) - 1
    clean = scrubbed(data)
    assert left(clean, p) == []
    assert digest(clean) == digest(data)


def test_a_recording_without_an_end_is_sound_to_the_end() -> None:
    fmt = riff(b"fmt ", struct.pack("<HHLLHH", 1, 1, 8000, 8000, 1, 8))
    data = b"RIFF\xff\xff\xff\xffWAVE" + fmt + b"data\xff\xff\xff\xff" + SOUND
    assert scrubbed(data) == data
    info = riff(b"LIST", b"INFO" + riff(b"INAM", b"secret"))
    assert refusal(whole_riff(b"WAVE", fmt, riff(b"data", b""), info)).code == "document.damaged"
    assert refusal(whole_riff(b"WAVE", fmt)).code == "document.damaged"


def test_frames_of_flac_begin_right_behind_the_blocks() -> None:
    head = b"fLaC" + flac_block(0, flac_info(2), last=True)
    sound = flac_frame(0) + flac_frame(1)
    assert scrubbed(head + sound) == head + sound
    hidden = flac_block(4, comments(b"maker", b"TITLE=secret"))
    assert refusal(head + hidden + sound).code == "document.damaged"
    assert scrubbed(head + sound + b"behind all") == head + sound
    assert scrubbed(head) == head


def test_the_frame_that_players_need_is_kept_and_told() -> None:
    info = FRAME[:36] + b"Info" + bytes(116) + b"LAME3.100" + bytes(8)
    data = info.ljust(len(FRAME), b"\0") + FRAME * 5
    clean, report = scrubbed_with_report(data, ScrubOrder("publish"))
    assert clean == data
    assert [(one.kind, one.value, one.removal) for one in report.left] == [
        ("media.encoder-frame", "LAME3.100", "kept")
    ]


def test_sound_after_junk_and_cut_off_sound() -> None:
    clean = scrubbed(b"ID3\3\0\0" + synchsafe(10) + bytes(10) + b"junk" * 30 + FRAME * 5)
    assert clean == FRAME * 5
    assert scrubbed(FRAME * 5 + FRAME[:100]) == FRAME * 5 + FRAME[:100]
    assert scrubbed(FRAME * 5 + b"behind all" * 9) == FRAME * 5
    # A remnant of a frame in something else is no sound, and what is in doubt is not cut away.
    tag = b"ID3\3\0\0" + synchsafe(10) + bytes(10)
    assert refusal(tag + b"OggS" * 30 + FRAME[:20]).code == "document.damaged"
    amid = FRAME * 5 + b"x" * 90 + FRAME * 5
    assert refusal(amid).code == "document.damaged"


def test_a_linked_profile_of_colours_is_somebodys_path() -> None:
    data, _ = planted("bmp")
    linked = data.replace(b"DEBM", b"KNIL")
    assert [one.kind for one in findings(linked) if one.removal == "blocks"] == [
        "bmp.linked-profile"
    ]
    assert refusal(linked).code == "scrub.blocked"


class Zeros(io.RawIOBase):
    """A long file of which only the beginning is held; the rest is zeros."""

    def __init__(self, head: bytes, size: int) -> None:
        self._head, self._size, self._at = head, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        self._at = place + (self._size if whence == 2 else self._at if whence == 1 else 0)
        return self._at

    def read(self, count: int = -1) -> bytes:
        stop = self._size if count < 0 else min(self._size, self._at + count)
        block = self._head[self._at : stop].ljust(max(0, stop - self._at), b"\0")
        self._at = stop
        return block


class Sink(io.RawIOBase):
    """Counts what is written."""

    size = 0

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        return place

    def write(self, block: object) -> int:
        self.size += len(block)  # type: ignore[arg-type] # bytes, in all that is called here
        return len(block)  # type: ignore[arg-type] # the same

    def truncate(self, size: int | None = None) -> int:
        return size or 0


def test_a_long_film_takes_little_memory() -> None:
    data, _ = planted("mp4")
    start = data.index(b"mdat") - 4
    size = (2 << 30) if FULL else (256 << 20)
    head = data[:start] + struct.pack(">L4sQ", 1, b"mdat", size - start)
    # The long head moves what tracks refer to, which plays no part here.
    source: BinaryIO = Zeros(head + data[start + 8 :], size)  # type: ignore[assignment] # as read
    sink = Sink()
    tracemalloc.start()
    find(source).family.scrub(source, sink, ScrubOrder())  # type: ignore[arg-type] # as written
    # Proven, too: all of it is read, whatever it holds, when everything is kept.
    find(source).family.verify_scrub(source, source, ScrubOrder(keep=("6", "12", "14")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.size == size
    assert peak < 24 << 20


@pytest.mark.parametrize("name", BUILDERS)
def test_damage_ends_in_a_scrub_or_a_code(name: str) -> None:
    data, _ = planted(name)
    chance = random.Random(name)
    for _ in range(150 if FULL else 25):
        harmed = bytearray(data)
        for _ in range(chance.choice((1, 4, 20))):
            harmed[chance.randrange(len(harmed))] = chance.choice((0, 0xFF, chance.randrange(256)))
        whole = bytes(harmed[: chance.randrange(len(harmed))] if chance.random() < 0.3 else harmed)
        if family(whole).id not in ("media", "svg"):
            continue
        findings(whole)
        try:
            clean = scrubbed(whole)
        except MetiDeskError as refused:
            assert refused.code.startswith(("document.", "scrub."))  # noqa: PT017
        else:
            assert scrubbed(clean) == clean


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_of_finding_has_its_words(language: str) -> None:
    terms = tomllib.loads(read_text("i18n", f"wording.{language}.toml"))["terms"]
    assert {f"finding.{kind}" for kind in KINDS} <= terms.keys()


def test_the_auditor_shares_no_code_with_the_removal() -> None:
    import meti_desk.formats.media as package

    folder = Path(package.__file__).parent
    allowed = {"meti_desk.formats.media.audit_film", "meti_desk.formats.media.audit_sound"}
    for path in (*folder.glob("audit*.py"), folder / "svg_audit.py"):
        used = {line.split()[1] for line in path.read_text().splitlines()
                if line.startswith("from meti_desk.formats.media")}  # fmt: skip
        assert used <= allowed, path.name
