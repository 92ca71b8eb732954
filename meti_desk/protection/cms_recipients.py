"""RecipientInfo, there and back: certificates, passwords, and our sealed name (RFC 5652, 5753)."""

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import cms_names as names
from meti_desk.protection import der
from meti_desk.protection.cms_password import PasswordWrap
from meti_desk.protection.keys.base import Wrap
from meti_desk.protection.recipients import shared_info

_KARI, _KEK, _PWRI, _ORI = 0xA1, 0xA2, 0xA3, 0xA4
_FIRST, _SECOND, _THIRD = 0xA0, 0xA1, 0xA2
_KEY_ID = 0x80
_BIT_STRING = 0x03
_MOST = 1000


class Recipients(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody that an envelope is for, and the sealed name that is written beside them.

    `others` are names of ways in that are not supported here.
    """

    wraps: tuple[Wrap, ...] = ()
    passwords: tuple[PasswordWrap, ...] = ()
    sealed: tuple[bytes, ...] = ()
    others: tuple[str, ...] = ()


def written(recipients: Recipients) -> bytes:
    """Write the SET, in the order that DER asks for."""
    infos = [_certificate(wrap) for wrap in recipients.wraps]
    infos += [_password(wrap) for wrap in recipients.passwords]
    infos += [der.tlv(_ORI, names.INSIDE, der.octets(sealed)) for sealed in recipients.sealed]
    return der.tlv(der.SET, *sorted(infos))


def read(raw: bytes) -> Recipients:
    """Read the SET (DER); raises `InvalidInput("document.damaged")`."""
    wraps: list[Wrap] = []
    passwords: list[PasswordWrap] = []
    sealed: list[bytes] = []
    others: list[str] = []
    infos = der.nodes(der.single(raw, der.SET).body)
    if not 0 < len(infos) <= _MOST:
        raise der.damaged("recipients")
    for info in infos:
        try:
            if info.tag == der.SEQUENCE:
                wraps.append(_transported(info))
            elif info.tag == _KARI:
                wraps += _agreed(info)
            elif info.tag == _PWRI:
                passwords.append(_read_password(info))
            elif info.tag == _ORI and info.body.startswith(names.INSIDE):
                sealed.append(der.single(info.body[len(names.INSIDE) :], der.OCTETS).body)
            else:
                others.append("kek" if info.tag == _KEK else "other")
        except InvalidInput as refused:
            if refused.code != "open.unsupported":
                raise
            others.append(str(refused.params["what"]))
        except (ValueError, IndexError):
            raise der.damaged("recipients") from None
    return Recipients(
        wraps=tuple(wraps),
        passwords=tuple(passwords),
        sealed=tuple(sealed),
        others=tuple(others),
    )


def _certificate(wrap: Wrap) -> bytes:
    who = _identified(wrap)
    if wrap.kind == "rsa-oaep":
        hashed = names.hash_algorithm(wrap.digest)
        mask = der.sequence(names.MGF1, hashed)
        parameters = der.sequence(der.tlv(_FIRST, hashed), der.tlv(_SECOND, mask))
        algorithm = der.sequence(names.OAEP, parameters)
        version = der.integer(2 if wrap.key_id else 0)
        return der.sequence(version, who, algorithm, der.octets(wrap.encrypted))
    point = _parts(der.single(wrap.ephemeral, der.SEQUENCE), 2)[1].raw
    sender = der.tlv(_SECOND, der.sequence(names.EC_PUBLIC_KEY), point)
    agreement = der.sequence(
        names.by_name(names.AGREEMENTS, wrap.digest),
        der.sequence(names.by_bits(names.WRAPS, wrap.wrap_bits)),
    )
    one = der.sequence(who, der.octets(wrap.encrypted))
    return der.tlv(_KARI, der.integer(3), der.tlv(_FIRST, sender), agreement, der.sequence(one))


def _identified(wrap: Wrap) -> bytes:
    if not wrap.key_id:
        return der.sequence(wrap.issuer, der.integer(int(wrap.serial)))
    if wrap.kind == "rsa-oaep":
        return der.tlv(_KEY_ID, wrap.key_id)
    return der.tlv(_FIRST, der.octets(wrap.key_id))


def _password(wrap: PasswordWrap) -> bytes:
    prf = der.sequence(names.by_name(names.HMACS, wrap.digest), names.NOTHING)
    parameters = der.sequence(
        der.octets(wrap.salt), der.integer(wrap.rounds), der.integer(wrap.bits // 8), prf
    )
    inner = der.sequence(names.by_bits(names.CBC, wrap.bits), der.octets(wrap.iv))
    return der.tlv(
        _PWRI,
        der.integer(0),
        der.tlv(_FIRST, names.PBKDF2, parameters),
        der.sequence(names.PWRI_KEK, inner),
        der.octets(wrap.encrypted),
    )


def _transported(info: der.Node) -> Wrap:
    """Read a key that was encrypted for an RSA certificate."""
    _, who, algorithm, encrypted = _parts(info, 4)
    which, *parameters = der.nodes(algorithm.body)
    if which.raw == names.PKCS1:
        raise InvalidInput("open.unsupported", what="rsaes-pkcs1-v1_5")
    if which.raw != names.OAEP:
        raise InvalidInput("open.unsupported", what="key transport")
    digest = _oaep_hash(parameters[0] if parameters else None)
    issuer, serial, key_id = _who(who)
    return Wrap(
        kind="rsa-oaep",
        encrypted=_octets(encrypted),
        issuer=issuer,
        serial=serial,
        key_id=key_id,
        digest=digest,
    )


def _oaep_hash(parameters: der.Node | None) -> str:
    """Give the one hash for OAEP and its mask; others and labels are not supported."""
    given = {part.tag: part.body for part in der.nodes(parameters.body)} if parameters else {}
    digest = mask = "sha1"
    if _FIRST in given:
        digest = _hash_of(given[_FIRST])
    if _SECOND in given:
        which, inner = _parts(der.single(given[_SECOND], der.SEQUENCE), 2)
        mask = _hash_of(inner.raw) if which.raw == names.MGF1 else ""
    if _THIRD in given:
        label = der.sequence(names.P_SPECIFIED, der.octets(b""))
        digest = digest if given[_THIRD] == label else ""
    if not digest or digest != mask:
        raise InvalidInput("open.unsupported", what="rsa-oaep")
    return digest


def _hash_of(algorithm: bytes) -> str:
    return names.HASHES.get(der.nodes(der.single(algorithm, der.SEQUENCE).body)[0].raw, "")


def _agreed(info: der.Node) -> list[Wrap]:
    """Read keys that were wrapped for curve certificates; one sender's key may serve several."""
    parts = der.nodes(info.body)
    ukm: bytes | None = None
    if len(parts) > 2 and parts[2].tag == _SECOND:  # noqa: PLR2004 - the optional third
        ukm = _octets(der.single(parts.pop(2).body, der.OCTETS))
    _, originator, algorithm, keys = parts
    ephemeral = _sender(originator)
    which, wrapping = _parts(algorithm, 2)
    bits = names.WRAPS.get(der.nodes(wrapping.body)[0].raw)
    if which.raw not in names.AGREEMENTS or bits is None:
        raise InvalidInput("open.unsupported", what="key agreement")
    out = []
    for one in der.nodes(keys.body):
        who, encrypted = _parts(one, 2)
        issuer, serial, key_id = _who(who)
        out.append(
            Wrap(
                kind="ecdh",
                encrypted=_octets(encrypted),
                issuer=issuer,
                serial=serial,
                key_id=key_id,
                digest=names.AGREEMENTS[which.raw],
                ephemeral=ephemeral,
                shared_info=shared_info(wrapping.raw, bits, ukm),
                wrap_bits=bits,
            )
        )
    return out


def _sender(originator: der.Node) -> bytes:
    """Give the ephemeral key as SubjectPublicKeyInfo; the curve follows from the point's length."""
    key = der.single(originator.body, _SECOND)
    algorithm, point = _parts(key, 2)
    which = der.nodes(algorithm.body)[0].raw
    curve = names.CURVES.get(len(point.body) - 1)
    if which != names.EC_PUBLIC_KEY or point.tag != _BIT_STRING or curve is None:
        raise InvalidInput("open.unsupported", what="key agreement")
    return der.sequence(der.sequence(names.EC_PUBLIC_KEY, curve), point.raw)


def _who(node: der.Node) -> tuple[bytes, str, bytes]:
    """Give issuer and serial number, or the key identifier."""
    if node.tag == der.SEQUENCE:
        issuer, serial = _parts(node, 2)
        if serial.tag != der.INTEGER:
            raise der.damaged("recipients")
        return issuer.raw, str(int.from_bytes(serial.body, "big", signed=True)), b""
    if node.tag == _KEY_ID:
        return b"", "", node.body
    if node.tag == _FIRST:
        return b"", "", _octets(der.nodes(node.body)[0])
    raise der.damaged("recipients")


def _read_password(info: der.Node) -> PasswordWrap:
    parts = der.nodes(info.body)
    if len(parts) != 4 or parts[1].tag != _FIRST:  # noqa: PLR2004 - with its derivation
        raise InvalidInput("open.unsupported", what="password")
    which, parameters = der.nodes(parts[1].body)
    wrapping, inner = _parts(parts[2], 2)
    if which.raw != names.PBKDF2 or wrapping.raw != names.PWRI_KEK:
        raise InvalidInput("open.unsupported", what="password")
    cipher, iv = _parts(inner, 2)
    salt, rounds, *rest = der.nodes(parameters.body)
    given = [part for part in rest if part.tag == der.SEQUENCE]
    prf = der.nodes(given[0].body)[0].raw if given else names.by_name(names.HMACS, "sha1")
    if cipher.raw not in names.CBC or prf not in names.HMACS:
        raise InvalidInput("open.unsupported", what="password")
    bits = names.CBC[cipher.raw]
    for size in (part for part in rest if part.tag == der.INTEGER):
        if der.number(size) != bits // 8:
            raise der.damaged("password")
    return PasswordWrap(
        salt=_octets(salt),
        rounds=der.number(rounds),
        iv=_octets(iv),
        encrypted=_octets(parts[3]),
        digest=names.HMACS[prf],
        bits=bits,
    )


def _parts(node: der.Node, count: int) -> list[der.Node]:
    found = der.nodes(node.body)
    if len(found) != count:
        raise der.damaged("recipients")
    return found


def _octets(node: der.Node) -> bytes:
    if node.tag != der.OCTETS:
        raise der.damaged("recipients")
    return node.body
