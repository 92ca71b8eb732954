"""What the demo does, step by step; each step leaves a picture and says what was made."""

from collections.abc import Iterator
from pathlib import Path

from meti_desk.ui.demo.hand import Hand

PASSPHRASE = "見本のためのパスフレーズ"  # noqa: S105 - of a store that the demo throws away
SOURCE, DRAFT, PLAN, PHOTO = "審査要領.docx", "審査結果案.docx", "審査日程.pdf", "会場写真.jpg"

Told = tuple[str, Path | None]


class Story:
    """The day of 山田太郎: a source is labelled, a draft inherits, a copy is provided."""

    def __init__(self, hand: Hand, documents: Path, pictures: Path) -> None:
        self._hand = hand
        self._documents = documents
        self._pictures = pictures
        self._count = 0

    def tell(self) -> Iterator[Told]:
        """Go through all steps; gives what was done and where its picture or result lies."""
        yield from self._begin()
        yield from self._label_the_source()
        yield from self._label_the_rest()
        yield from self._provide()
        yield from self._see_the_record()
        yield from self._check_oneself()

    def _shot(self, name: str) -> Path:
        self._count += 1
        return self._hand.picture(self._pictures / f"{self._count:02d}-{name}.png")

    def _begin(self) -> Iterator[Told]:
        hand = self._hand
        hand.fill("氏名", "山田太郎")
        hand.fill("職名（例：係長）", "係長")
        hand.fill("所属（例：商務情報政策局 総務課）", "地域経済産業政策課")
        hand.fill("メールアドレス", "yamada@meti.go.jp")
        hand.fill("パスフレーズ", PASSPHRASE)
        hand.fill("パスフレーズ（もう一度）", PASSPHRASE)
        yield "初期設定", self._shot("初期設定")
        hand.press("始める")
        yield "暗号化した記録を作り、ホームを開きました", self._shot("ホーム")

    def _label_the_source(self) -> Iterator[Told]:
        hand = self._hand
        hand.press_and_choose("ファイルを選ぶ", [self._documents / SOURCE])
        hand.press("機密性2")
        hand.press("印刷禁止")
        hand.press("○○限りを記入する")
        hand.fill("見てよい者（例：審査委員）", "審査委員")
        hand.press("加える")
        yield f"{SOURCE}: 機密性2・印刷禁止・審査委員限り", self._shot("元の文書の格付")
        hand.press("格付して保存する")
        yield "格付を決定し、各ページに明示し、封印しました", self._documents / SOURCE
        hand.press("ホームへ")

    def _label_the_rest(self) -> Iterator[Told]:
        hand = self._hand
        rest = [self._documents / PLAN, self._documents / PHOTO]
        hand.press_and_choose("ファイルを選ぶ", rest)
        hand.press("機密性1")
        hand.press("格付して保存する")
        yield f"{PLAN}・{PHOTO}: 機密性1", self._shot("PDFと写真の格付")
        yield "写真の格付は、画素を変えずに写真の中に記録します", self._documents / PHOTO
        hand.press("ホームへ")

    def _provide(self) -> Iterator[Told]:
        hand = self._hand
        hand.press_and_choose("ファイルを選ぶ", [self._documents / DRAFT])
        hand.press_and_choose("元の文書を加える", [self._documents / SOURCE])
        yield f"{DRAFT}: 元の文書から、機密性2と取扱制限を継承しました（第6条）", self._shot("継承")
        hand.press("省外に提供")
        hand.fill("渡す相手のメールアドレス", "iin@example.com")
        yield "許可がないため、まだ提供できません（第13条）", self._shot("許可を待つ")
        hand.press("口頭・書面の許可を記入する")
        hand.fill("許可した人（職名・氏名）", "鈴木課長")
        hand.fill("許可の日（例：11月20日）", "11月20日")
        hand.fill("許可の方法（口頭・メール・書面）", "口頭")
        hand.press("取扱制限「○○限り」：確かめました")
        yield "口頭の許可を記入しました（要確認）", self._shot("提供の準備")
        hand.press("保護して提供の準備をする")
        yield "付加情報を除き、パスワードで保護した写しを作りました", self._shot("結果")
        made = sorted((self._documents / "提供用").iterdir())
        yield from ((f"できたもの: {one.name}", one) for one in made)
        hand.press("ホームへ")

    def _see_the_record(self) -> Iterator[Told]:
        self._hand.press("取扱記録")
        yield "すべて取扱記録に残っています", self._shot("取扱記録")

    def _check_oneself(self) -> Iterator[Told]:
        hand = self._hand
        hand.press("自己点検")
        for _ in range(3):
            hand.press("実施した")
            hand.press("次へ")
        yield "自己点検の設問に、記録を見ながら答えます", self._shot("自己点検")
        hand.press("確認と提出")
        yield "残りの設問を確かめます", self._shot("自己点検の確認")
        sheet = self._documents.parent / "自己点検票.docx"
        hand.press_and_choose("自己点検票を書き出す", [sheet])
        yield "自己点検票を書き出しました", sheet
