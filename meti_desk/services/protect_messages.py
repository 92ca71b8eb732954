"""What protecting and opening are asked; their answers are `messages.Done`."""

import msgspec

from meti_desk.services.hidden import Hidden


class ProtectRequest(Hidden, msgspec.Struct, frozen=True, kw_only=True):
    """Protect into `out` (Arts. 14-1, 14-2).

    `method` empty: the best for the file. `password` empty: one is generated and given back, unless
    it is protected for certificates: `certificates` (DER), those in `certificate_files` (PEM, DER,
    P7B), and of each of the `recipients` (mail addresses in the book) the one that is used now.
    `compared`: somebody compared the fingerprints of certificates by phone that no root vouches
    for. `hide_name`: the name does not show outside, where the method keeps it inside. `together`
    is the name of one file that all of them go into; empty: each becomes a file of its own.
    """

    paths: tuple[str, ...]
    out: str
    method: str = ""
    password: str = ""
    reason_unlisted: str = ""
    certificates: tuple[bytes, ...] = ()
    certificate_files: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    compared: bool = False
    hide_name: bool = False
    together: str = ""


class OpenRequest(Hidden, msgspec.Struct, frozen=True, kw_only=True):
    """The way back: a password, a PKCS#12 file (`key`), or the own key that the store names.

    `key_password` is the password of that file, or the PIN of the card. Where a key does not fit
    a file, a password that is given is tried.
    """

    paths: tuple[str, ...]
    out: str
    password: str = ""
    key: str = ""
    own_key: bool = False
    key_password: str = ""
