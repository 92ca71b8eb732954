"""The ways on the page 保護と署名: one line each, in groups as a person looks for them."""

from dataclasses import dataclass

from meti_desk.ui.strings import tr


@dataclass(frozen=True, slots=True)
class Way:
    """A way: the task it opens (`ui.main.tasks`), its group, icon, title and what it is for."""

    task: str
    group: str
    icon: str
    title: str
    says: str


def ways() -> tuple[Way, ...]:
    """Give all ways, in the order of the page."""
    files = tr("ファイルを見る")
    return (
        Way(
            "findings",
            files,
            "search",
            tr("付加情報を調べる"),
            tr("作成者名や変更履歴など、見えない情報を調べて取り除きます（第14条第7項）。"),
        ),
        Way(
            "redaction",
            files,
            "ban",
            tr("墨消しする"),
            tr("語句や範囲を、覆うのではなく内容から取り除きます。"),
        ),
        Way(
            "protect",
            tr("保護して渡す"),
            "shield",
            tr("保護する"),
            tr("宛先の証明書かパスワードで暗号化します（第14条第1項・第2項）。"),
        ),
        Way(
            "open",
            tr("保護して渡す"),
            "lock",
            tr("保護したファイルを開く"),
            tr("パスワードか自分の鍵で開き、改ざんがないことを確かめます。"),
        ),
        Way(
            "sign",
            tr("電子署名"),
            "key",
            tr("電子署名を付ける"),
            tr("だれが認めたか、後で変えられていないかを示します（第14条第3項）。"),
        ),
        Way(
            "verify",
            tr("電子署名"),
            "check-square",
            tr("署名を確かめる"),
            tr("署名者、日時、改ざんの有無を確かめます。"),
        ),
        Way(
            "split",
            tr("分けて送る"),
            "branch",
            tr("分割する"),
            tr("暗号化して分割し、異なる経路で送ります（第14条第5項）。"),
        ),
        Way(
            "join",
            tr("分けて送る"),
            "plus",
            tr("結合する"),
            tr("届いた部分を確かめ、元の文書に戻します。"),
        ),
        Way(
            "emergency",
            tr("備える"),
            "alert",
            tr("暗号の緊急対応"),
            tr("安全でなくなった暗号に印を付け、保護し直します（第30条第2項）。"),
        ),
    )
