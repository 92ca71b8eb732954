"""Marks as people write them, and words that are none (Arts. 4, 5)."""

from datetime import date

import pytest

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import Label, Terms
from meti_desk.domain.mark_text import MarkTexts
from meti_desk.domain.marking import (
    BODY_TOP_LINES,
    LONGEST_LINE,
    Certainty,
    Kind,
    Place,
    find_marks,
    format_mark,
    parse_mark,
)
from meti_desk.domain.restriction import Restriction, Strength, Vocabulary

COPY = Restriction("copy", Strength.FORBIDDEN, "複製禁止")
WORDS = Vocabulary({"複製禁止": COPY})
C1, C2, C3 = Confidentiality
I2, A1 = Integrity.I2, Availability.A1


def test_the_canonical_mark() -> None:
    label = Label(C2, I2, A1, frozenset({COPY}), frozenset({"審査委員"}))
    assert format_mark(label) == "機密性2情報（完全性2・可用性1） 複製禁止・審査委員限り"
    assert format_mark(label, paper=True) == "機密性2情報 複製禁止・審査委員限り"
    assert format_mark(Label(C1)) == "機密性1情報（完全性1・可用性1）"


def test_the_terms_in_a_mark() -> None:
    terms = Terms(date(2026, 12, 1), date(2027, 3, 31), date(2031, 3, 31), 24)
    written = format_mark(Label(C3, terms=terms), paper=True)
    assert written == (
        "機密性3情報 2026年12月1日まで公表禁止・2027年3月31日まで利用可・"
        "2031年3月31日まで保存・24時間以内復旧"
    )


def test_a_label_for_nobody_and_a_name_that_no_line_can_carry_are_refused() -> None:
    with pytest.raises(RuleViolation, match=r"label\.audience-empty"):
        format_mark(Label(C2, audience=frozenset()))
    for name in ("", " 委員", "委\n員", "委\u202e員"):
        with pytest.raises(InvalidInput, match=r"label\.audience-invalid"):
            format_mark(Label(C2, audience=frozenset({name})))


@pytest.mark.parametrize(
    ("written", "level", "integrity", "availability"),
    [
        ("機密性２情報", C2, None, None),
        ("機密性2", C2, None, None),
        ("【機密性3情報】", C3, None, None),
        ("機密性 2 情報", C2, None, None),
        ("機 密 性 ３ 情 報", C3, None, None),
        ("（機密性1情報）", C1, None, None),
        ("機密性：２", C2, None, None),
        ("機密性：２　完全性：２　可用性：１", C2, I2, A1),
        ("機密性２・完全性２・可用性１", C2, I2, A1),
        ("機密性2情報、完全性2情報、可用性1情報", C2, I2, A1),
        ("機密性 2 情報（完全性 2・可用性 1）", C2, I2, A1),
        ("C2I2A1", C2, I2, A1),
        ("C2;I2;A1", C2, I2, A1),
        ("C2/I2/A1", C2, I2, A1),
        ("Ｃ２・Ｉ２・Ａ１", C2, I2, A1),
        ("c2-i2-a1", C2, I2, A1),
    ],
)
@pytest.mark.parametrize("place", Place)
def test_spellings_of_a_label(
    written: str,
    level: Confidentiality,
    integrity: Integrity | None,
    availability: Availability | None,
    place: Place,
) -> None:
    (mark,) = find_marks(written, place=place)
    assert (mark.confidentiality, mark.integrity, mark.availability) == (
        level,
        integrity,
        availability,
    )
    assert (mark.text, mark.certainty) == (written, Certainty.CERTAIN)


@pytest.mark.parametrize(
    ("written", "kind", "certainty"),
    [
        ("秘", Kind.OLD, Certainty.LIKELY),
        ("「秘」", Kind.OLD, Certainty.LIKELY),
        ("㊙", Kind.OLD, Certainty.LIKELY),
        ("マル秘", Kind.OLD, Certainty.LIKELY),
        ("秘密文書", Kind.OLD, Certainty.LIKELY),
        ("極秘", Kind.OLD, Certainty.ASK),
        ("極　秘", Kind.OLD, Certainty.ASK),
        ("機密性4情報", Kind.CANONICAL, Certainty.ASK),
    ],
)
def test_old_marks_propose_c3_and_extinct_levels_ask(
    written: str, kind: Kind, certainty: Certainty
) -> None:
    (mark,) = find_marks(written, place=Place.HEADER)
    assert (mark.kind, mark.certainty, mark.confidentiality) == (kind, certainty, C3)
    assert mark.like_c3
    assert not mark.stop


@pytest.mark.parametrize(
    "written", ["取扱注意", "取扱厳重注意", "取り扱い注意", "部外秘", "CONFIDENTIAL"]
)
def test_attention_only_warns(written: str) -> None:
    (mark,) = find_marks(written, place=Place.HEADER)
    assert mark.kind is Kind.ATTENTION
    assert mark.label is None
    assert not mark.like_c3


