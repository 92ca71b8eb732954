"""宛先, own key, protecting and opening as the window sees them, kept in memory."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.keys.facts import State
from meti_desk.protection.keys.pkcs11 import TokenFacts
from meti_desk.services.closing import Closing
from meti_desk.services.messages import Done, DoneFile, ErrorView, HandleRequest, LabelView
from meti_desk.services.own_key import OwnKeyView
from meti_desk.services.ports import Progress
from meti_desk.services.proposing import MethodOffer, Proposal
from meti_desk.services.protect_messages import OpenRequest, ProtectRequest
from meti_desk.services.recipient_messages import (
    CertificateView,
    Imported,
    ImportRequest,
    RecipientRequest,
    RecipientView,
)

NOON = "2026-11-23T12:00:00+09:00"
_METHODS = ("office", "pdf", "zip", "cms", "metienc", "html")
_WHY = {"self-signed": "certificate.self-signed", "expiring": "certificate.expiring"}
_WHY |= {"expired": "certificate.expired", "revoked": "certificate.revoked"}


def certificate(name: str, state: State = "valid", number: int = 1) -> CertificateView:
    """Give a certificate in a state; the number makes its fingerprint."""
    days = {"expiring": 12, "expired": -3}.get(state, 400)
    return CertificateView(
        fingerprint=f"{number:02x}9f1c7e30b5d248" * 4,
        name=name,
        subject=f"CN={name}",
        issuer="政府認証基盤 官職認証局" if state != "self-signed" else name,
        serial=f"{number}a2b",
        begins="2025-04-01T00:00:00+00:00",
        ends={"expiring": "2026-12-05", "expired": "2026-11-20"}.get(state, "2027-12-28")
        + "T00:00:00+00:00",
        days_left=days,
        kind="rsa-3072",
        state=state,
        why=_WHY.get(state, ""),
        revocation=state == "valid",
        needs_phone=state == "self-signed",
        usable=state in {"valid", "expiring"},
    )


def _ready(one: RecipientView) -> RecipientView:
    return replace(one, ready=any(c.usable for c in one.certificates))


class FakeRecipients:
    """Four recipients; a file's name tells what it holds (`self-signed.cer`, `other.cer` …)."""

    def __init__(self) -> None:
        rows = (
            RecipientView(
                mail="iin@example.com", name="審査 一郎", organisation="試験大学",
                accepts=("cms", "zip"), certificates=(certificate("審査 一郎"),),
            ),
            RecipientView(
                mail="keiri@example.co.jp", name="経理 花子", organisation="試験株式会社",
                blocks_encrypted=True, note="電話の後に送る",
                certificates=(certificate("経理 花子", "self-signed", 2),),
            ),
            RecipientView(
                mail="suzuki@meti.go.jp", name="鈴木 次郎", organisation="政策課", inside=True,
                certificates=(certificate("鈴木 次郎", "expiring", 3),),
            ),
            RecipientView(mail="tanaka@example.jp", name="田中 三郎", organisation="個人"),
        )  # fmt: skip
        self.rows = {one.mail: _ready(one) for one in rows}
        self.asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        self.short = False
        self.agreed: set[str] = {"tanaka@example.jp"}

    def list(self, words: str = "") -> tuple[RecipientView, ...]:
        rows = sorted(self.rows.values(), key=lambda one: one.mail)
        return tuple(one for one in rows if words in f"{one.name} {one.organisation} {one.mail}")

    def put(self, request: RecipientRequest) -> RecipientView:
        if "@" not in request.mail:
            raise InvalidInput("recipient.invalid", name=request.mail)
        before = self.rows.pop(request.before, None)
        made = RecipientView(
            mail=request.mail, name=request.name, organisation=request.organisation,
            inside=request.mail.endswith("meti.go.jp"), accepts=request.accepts,
            blocks_encrypted=request.blocks_encrypted, note=request.note,
            certificates=before.certificates if before else (),
        )  # fmt: skip
        self.rows[made.mail] = _ready(made)
        return self.rows[made.mail]

    def remove(self, mail: str) -> None:
        del self.rows[mail]

    def look_at(self, path: str) -> tuple[CertificateView, ...]:
        return (certificate(Path(path).stem),)

    def import_from(self, request: ImportRequest) -> Imported:
        name = Path(request.path).stem
        if name == "key":
            raise InvalidInput("certificate.holds-key")
        if name == "other" and not request.compared:
            raise RuleViolation(
                "certificate.other-mail", articles=("14-2",), recipient=request.mail,
                other="x@example.jp",
            )  # fmt: skip
        state: State = "self-signed" if name == "self-signed" else "valid"
        mail = request.mail or "new@example.jp"
        held = self.rows.get(mail, RecipientView(mail=mail, name="新しい 宛先"))
        taken = certificate(held.name, state, len(held.certificates) + 10)
        self.rows[mail] = _ready(replace(held, certificates=(*held.certificates, taken)))
        return Imported(recipient=self.rows[mail], certificates=(taken,))

    def confirm(self, mail: str, fingerprint: str) -> RecipientView:
        return self._changed(
            mail,
            fingerprint,
            lambda one: replace(
                one, confirmed_by="佐藤 花子", confirmed_at=NOON, needs_phone=False, usable=True
            ),
        )

    def remove_certificate(self, mail: str, fingerprint: str) -> RecipientView:
        return self._changed(mail, fingerprint, lambda _one: None)

    def _changed(self, mail: str, fingerprint: str, change: object) -> RecipientView:
        assert callable(change)
        rows = [
            change(one) if one.fingerprint == fingerprint else one
            for one in self.rows[mail].certificates
        ]
        kept = tuple(one for one in rows if one is not None)
        self.rows[mail] = _ready(replace(self.rows[mail], certificates=kept))
        return self.rows[mail]

    def propose(self, paths: Sequence[str], mails: Sequence[str]) -> Proposal:
        self.asked.append((tuple(paths), tuple(mails)))
        held = [self.rows.get(mail) for mail in mails]
        ready = bool(held) and all(one is not None and one.ready for one in held)
        office = bool(paths) and all(path.endswith(".docx") for path in paths)
        method = "cms" if ready else "office" if office else "zip"
        why = {"cms": "propose.certificates", "office": "propose.own-format"}
        return Proposal(
            method=method,
            why=why.get(method, "propose.everybody"),
            offers=tuple(
                MethodOffer(
                    id=one, sentence=f"meets.{one}", suits=one not in {"office", "pdf"} or office,
                    arrives=all(not (h and h.accepts) or one in h.accepts for h in held),
                    certificates=one in {"cms", "metienc"},
                )
                for one in _METHODS
            ),
            by_certificate=ready,
            short=ready and self.short,
            agreed=bool(mails) and set(mails) <= self.agreed,
            without=tuple(
                m for m, one in zip(mails, held, strict=True) if not (one and one.ready)
            ),
            notes=("propose.gateway",) if any(h and h.blocks_encrypted for h in held) else (),
        )  # fmt: skip

    def closing(self, request: HandleRequest) -> Closing:
        """Propose as for protecting alone; a password that was chosen counts."""
        told = self.propose(request.plan.paths, request.plan.to)
        chosen = bool(request.password) or request.agreed
        keyed = told.by_certificate and not chosen
        return Closing(
            methods=("cms",) if keyed else ("office",),
            why="propose.certificates" if keyed else "propose.own-format",
            by_certificate=keyed,
            notes=told.notes,
        )


