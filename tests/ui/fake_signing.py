"""Signing and verifying as the window sees them, kept in memory; names tell what a file holds."""

from pathlib import Path

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.services.messages import Done, DoneFile, ErrorView, LabelView
from meti_desk.services.ports import Progress
from meti_desk.services.signing_messages import (
    SignatureView,
    SignerView,
    SignRequest,
    VerifiedFile,
)

C2 = LabelView(c=2, i=2, a=1, decided=True)

GOOD = SignatureView(
    signer="佐藤 花子",
    time="2026-11-22T09:12:00+09:00",
    time_proven=True,
    chain="trusted",
    intact=True,
    kind="pades",
    reason="承認します",
    claimed="2026-11-22T09:12:00+09:00",
    stamped="2026-11-22T09:12:03+09:00",
    stamp_authority="時刻認証サービス",
    stamp_chain="trusted",
    label="same",
    algorithms=("ecdsa-256", "sha-256"),
    listed=True,
)
UNKNOWN = SignatureView(
    signer="田中 一郎",
    time="2026-11-20T18:40:00+09:00",
    chain="untrusted",
    chain_why="chain.no-root",
    intact=True,
    kind="cms",
    beside="/home/sato/文書/契約書.docx.p7s",
    claimed="2026-11-20T18:40:00+09:00",
    label="unknown",
    algorithms=("rsassa-pkcs1-v1_5-2048", "sha-1"),
    unlisted=(("sha-1", "monitored"),),
    notes=("signature.short-key",),
)
CHANGED = SignatureView(
    signer="佐藤 花子",
    time="2026-11-22T09:12:00+09:00",
    chain="trusted",
    kind="pades",
    covers="revision",
    later="changed",
    label="changed",
    algorithms=("rsa-pss-3072", "sha-256"),
    problems=("signature.changed-later", "signature.label-changed"),
)
REVOKED = SignatureView(
    signer="鈴木 次郎",
    time="2026-10-01T10:00:00+09:00",
    chain="revoked",
    chain_why="chain.revoked",
    intact=True,
    label="none",
    algorithms=("ecdsa-256", "sha-256"),
    listed=True,
)


class FakeSignatures:
    """`目次.txt` has no label, `変.pdf` was changed, `未.docx` has no signature …."""

    SECRET = "ひみつの鍵"

    def __init__(self) -> None:
        self.signed: list[SignRequest] = []
        self.verified: list[tuple[str, ...]] = []

    def signer(self) -> SignerView:
        return SignerView(kind="p12", where="/home/sato/sato.p12", name="佐藤 花子")

    def sign(self, request: SignRequest, progress: Progress | None = None) -> Done:
        if request.secret != self.SECRET:
            raise InvalidInput("key.wrong-password")
        self.signed.append(request)
        if progress is not None:
            progress.step(len(request.paths), len(request.paths), request.paths[-1])
        return Done(files=tuple(self._row(path, request) for path in request.paths), events=("e1",))

    def _row(self, path: str, request: SignRequest) -> DoneFile:
        name = Path(path)
        if name.suffix == ".txt":
            refused = RuleViolation("sign.label-first", articles=("4-1", "14-3"))
            error = ErrorView(refused.code, {}, tuple(refused.articles), exit=3)
            return DoneFile(path=path, error=error)
        pdf = name.suffix == ".pdf"
        folder = Path(request.out) if request.out else name.parent
        made = folder / (f"{name.stem}_署名済み.pdf" if pdf else f"{name.name}.p7s")
        return DoneFile(
            path=path, out=(str(made),), method="pades" if pdf else "cms-signature", label=C2,
            notes=("sign.time-stamped",),
        )  # fmt: skip

    def verify(
        self, paths: tuple[str, ...], content: str = "", progress: Progress | None = None
    ) -> tuple[VerifiedFile, ...]:
        del content, progress
        self.verified.append(tuple(paths))
        return tuple(map(self._verified, paths))

    def _verified(self, path: str) -> VerifiedFile:
        name = Path(path).name
        if "未" in name:
            return VerifiedFile(path=path, error=ErrorView("verify.no-signature", exit=5))
        held = {"変": (CHANGED,), "契約": (UNKNOWN,), "失": (REVOKED,)}
        found = next((one for key, one in held.items() if key in name), (GOOD,))
        signed = str(path).removesuffix(".p7s") if name.endswith(".p7s") else ""
        return VerifiedFile(path=path, content=signed, label=C2, signatures=found)
