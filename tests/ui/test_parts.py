"""The parts that need no window: drafts, steps of the wizard, jobs, tokens."""

import json
import threading

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from meti_desk.data import read_text
from meti_desk.services.messages import LabelView, PlannedFile, PlannedMeasure, SuggestedFile
from meti_desk.ui.classify.draft import Draft, proposed
from meti_desk.ui.classify.measures import merged
from meti_desk.ui.jobs import Job, Jobs
from meti_desk.ui.selfcheck.steps import next_item, updated
from meti_desk.ui.theme import Theme
from meti_desk.ui.theme_tokens import refresh
from meti_desk.ui.widgets.build import tip
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.rows import RowsModel
from meti_desk.ui.widgets.strength import score
from tests.ui.fake_checks import FakeChecks


def _file(**label: object) -> SuggestedFile:
    return SuggestedFile(path="a", label=LabelView(**label))  # type: ignore[arg-type]


def test_the_proposal_for_several_files_covers_them_all() -> None:
    joined = proposed(
        (
            _file(c=1, restrictions=("印刷禁止",), audience=("甲", "乙"), decided=True),
            _file(c=3, restrictions=("複製禁止",), audience=("乙", "丙"), decided=True),
            _file(c=2, decided=False),
        )
    )
    assert joined == LabelView(
        c=3, restrictions=("印刷禁止", "複製禁止"), audience=("乙",), decided=False
    )
    assert proposed((SuggestedFile(path="a"),)) is None


def test_reasons_are_asked_for_lowering_and_for_c3() -> None:
    draft = Draft(("a",))
    draft.adopt(LabelView(c=2))
    assert draft.reason_needed == ""
    draft.c = 1
    assert draft.reason_needed == "lower"
    draft.c = 3
    assert draft.reason_needed == "c3"
    assert not draft.label_complete
    draft.reason = "必要"
    assert draft.label_complete


def test_an_order_begins_the_label_and_takes_nothing_from_what_sources_hand_down() -> None:
    ordered = LabelView(c=2, restrictions=("印刷禁止",), i=2, a=1)
    alone = Draft(("a.docx",))
    alone.adopt(LabelView(c=1))
    alone.follow(ordered, "審査中のため")
    assert (alone.c, alone.i, alone.restrictions) == (2, 2, ["印刷禁止"])
    assert alone.reason == "審査中のため"
    derived = Draft(("a.docx",), ("source.docx",))
    derived.adopt(LabelView(c=3, restrictions=("複製禁止",), audience=("審査委員",)))
    derived.follow(ordered, "審査中のため")
    assert (derived.c, derived.i, derived.reason) == (3, 2, "")
    assert derived.restrictions == ["複製禁止", "印刷禁止"]
    assert derived.audience == ["審査委員"]
    assert not derived.lowers


def test_a_proposal_of_c3_asks_for_no_reason() -> None:
    draft = Draft(("a",))
    draft.adopt(LabelView(c=3))
    assert draft.reason_needed == ""


def test_a_permit_counts_only_when_all_of_it_is_told() -> None:
    draft = Draft(("/x/a.docx",), c=2, action="provide", permit=("課長", "", "口頭"))
    assert draft.plan_request().permit_noted == ""
    draft.permit = ("課長", "今日", "口頭")
    assert draft.plan_request().permit_noted == "課長, 今日, 口頭"
    assert draft.handle_request().out == "/x/提供用"
    draft.action = "transfer"
    assert draft.plan_request().area == 0


def test_measures_of_several_files_show_the_most_urgent_state() -> None:
    def file(state: str, strength: str = "mandatory") -> PlannedFile:
        one = PlannedMeasure("permission", "13-1", strength, state)  # type: ignore[arg-type]
        return PlannedFile(path="a", measures=(one,))

    assert merged([file("done"), file("waiting"), file("declined")])[0].state == "waiting"
    assert merged([file("open"), file("done", "prohibited")])[0].strength == "prohibited"


def test_steps_go_over_what_does_not_apply() -> None:
    checks = FakeChecks()
    items = checks.show().items
    assert next_item(items, items[0].link_id, -1) == items[0].link_id
    assert next_item(items, items[-1].link_id, 1) == ""
    from meti_desk.services.selfcheck_views import AnswerRequest

    done = checks.answer(AnswerRequest(form="", link_id="give-1", value="done"))
    assert updated(checks.show(), done).answered == 11


def test_jobs_run_in_order_away_from_the_window_and_answer_in_it(jobs: Jobs, qtbot: QtBot) -> None:
    owner = QObject()
    told: list[object] = []
    here = threading.get_ident()

    def work(job: Job) -> int:
        job.step(1, 2, "a")
        return threading.get_ident()

    def done(there: int) -> None:
        told.append((there != here, threading.get_ident() == here))

    jobs.start(owner, work, done, told.append, lambda d, t, c: told.append((d, t, c)))
    jobs.start(owner, lambda _job: 1 // 0, done, lambda e: told.append(type(e)))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == [(1, 2, "a"), (True, True), ZeroDivisionError]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(jobs: Jobs, qtbot: QtBot) -> None:
    import shiboken6

    owner = QObject()
    told: list[object] = []
    gate = threading.Event()
    jobs.start(owner, lambda _job: gate.wait(5), told.append, told.append)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == []


def test_tokens_name_their_licence_and_every_role_has_a_colour() -> None:
    tokens = json.loads(read_text("resources", "tokens.json"))
    assert "MIT" in tokens["source"]["licence"]
    assert set(tokens["themes"]["light"]) == set(tokens["themes"]["dark"])
    for name in ("light", "dark"):
        sheet = Theme(name, 1.5).style_sheet()
        assert "{{" not in sheet
        assert "font-size: 24px" in sheet


def test_primitives_are_taken_from_the_published_style_sheet() -> None:
    css = "  --color-primitive-blue-900: #000001;\n  --color-neutral-white: #fffffe;\n"
    held = '{"primitive": {"blue-900": "", "white": ""}, "derived": {}}'
    wanted = {"blue-900": "#000001", "white": "#fffffe"}
    assert json.loads(refresh(css, held))["primitive"] == wanted


def test_strength_tells_a_guess_from_a_passphrase() -> None:
    assert score("") == 0
    assert score("password1") == 0
    assert score("sakamichi kokuban tanabata toudai" * 3) == 4


def test_a_tip_shows_what_stands_there_and_draws_nothing(qtbot: QtBot) -> None:
    plain = "案 A & B\n二行目"
    assert tip("案.docx") == "案.docx"
    shown = Elided('<img src="//evil.example/share/x.png">案.docx')
    qtbot.addWidget(shown)
    for text, given in ((plain, tip(plain)), (shown.text(), shown.toolTip())):
        document = QTextDocument()
        document.setHtml(given)
        assert document.toPlainText() == text
        assert "<img" not in given
    rows = RowsModel(("題名",), lambda one: (one,), str)
    rows.show_rows(("<b>案</b>",))
    assert "<b>" not in str(rows.data(rows.index(0, 0), Qt.ItemDataRole.ToolTipRole))
    assert rows.data(rows.index(0, 0)) == "<b>案</b>"