@pytest.mark.parametrize(
    "written", ["特定秘密", "【特定秘密】", "特別防衛秘密", "特別防衛秘密（極秘）"]
)
def test_marks_that_stop_everything(written: str) -> None:
    marks = find_marks(written, place=Place.HEADER)
    assert [mark.kind for mark in marks] == [Kind.SPECIAL]
    assert marks[0].stop
    assert not marks[0].like_c3


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize(
    "mention",
    [
        "秘書",
        "秘書課",
        "秘密保持契約",
        "秘 密 保 持 契 約",
        "極秘裏",
        "秘匿",
        "便秘",
        "特定秘密保護法",
        "特定秘密の保護に関する法律",
        "機密性2情報の取扱いについて",
        "機密性2情報及び機密性3情報",
        "機密性1・2・3",
        "機密性2以上",
        "本書は機密性3情報である。",
        "機密性10",
        "機密性1情報　機密性2情報　機密性3情報",
        "取扱注意事項",
        "「秘」と記された文書",
        "文書に「極秘」",
        "「機密性2情報」とする",
        "「機密性3情報 複製禁止の表示",
        "ISOC2I2A10",
        "",
    ],
)
def test_mentions_are_no_marks(mention: str, place: Place) -> None:
    assert find_marks(mention, place=place) == ()


def test_a_mark_beside_other_words_counts_in_a_header_but_not_in_a_body() -> None:
    text = "資料１　機密性2情報"
    assert [mark.text for mark in find_marks(text, place=Place.HEADER)] == ["機密性2情報"]
    assert find_marks(text, place=Place.BODY) == ()


def test_a_body_is_searched_at_its_top_only() -> None:
    line = "機密性3情報\n"
    above = "本文\n\n" * (BODY_TOP_LINES - 1)
    assert len(find_marks(above + line, place=Place.BODY)) == 1
    assert find_marks(above + "本文\n" + line, place=Place.BODY) == ()
    assert len(find_marks(above + "本文\n" + line, place=Place.TOP)) == 1


def test_the_ticked_box_of_a_form_is_the_mark() -> None:
    (mark,) = find_marks("□機密性1　■機密性2　□機密性3", place=Place.HEADER)
    assert (mark.text, mark.confidentiality) == ("機密性2", C2)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("【機密性2情報】結果案.docx", "【機密性2情報】"),
        ("秘_人事案.xlsx", "秘"),
        ("機密性2情報_結果.docx", "機密性2情報"),
        ("結果(機密性2).pdf", "(機密性2)"),
        ("結果_C3I1A1.docx", "C3I1A1"),
        ("極秘資料.docx", "極秘資料"),
        ("人事案-秘.docx", "秘"),
    ],
)
def test_marks_in_file_names(name: str, found: str) -> None:
    assert [mark.text for mark in find_marks(name, place=Place.FILENAME)] == [found]


def test_what_stands_behind_the_level_is_read_ignoring_white_space() -> None:
    text = (
        "機密性 2 情報 （複 製 禁 止）・第 2 委員会限り、令和 8 年 12 月 1 日まで公表禁止"
        " コピー不可"
    )
    (mark,) = find_marks(text, WORDS, place=Place.FOOTER)
    assert mark.text == text
    assert mark.restrictions == {COPY}
    assert mark.audience == {"第2委員会"}
    assert mark.terms == Terms(embargo=date(2026, 12, 1))
    assert mark.unread == ("コピー不可",)
    assert parse_mark(text, WORDS) is None


def test_a_title_behind_a_mark_is_not_swallowed() -> None:
    (mark,) = find_marks("機密性2情報（案）", WORDS, place=Place.HEADER)
    assert mark.text == "機密性2情報"


def test_impossible_days_are_left_out_of_the_terms() -> None:
    (mark,) = find_marks("機密性2情報 2026年13月1日まで保存", WORDS, place=Place.HEADER)
    assert mark.terms == Terms()
    assert mark.unread == ("2026年13月1日まで保存",)


def test_the_words_of_a_policy_are_written_and_found() -> None:
    texts = MarkTexts(("公開", "機密性2情報", "秘密（機密性3）"), embargo="配布禁止")
    label = Label(C3, restrictions=frozenset({COPY}), terms=Terms(embargo=date(2026, 1, 2)))
    written = format_mark(label, texts)
    assert written == "秘密（機密性3）（完全性1・可用性1） 複製禁止・2026年1月2日まで配布禁止"
    assert parse_mark(written, WORDS, texts) == label
    assert parse_mark(format_mark(Label(C1), texts), WORDS, texts) == Label(C1)


@pytest.mark.parametrize("text", ["", "本文", "秘", "機密性2情報 機密性3情報", "機密性2情報 ほか"])
def test_only_one_whole_mark_parses(text: str) -> None:
    assert parse_mark(text, WORDS) is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "機密性2" + " \t" * 20_000 + "x",
        "機密性2情報 " * 20_000,
        "【" * 3_000 + "秘" + "】" * 3_000,
        "機密性2情報 「" + "」」" * 1_500,
        ("機密性2情報 " + "a " * 1_900 + "\n") * 20,
        "秘 " * 1_900,
        "\n".join(["機密性2情報・複製禁止・" + "2026年" * 300] * 50),
    ],
    ids=["blanks", "one line", "brackets", "quotes", "letters", "lone", "dates"],
)
def test_no_text_is_slow_to_search(text: str) -> None:
    for mark in find_marks(text, WORDS, place=Place.HEADER):
        assert text[mark.start : mark.end] == mark.text


def test_a_line_without_end_is_running_text() -> None:
    assert find_marks("機密性2情報 " + "本文" * LONGEST_LINE, place=Place.TOP) == ()
