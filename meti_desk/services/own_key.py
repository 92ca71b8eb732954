"""The person's own key: where it lies is kept, the key and its password never are (Arts. 14-3, 30).

A PKCS#12 file is named by its path, a card by its PKCS#11 module, its serial number and the id of
the key. `own_key` opens it for one piece of work; who asked for it closes it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.keys.base import PrivateKey
from meti_desk.protection.keys.facts import CertificateFacts
from meti_desk.services import certificate_judging as judging
from meti_desk.services.context import Context
from meti_desk.services.recipient_messages import CertificateView

if TYPE_CHECKING:
    from meti_desk.protection.keys.pkcs11 import TokenFacts

_SETTING = "own-key"
_MOST_BYTES = 1 << 20

OwnKind = Literal["", "p12", "card"]


class OwnKey(msgspec.Struct, frozen=True, kw_only=True):
    """Where the person's own key lies; `kind` empty: none was named.

    `certificate` is its certificate (DER) as it was seen last, so that its name and its end can be
    told without password or card.
    """

    kind: OwnKind = ""
    path: str = ""
    module: str = ""
    serial: str = ""
    token: str = ""
    """The card's label, for people."""
    key_id: str = ""
    """CKA_ID of the key in hex; empty: the first that has a certificate."""
    certificate: bytes = b""
    facts: CertificateFacts | None = None
    """What was read of the certificate when it was seen last."""


class OwnKeyView(msgspec.Struct, frozen=True, kw_only=True):
    """The own key as it is shown; without a certificate until it was opened once."""

    kind: OwnKind
    path: str = ""
    module: str = ""
    serial: str = ""
    token: str = ""
    key_id: str = ""
    certificate: CertificateView | None = None


def own_key(ctx: Context, password_or_pin: str) -> PrivateKey:
    """Open the person's own key, with the password of the file or the PIN of the card.

    Close it after the work. An empty PIN asks at the reader where the reader has keys of its own.
    Raises `RuleViolation("key.none-set")` where no key was named; those of `load_p12`; those of
    `protection.keys.pkcs11.open_card`; `file.missing` … where the file is away.
    """
    held = where(ctx)
    if not held.kind:
        raise RuleViolation("key.none-set", articles=("14-3",))
    key = _opened(ctx, held, password_or_pin)
    if key.certificate != held.certificate:
        _keep(ctx, _seen(ctx, held, key.certificate))
    return key


def key_from_file(ctx: Context, path: str | Path, password: str) -> PrivateKey:
    """Open a PKCS#12 file that is named for this one time (`--key`); errors as `own_key`."""
    from meti_desk.protection.keys.p12 import load_p12

    with ctx.files.open_source(Path(path)) as file:
        data = file.read(_MOST_BYTES + 1)
    return load_p12(data, password)


def where(ctx: Context) -> OwnKey:
    """Tell where the own key lies; needs the store."""
    held = ctx.open_store().settings.get(_SETTING)
    return msgspec.json.decode(held, type=OwnKey) if held else OwnKey()


def use_p12(ctx: Context, path: str, password: str | None = None) -> OwnKey:
    """Name a PKCS#12 file as the own key; with its password it is tried at once.

    The path is kept, the password is not. Raises those of `own_key`.
    """
    full = Path(path).absolute()
    if password is None:
        with ctx.files.open_source(full) as file:
            if not file.read(1):
                raise InvalidInput("key.damaged")
        return _keep(ctx, OwnKey(kind="p12", path=str(full)))
    key = key_from_file(ctx, full, password)
    key.close()
    return _keep(ctx, _seen(ctx, OwnKey(kind="p12", path=str(full)), key.certificate))


def use_card(
    ctx: Context, module: str, *, serial: str = "", key_id: str = "", pin: str | None = None
) -> OwnKey:
    """Name a card as the own key; with its PIN the key is tried at once.

    `serial` empty: the only card in the readers. Raises `key.module-missing`,
    `key.token-missing`, `key.several-tokens`, and with a PIN those of `open_card`.
    """
    from meti_desk.protection.keys import pkcs11

    token = pkcs11.find_token(module, serial)
    held = OwnKey(kind="card", module=module, serial=token.serial, token=token.label, key_id=key_id)
    if pin is not None:
        key = _opened(ctx, held, pin)
        key.close()
        held = _seen(ctx, held, key.certificate)
    return _keep(ctx, held)


def forget(ctx: Context) -> None:
    """Name no key any more; file and card stay as they are."""
    ctx.open_store().settings.put(_SETTING, "")


def show(ctx: Context) -> OwnKeyView:
    """Show the own key, its certificate judged now."""
    held = where(ctx)
    seen = held.certificate
    return OwnKeyView(
        kind=held.kind,
        path=held.path,
        module=held.module,
        serial=held.serial,
        token=held.token,
        key_id=held.key_id,
        certificate=judging.view(ctx, judging.judge_one(ctx, seen)) if seen else None,
    )


def own_facts(ctx: Context) -> CertificateFacts | None:
    """Give what is known of the own certificate without asking a worker."""
    return where(ctx).facts


def _seen(ctx: Context, held: OwnKey, certificate: bytes) -> OwnKey:
    facts = judging.judge_one(ctx, certificate)
    return msgspec.structs.replace(held, certificate=certificate, facts=facts)


def _opened(ctx: Context, held: OwnKey, secret: str) -> PrivateKey:
    if held.kind == "p12":
        return key_from_file(ctx, held.path, secret)
    from meti_desk.protection.keys import pkcs11

    return pkcs11.open_card(held.module, secret, serial=held.serial, key_id=held.key_id)


def _keep(ctx: Context, held: OwnKey) -> OwnKey:
    ctx.open_store().settings.put(_SETTING, msgspec.json.encode(held).decode())
    return held


class OwnKeys:
    """The functions of this module for window and command line, which know no context."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def show(self) -> OwnKeyView:
        """Show where the own key lies, and its certificate as it is judged now."""
        return show(self._ctx)

    def use_p12(self, path: str, password: str | None = None) -> OwnKeyView:
        """Name a PKCS#12 file; see the function."""
        use_p12(self._ctx, path, password)
        return show(self._ctx)

    def use_card(
        self, module: str, *, serial: str = "", key_id: str = "", pin: str | None = None
    ) -> OwnKeyView:
        """Name a card; see the function."""
        use_card(self._ctx, module, serial=serial, key_id=key_id, pin=pin)
        return show(self._ctx)

    def forget(self) -> None:
        """Name no key any more."""
        forget(self._ctx)

    def modules(self) -> tuple[str, ...]:
        """Give the PKCS#11 modules that policy names and that lie here."""
        return tuple(one for one in self._ctx.policy.certificates.modules if Path(one).is_file())

    def cards(self, module: str) -> "tuple[TokenFacts, ...]":
        """List the cards in the readers of a module (`key.module-missing`)."""
        from meti_desk.protection.keys import pkcs11

        return pkcs11.tokens(module)
