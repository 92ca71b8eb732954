"""What each article is about, in a few words of our own, and whether a reference exists.

References are written `13`, `14-7` (paragraph) and `20-1(4)` (item of a paragraph).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from meti_desk.standard.paragraphs import clauses, numbers

_TITLES = """
目的|Purpose
用語の意味|Terms
業務目的以外の作成・入手の禁止|No making or obtaining but for duty
格付・取扱制限の決定|Deciding the label
格付・取扱制限の明示|Marking
格付・取扱制限の継承|Inheriting the label
格付・取扱制限の見直し|Changing the label
業務目的以外の利用の禁止|No use but for duty
格付・取扱制限に従った取扱い|Handling as the label says
持出し・放置・配付・複製|Taking out, leaving, handing out, copying
情報の保存|Storing
保存期間|Retention
移送・提供の許可|Permission to move or provide
電磁的記録の保護|Protecting electronic records
公表|Publishing
消去と媒体の廃棄|Erasing, disposing of media
書面の廃棄|Disposing of paper
主体認証機能|Authentication functions
識別コードの管理|Managing identifiers
主体認証情報の管理|Managing passwords and cards
アクセス制御機能|Access control functions
アクセス制御の適正化|Applying access control
権限管理機能|Rights management functions
識別コード等の付与|Granting identifiers and rights
証拠の取得|Collecting evidence
証拠の保存|Keeping evidence
証拠の点検・分析|Examining evidence
暗号・電子署名機能|Functions for encryption and signatures
暗号・電子署名の管理|Managing encryption and signatures
暗号・電子署名の利用|Using encryption and signatures
脆弱性対策|Vulnerabilities
不正プログラム対策の整備|Preparing against malware
不正プログラム対策の実施|Acting against malware
サービス不能攻撃対策|Denial of service
標的型攻撃対策|Targeted attacks
情報システムの体制|Organisation of systems
情報システムの設計|Designing systems
情報システムの利用|Using systems
情報システムの更改・廃棄|Replacing and ending systems
情報システムの見直し|Reviewing systems
情報システム台帳|Register of systems
情報システムの文書|Documents of systems
区域のクラスと利用制限|Classes of areas and their limits
端末の導入|Introducing terminals
端末の運用|Operating terminals
端末の運用終了|Ending terminals
サーバの導入|Introducing servers
サーバの運用|Operating servers
サーバの運用終了|Ending servers
複合機|Multifunction printers
特定用途機器|Special-purpose devices
電子メールの導入|Introducing mail
電子メールの利用|Using mail
ウェブサーバの導入|Introducing web servers
ウェブアプリケーション|Web applications
ウェブの利用|Using the web
DNSの導入|Introducing DNS
DNSの運用|Operating DNS
データベース|Databases
通信回線の導入|Introducing lines
通信回線の運用|Operating lines
通信回線の運用終了|Ending lines
リモートアクセス|Remote access
無線LAN|Wireless LAN
IPv6を使うシステム|Systems on IPv6
意図しないIPv6の遮断|Blocking unintended IPv6
購入時の要件|Requirements for purchases
購入時の留意事項|Care in purchases
外部委託の規程|Rules for contracting out
委託先の選定|Choosing contractors
委託契約|Contracts
外部委託の実施|Carrying out contracts
約款による外部サービス|Services under general terms
ソーシャルメディア|Social media
クラウドサービス|Cloud services
区域外の安全管理の規程|Rules for work outside the areas
区域外の情報処理・持出しの許可|Permission for work outside and taking out
区域外の安全管理の遵守|Keeping the rules outside
支給機器の規程|Rules for issued devices
支給機器の安全管理|Safety of issued devices
支給以外の機器の規程|Rules for devices not issued
支給以外の機器の許可|Permission for devices not issued
支給以外の機器の安全管理|Safety of devices not issued
コンテンツの規程|Rules for content
ドメイン名|Domain names
不正サイトへの誘導防止|Preventing redirection
コンテンツの告知|Announcing content
教育の受講|Training
教育の整備|Preparing training
教育の実施|Giving training
自己点検の計画|Planning the self-check
自己点検の実施|Doing the self-check
自己点検の評価・改善|Evaluating the self-check
監査計画|Audit plan
監査の実施|Auditing
監査結果への措置|Acting on audits
規程の問題点の報告|Reporting faults of rules
障害・事故等への備え|Preparing for incidents
障害・事故等の報告と応急措置|Reporting incidents
原因調査と再発防止|Causes and prevention
業務継続計画との整合|Continuity plans
推進体制の役割|Supporting organisation
規程・細則の策定|Making rules
"""

_ITEMS: Mapping[tuple[int, int], int] = {
    (2, 1): 48, (18, 3): 3, (18, 4): 2, (18, 6): 2, (18, 7): 8, (18, 8): 6, (20, 1): 6,
    (20, 2): 4, (24, 2): 3, (24, 6): 4, (24, 9): 3, (28, 1): 2, (28, 2): 3, (28, 4): 4,
    (31, 3): 8, (35, 1): 2, (37, 1): 3, (37, 11): 3, (38, 9): 2, (39, 1): 2, (41, 1): 6,
    (41, 2): 6, (42, 1): 4, (54, 1): 5, (56, 4): 2, (65, 2): 4, (69, 1): 2, (70, 2): 7,
    (70, 3): 2, (72, 2): 3, (73, 1): 3, (74, 1): 2, (101, 1): 2, (102, 1): 6,
}  # fmt: skip
"""How many items a paragraph has, where it has any."""

_REFERENCE = re.compile(r"([1-9]\d*)(?:-([1-9]\d*))?(?:\(([1-9]\d*)\))?")


def exists(reference: str) -> bool:
    """Tell whether the standard has this article, paragraph and item.

    An item may be given without its paragraph where the article has one paragraph: `2(27)`.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return False
    article, paragraph = int(found[1]), int(found[2] or 1)
    counts = _paragraphs()
    if not 1 <= paragraph <= counts.get(article, 0):
        return False
    if not found[3]:
        return True
    named = bool(found[2]) or counts[article] == 1
    return named and int(found[3]) <= _ITEMS.get((article, paragraph), 0)


def title(reference: str, language: str = "ja") -> str:
    """Tell in a few words what the article of a reference is about; `KeyError` if there is none."""
    found = _REFERENCE.fullmatch(reference)
    if found is None or not exists(reference):
        raise KeyError(reference)
    japanese, english = _titles()[int(found[1])]
    return english if language == "en" else japanese


@lru_cache(maxsize=1)
def _titles() -> Mapping[int, tuple[str, str]]:
    rows = (line.split("|") for line in _TITLES.strip().splitlines())
    return {number: (japanese, english) for number, (japanese, english) in enumerate(rows, start=1)}


@lru_cache(maxsize=1)
def _paragraphs() -> Mapping[int, int]:
    counts: dict[int, int] = {}
    for clause in clauses():
        article, paragraph = numbers(clause)
        counts[article] = max(counts.get(article, 0), paragraph)
    return counts
