"""One function a command: from arguments to a request, from the answer to lines."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from meti_desk.cli import secrets
from meti_desk.cli.output import Output, worst
from meti_desk.cli.usage import WrongUsage
from meti_desk.domain.errors import InvalidInput
from meti_desk.services.desk import Desk
from meti_desk.services.messages import (
    UNKNOWN_LEVEL,
    ClassifyRequest,
    Done,
    DoneFile,
    HandleRequest,
    InspectedFile,
    Person,
    PlannedFile,
    PlanRequest,
    ScrubRequest,
    SuggestedFile,
)

_OPTIONAL = frozenset({"keyring.ready"})
"""Checks of what helps, but need not be there."""

Command = Callable[[Desk, Namespace, Output], int]

ShellEntries = Callable[[str], Sequence[tuple[str, Path, bool]]]
"""Does `install`, `uninstall` or `status`; gives file manager, file and whether it is there."""


def init(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Make the encrypted store."""
    passphrase = secrets.new_passphrase(arguments.passphrase_file)
    person = Person(arguments.name, arguments.post, arguments.unit, arguments.mail)
    desk.create(passphrase, person, use_keyring=arguments.keyring)
    places = dict(desk.stored())
    output.answer({"created": True, "places": places}, [output.words.term("init.done")])
    return 0


