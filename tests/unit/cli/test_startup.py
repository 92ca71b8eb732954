"""What a short command loads: all of it is paid for at every start, so nothing creeps in unseen.

A module that is missing here was imported by something that `inspect` or `--version` runs through.
Import it where it is used; only what looking at a document really needs belongs into the lists.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from meti_desk.cli.parser import build, parse
from meti_desk.cli.usage import WrongUsage

OURS = frozenset({
    *("", ".app", ".data", ".faults", ".light", ".together"),
    *(".cli", ".cli.commands", ".cli.output", ".cli.parser", ".cli.run", ".cli.secrets"),
    ".cli.usage",
    *(".domain", ".domain.classification", ".domain.clues", ".domain.errors", ".domain.foreign"),
    *(".domain.label", ".domain.mark_text", ".domain.patterns", ".domain.policy"),
    *(".domain.policy_check", ".domain.recipients", ".domain.records", ".domain.restriction"),
    ".domain.stored_label",
    *(".formats", ".formats.base", ".formats.redaction"),
    *(".isolation", ".isolation.batch", ".isolation.choose", ".isolation.confine"),
    *(".isolation.limits", ".isolation.pool", ".isolation.probe", ".isolation.session"),
    ".isolation.wire",
    *(".services", ".services.areas", ".services.batch", ".services.context", ".services.desk"),
    *(".services.facts", ".services.folders", ".services.hidden", ".services.inspect"),
    *(".services.messages", ".services.permit_messages", ".services.protect_messages"),
    *(".services.split_wish", ".services.unlocking", ".services.views"),
    *(".shell", ".shell.selection"),
    *(".standard", ".standard.policy_file", ".standard.schema_file", ".standard.toml_lines"),
    *(".store", ".store.names", ".store.vault"),
    *(".system", ".system.clock", ".system.files", ".system.hardening", ".system.ids"),
    *(".system.label_cache", ".system.look", ".system.naming", ".system.placing"),
    *(".system.problems", ".system.state"),
})  # fmt: skip
"""Our modules that `inspect` loads in the application's process, behind `meti_desk`."""

OURS_IN_THE_WORKER = frozenset({
    *("", ".light", ".sink", ".worker", ".worker_signing"),
    *(".domain", ".domain.errors"),
    *(".formats", ".formats.base", ".formats.registry"),
    *(".isolation", ".isolation.confine", ".isolation.entry", ".isolation.landlock"),
    *(".isolation.libc", ".isolation.limits", ".isolation.perform", ".isolation.seccomp"),
    *(".isolation.wire", ".isolation.zygote"),
})  # fmt: skip
"""Our modules that the worker loads before it knows what it will have to read."""

NEVER = frozenset({
    *("PySide6", "asyncio", "asn1crypto", "cryptography", "email", "http", "inspect", "jsonschema"),
    *("keyring", "lxml", "multiprocessing", "numpy", "pikepdf", "pkcs11", "pyhanko", "pypdfium2"),
    *("shutil", "sqlcipher3", "sqlite3", "ssl", "subprocess", "tempfile", "typing_extensions"),
    *("xml", "zipfile"),
})  # fmt: skip
"""What is neither ours nor needed before a document is read."""

NEVER_FOR_A_DOCX = NEVER - {"lxml", "inspect"} | {"PIL", "olefile", "meti_desk.protection"}
"""What a confined child does not need for a plain Word document; lxml asks for `inspect`."""


def loaded(program: str, *arguments: str) -> list[str]:
    """Run a program in a fresh interpreter and give the modules that it loaded."""
    told = "\nimport os\nos.write(2, '\\n'.join(sorted(sys.modules)).encode())"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys\n{program}{told}", *arguments],
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stderr.decode().splitlines()


def ours(modules: Sequence[str]) -> set[str]:
    return {name.removeprefix("meti_desk") for name in modules if name.split(".")[0] == "meti_desk"}


def others(modules: Sequence[str], names: frozenset[str]) -> list[str]:
    return [name for name in modules if name in names]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "資料.docx"
    made = docx.Document()
    made.add_paragraph("補助金の審査の結果")
    made.save(str(path))
    return path


COMMAND = "from meti_desk.__main__ import main\nsys.argv[0] = 'meti-desk'\nmain()"


def test_the_version_is_told_by_next_to_nothing() -> None:
    modules = loaded(COMMAND, "--version")
    assert ours(modules) <= {"", ".__main__"}
    assert others(modules, NEVER | {"argparse", "msgspec", "re", "typing"}) == []


def test_inspect_loads_in_the_application_what_it_needs_and_no_more(
    small: Path, tmp_path: Path
) -> None:
    modules = loaded(COMMAND, "inspect", str(small), "--json", "--store", str(tmp_path / "none"))
    assert sorted(ours(modules) - OURS - {".__main__"}) == []
    assert others(modules, NEVER) == []


def test_the_worker_begins_with_little() -> None:
    program = "import meti_desk.worker, meti_desk.isolation.zygote, meti_desk.isolation.seccomp"
    modules = loaded(program)
    assert sorted(ours(modules) - OURS_IN_THE_WORKER) == []
    assert others(modules, NEVER) == []


def test_a_child_loads_for_a_word_document_what_it_needs_and_no_more(small: Path) -> None:
    program = (
        "from meti_desk.worker import JOBS\nfrom meti_desk.formats.base import Wants\n"
        "with open(sys.argv[1], 'rb') as file:\n"
        "    print(JOBS['inspect'].run(Wants(name='a.docx'), {'source': file}).format)"
    )
    modules = loaded(program, str(small))
    assert others(modules, NEVER_FOR_A_DOCX) == []
    families = {name.split(".")[2] for name in modules if name.startswith("meti_desk.formats.")}
    assert families & {"pdf", "odf", "mail", "archive", "image", "media", "text", "legacy"} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("inspect", "a.docx"),
        ("--json", "classify", "sign", "scrub", "-c", "2"),
        ("handle", "provide", "a", "--out", "o", "--to", "b@example.com"),
        ("passwords", "list"),
        ("selfcheck", "answer", "1", "--confirm"),
    ],
)
def test_the_grammar_of_one_command_understands_it_as_the_whole_does(
    words: tuple[str, ...],
) -> None:
    assert parse(words) == build().parse_args(words)


@pytest.mark.parametrize(
    "words", [("burn", "a.docx"), ("inspect",), ("classify", "a", "-c", "4"), (), ("ledger", "eat")]
)
def test_a_mistake_is_told_as_by_the_whole_grammar(words: tuple[str, ...]) -> None:
    with pytest.raises(WrongUsage) as quick:
        parse(words)
    with pytest.raises(WrongUsage) as whole:
        build().parse_args(words)
    assert (quick.value.code, quick.value.params) == (whole.value.code, whole.value.params)