class FakeOwnKey:
    """A key file or one of two cards."""

    def __init__(self) -> None:
        self.held = OwnKeyView(kind="")
        self.found = (TokenFacts(label="職員証", serial="0123"),)

    def show(self) -> OwnKeyView:
        return self.held

    def use_p12(self, path: str, password: str | None = None) -> OwnKeyView:
        seen = certificate("佐藤 花子", number=9) if password else None
        self.held = OwnKeyView(kind="p12", path=path, certificate=seen)
        return self.held

    def use_card(self, module: str, *, serial: str = "") -> OwnKeyView:
        token = next(one for one in self.found if one.serial == serial)
        self.held = OwnKeyView(
            kind="card", module=module, serial=serial, token=token.label,
            certificate=certificate("佐藤 花子", number=9),
        )  # fmt: skip
        return self.held

    def forget(self) -> None:
        self.held = OwnKeyView(kind="")

    def modules(self) -> tuple[str, ...]:
        return ("/usr/lib/opensc-pkcs11.so",) if self.found else ()

    def cards(self, module: str) -> tuple[TokenFacts, ...]:
        assert module
        return self.found


class FakeProtecting:
    """`protect` and `open` of the desk."""

    PASSWORD = "mzkT-4Qhx-9Rwd-Vf7a"

    def __init__(self) -> None:
        self.protected: list[ProtectRequest] = []
        self.opened: list[OpenRequest] = []

    def protect(self, request: ProtectRequest, progress: Progress) -> Done:
        """Write beside each file; a password is made where none is given."""
        progress.step(1, len(request.paths), request.paths[0])
        self.protected.append(request)
        ending = {"cms": ".p7m", "zip": ".zip", "metienc": ".metienc"}.get(request.method, "")
        rows = tuple(
            DoneFile(
                path=path, out=(f"{request.out}/{Path(path).name}{ending}",),
                method=request.method, meets=f"meets.{request.method}",
                label=LabelView(c=2, i=1, a=1, decided=True),
            )
            for path in request.paths
        )  # fmt: skip
        made = "" if request.password or request.recipients else self.PASSWORD
        slip = f"{request.out}/パスワード通知書.docx" if made else ""
        return Done(files=rows, password=request.password or made, password_slip=slip)

    def open(self, request: OpenRequest, progress: Progress) -> Done:
        """Open by the password `正しい` or the own key."""
        progress.step(1, len(request.paths), request.paths[0])
        self.opened.append(request)
        given = request.key_password if request.own_key else request.password
        if given != "正しい":
            code = "key.wrong-password" if request.own_key else "open.wrong-password"
            if request.own_key:
                raise InvalidInput(code)
            wrong = ErrorView(code, exit=5)
            return Done(files=tuple(DoneFile(path=p, error=wrong) for p in request.paths))
        rows = tuple(
            DoneFile(
                path=path, out=(f"{request.out}/{Path(path).stem}",), method="cms",
                label=LabelView(c=2, i=1, a=1, decided=True),
            )
            for path in request.paths
        )  # fmt: skip
        return Done(files=rows)