def inspect(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Tell what files are and hold."""
    files = desk.inspect(arguments.files, purpose=arguments.purpose)
    output.answer({"files": files}, each_row(files, output, _inspected))
    return worst([one.error for one in files])


def suggest(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Propose labels with their evidence."""
    files = desk.suggest(arguments.files, arguments.source)
    output.answer({"files": files}, each_row(files, output, _suggested))
    return worst([one.error for one in files])


def classify(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Decide, mark, seal, record."""
    from meti_desk.cli.progress import Watched

    with Watched(output.words) as progress:
        done = desk.classify(_label_request(arguments), progress)
    return show_done(done, output)


def scrub(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Remove 付加情報."""
    _check_keep(arguments, output)
    request = ScrubRequest(
        paths=tuple(arguments.files),
        out=arguments.out,
        purpose=arguments.purpose,
        keep=tuple(arguments.keep),
        revisions=arguments.revisions,
        report=arguments.report,
    )
    return show_done(desk.scrub(request), output)


def _check_keep(arguments: Namespace, output: Output) -> None:
    """Refuse a kind of finding that there is not: a slip of the pen would keep nothing."""
    for kind in arguments.keep:
        if not kind.isdecimal() and not output.words.knows(f"finding.{kind}"):
            raise WrongUsage("keep.unknown", value=kind)


def plan(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Show the measures that an action needs."""
    files = desk.plan(_plan_request(arguments))
    shape = {"action": arguments.action, "files": files}
    output.answer(shape, each_row(files, output, _planned))
    return worst([one.error for one in files])


def handle(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Carry a plan out."""
    from meti_desk.cli.passwording import chosen
    from meti_desk.cli.splitting import wish_of

    _check_keep(arguments, output)
    request = HandleRequest(
        plan=_plan_request(arguments),
        out=arguments.out or "",
        method=arguments.method,
        password=chosen(desk, arguments),
        keep=tuple(arguments.keep),
        revisions=arguments.revisions,
        agreed=bool(arguments.password_of),
        certificate_files=tuple(arguments.cert),
        compared=arguments.compared,
        reason_unlisted=arguments.unlisted_reason,
        split=wish_of(arguments),
        same_route_reason=arguments.same_route_reason,
        key=arguments.key,
        key_secret=secrets.given(arguments.key_password_file),
    )
    return show_done(desk.handle(request), output)


def doctor(desk: Desk, _arguments: Namespace, output: Output) -> int:
    """Say what is wrong with the set-up and how to mend it."""
    words = output.words
    checks = [
        {
            "code": code,
            "ok": ok,
            "detail": detail,
            "message": words.term(f"doctor.{code}"),
            "remedy": "" if ok else words.term(f"remedy.{code}"),
        }
        for code, ok, detail in desk.doctor()
    ]
    lines = []
    for check in checks:
        sign = "○" if check["ok"] else "×"
        lines.append(f"{sign} {check['message']} {check['detail']}".rstrip())
        if check["remedy"]:
            lines.append(f"  → {check['remedy']}")
    well = all(check["ok"] for check in checks if check["code"] not in _OPTIONAL)
    output.answer({"checks": checks, "ok": well}, lines)
    return 0


def shell(entries: ShellEntries, arguments: Namespace, output: Output) -> int:
    """Add or remove the right-click entry of the file managers."""
    rows = entries(arguments.part)
    shape = [
        {"manager": manager, "path": str(path), "installed": there} for manager, path, there in rows
    ]
    output.answer(
        {"entries": shape},
        [f"{'○' if there else '－'} {manager:<8} {path}" for manager, path, there in rows],
    )
    return 0


def published(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Note files as 公表済み."""
    desk.mark_published(arguments.files)
    output.answer({"published": arguments.files}, arguments.files)
    return 0


def consult(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Draft the consultation about a label that somebody else decided."""
    arguments.files = [arguments.file]
    request = _label_request(arguments)
    done = desk.consult(arguments.file, arguments.reason, request)
    return show_done(done, output, letter="result.consult")


def notice(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Draft the notices of a changed label."""
    done = desk.descendants_notice(arguments.document, arguments.out)
    return show_done(done, output, letter="result.notice")


_HERE: Mapping[str, Command] = {
    "init": init,
    "inspect": inspect,
    "suggest": suggest,
    "classify": classify,
    "consult": consult,
    "notice": notice,
    "scrub": scrub,
    "plan": plan,
    "handle": handle,
    "doctor": doctor,
    "published": published,
}

_ELSEWHERE: Mapping[str, str] = {
    "redact": "redacting:redact",
    "convert": "converting:convert",
    "protect": "protecting:protect",
    "open": "protecting:open_files",
    "selfcheck": "selfcheck:selfcheck",
    "ledger": "records:ledger",
    "sign": "signing:sign",
    "verify": "signing:verify",
    "split": "splitting:split",
    "join": "splitting:join",
    "passwords": "passwording:passwords",
    "crypto": "emergencies:crypto",
    "enroll": "syncing:enroll",
    "store": "storing:store",
    "sync": "syncing:sync",
    "permit": "permits:permit",
    "recipients": "recipients:recipients",
    "register": "register:register",
    "review": "reviews:review",
    "key": "recipients:key",
    "watch": "watching:watch",
}
"""Commands of modules that are loaded when they are asked for, as `module:function`."""


def command_of(name: str) -> Command:
    """Give what carries a command out."""
    if name in _HERE:
        return _HERE[name]
    module, _, function = _ELSEWHERE[name].partition(":")
    found: Command = getattr(import_module(f"meti_desk.cli.{module}"), function)
    return found


def _label_request(arguments: Namespace, *, out: str | None = None) -> ClassifyRequest:
    return ClassifyRequest(
        paths=tuple(arguments.files),
        c=arguments.c,
        i=arguments.i,
        a=arguments.a,
        restrictions=tuple(arguments.r),
        audience=tuple(arguments.audience),
        sources=tuple(arguments.source),
        reason=arguments.reason,
        mark=getattr(arguments, "mark", True),
        resume=getattr(arguments, "resume", False),
        undecided_only=getattr(arguments, "undecided_only", False),
        report=getattr(arguments, "report", ""),
        consulted=getattr(arguments, "consulted", ""),
        tscp=getattr(arguments, "export_tscp", False),
        out=(arguments.out or "") if out is None else out,
    )


def _plan_request(arguments: Namespace) -> PlanRequest:
    decides = getattr(arguments, "c", None) is not None
    return PlanRequest(
        action=arguments.action,
        paths=tuple(arguments.files),
        to=tuple(arguments.to),
        contractor=arguments.contractor,
        area=arguments.area,
        permit=arguments.permit,
        permit_noted=arguments.permit_noted,
        decisions=dict(map(_decision, arguments.decide)),
        label=_label_request(arguments, out="") if decides else None,
    )


def _decision(text: str) -> tuple[str, str]:
    measure, separator, answer = text.partition("=")
    if not separator or not measure:
        raise InvalidInput("decision.invalid", value=text)
    return measure.strip(), answer.strip()


def show_done(done: Done, output: Output, *, letter: str = "result.letter") -> int:
    """Print what was written, a row for each file, and give the exit code."""
    shape: dict[str, Any] = msgspec.to_builtins(done)
    shape.pop("password")
    output.answer(shape, _done_lines(done, output, letter))
    secrets.show(done.password)
    return worst([one.error for one in done.files])


def _done_lines(done: Done, output: Output, letter: str) -> Iterator[str]:
    yield from each_row(done.files, output, _done_file)
    for term, path in (
        (letter, done.letter),
        ("result.mail", done.mail),
        ("result.slip", done.password_slip),
    ):
        if path:
            yield f"{output.words.term(term)}: {path}"


def _done_file(row: DoneFile, output: Output) -> Iterator[str]:
    for out in row.out:
        yield f"  → {out}"
    if row.label is not None:
        yield f"  {output.label(row.label)}"
    for removed in row.removed:
        yield f"  － {output.words.term(f'finding.{removed.kind}')} {removed.count}"
    if row.places:
        from meti_desk.cli.redacting import place_lines

        yield from place_lines(row.places, output)
    if row.method:
        yield f"  {output.words.term(f'method.{row.method}')}"
    for note in row.notes:
        code, _, page = note.partition(":")
        yield f"  ※ {output.words.term(f'note.{code}')} {page}".rstrip()


def each_row(
    files: Iterable[Any], output: Output, lines: Callable[[Any, Output], Iterable[str]]
) -> Iterator[str]:
    """Write the name of each file and below it its lines, or its error."""
    for row in files:
        yield Path(row.path).name
        if row.error is not None:
            yield f"  × {output.error(row.error)}"
        else:
            yield from lines(row, output)


def _inspected(row: InspectedFile, output: Output) -> Iterator[str]:
    seal = output.words.term(f"seal.{row.seal}")
    yield f"  {row.format}  {output.label(row.label)}  {seal}"
    if row.protection is not None:
        listed = output.words.term(f"listed.{'yes' if row.protection.listed else 'no'}")
        yield f"  {row.protection.method} {' '.join(row.protection.algorithms)} {listed}"
    for mark in row.marks:
        yield f"  [{output.words.place(mark.place)}] {mark.text}"
    for finding in row.findings:
        kind = output.words.term(f"finding.{finding.kind}")
        severity = output.words.term(f"severity.{finding.severity}")
        place = output.words.place(finding.place)
        yield f"  {severity} {kind} ({finding.count}) [{place}] {finding.value}"


def _suggested(row: SuggestedFile, output: Output) -> Iterator[str]:
    yield f"  {output.label(row.label)}"
    words = output.words
    for one in row.evidence:
        part, source = words.term(f"part.{one.part}"), words.term(f"from.{one.source}")
        place = f"（{words.place(one.place)}）" if one.place else ""
        ref = words.term(f"detector.{one.ref}") if one.source == "detector" else one.ref
        # The passage of a source that was found stands below, with how much it is.
        shown = f": {one.shown}" if one.shown and one.source != "source" else ""
        times = f" ×{one.count}" if one.count > 1 else ""
        yield f"  - {part} {one.value} ← {source} {ref}{shown}{times}{place}"
        if one.source == "foreign-label" and one.value == UNKNOWN_LEVEL:
            yield f"    {words.term('foreign.unknown')}"
    for found in row.sources:
        kind = words.term(f"found.{found.kind}")
        yield f"  ＊ {found.title}（{kind} {found.covered:.0%}） id:{found.id}"
        for passage in found.passages:
            place = f"（{words.place(passage.place)}）" if passage.place else ""
            yield f"      「{passage.text}」{place}"
    if row.unread:
        yield f"  {words.term('found.unread')} {row.unread}"


def _planned(row: PlannedFile, output: Output) -> Iterator[str]:
    yield f"  {output.label(row.label)}"
    for one in row.measures:
        title = output.words.measure(one.id)[0]
        strength = output.words.term(f"strength.{one.strength}")
        state = output.words.term(f"state.{one.state}")
        yield f"  [{strength}・{state}] {title}（{output.words.article(one.article)}）"
