"""Landlock: a process gives up the file system and TCP for good (Linux 5.13 and later).

Reading our own libraries stays allowed, because a format loads its modules when it is needed. Not
even there may anything be executed: loading a library is mapping it, not executing a program.
"""

import os
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from meti_desk.isolation import libc

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FS_RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights of the file system by the version that brought them: all 13 basic ones, refer, truncate,
ioctl on devices."""
_NET_RIGHTS, _NET_SINCE = 0b11, 4
"""Bind and connect of TCP."""
_SCOPES, _SCOPES_SINCE = 0b11, 6
"""Abstract unix sockets and signals to processes outside."""


def version() -> int:
    """Ask the kernel for its version of Landlock; 0 where it has none or it is switched off."""
    try:
        return libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    except OSError:
        return 0


def denies_tcp(abi: int) -> bool:
    """Tell whether this version can take away the network."""
    return abi >= _NET_SINCE


def prepare(readable: Iterable[str]) -> int | None:
    """Build a rule set that allows reading the given files and folders, and nothing else.

    Gives its descriptor, to be used by any number of children, or `None` without Landlock.
    """
    abi = version()
    if not abi:
        return None
    handled = 0
    for since, rights in _FS_RIGHTS.items():
        handled |= rights if abi >= since else 0
    fields = [handled]
    if abi >= _NET_SINCE:
        fields.append(_NET_RIGHTS)
    if abi >= _SCOPES_SINCE:
        fields.append(_SCOPES)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow_reading(ruleset, path)
    return ruleset


def _allow_reading(ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    try:
        rights = _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0)  # noqa: PTH112 - start-up
        rule = struct.pack("=Qi", rights, descriptor)
        libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def restrict(ruleset: int) -> None:
    """Impose the rule set on this thread for good; needs no_new_privs."""
    libc.syscall(_RESTRICT_SELF, ruleset, 0)


def libraries() -> list[str]:
    """List the folders of Python, its packages, the system's libraries, and our data."""
    package = Path(__file__).resolve().parent.parent
    folders = {str(package)}
    folders.update(
        str(package.parent / name)
        for name in ("forms", "resources", "i18n")
        if not (package / name).is_dir()
    )
    for key in ("stdlib", "platstdlib", "purelib", "platlib"):
        folders.add(sysconfig.get_path(key))
    for prefix in (sys.prefix, sys.base_prefix):
        folders.update((f"{prefix}/lib", f"{prefix}/lib64"))
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        folders.add(str(frozen))
    folders.update(("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"))
    folders.update(("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"))
    folders.update(("/dev/null", "/dev/urandom"))
    return sorted(folders)
