"""取扱方針, forms and notices that the centre publishes: checked, kept, put in force, never undone.

What came is signed by the server's key already (`arriving`). Here it is read by the same loader as
a file: what cannot be read is refused with a note, and what was there stays. The highest number
that was ever seen is remembered for each server also beside the store, so that neither a restored
store nor a restored or lying server brings back what was replaced.
"""

import base64
from collections.abc import Mapping

import msgspec

from meti_desk import __version__
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.events_published import (
    KEPT_POLICY,
    KEPT_REFUSED,
    PUBLISHED,
    REFUSED,
    TAKEN_FORM,
    TAKEN_POLICY,
    published_body,
)
from meti_desk.services import enrolment
from meti_desk.services.context import Context, key_id
from meti_desk.sync.snapshots import MALFORMED, POLICY, Snapshot, topic_of, unpack
from meti_desk.sync.wire import Download

ROLLBACK = "published.rollback"
_FORMS, _SEEN = "published.forms", "published.seen"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force: number and version, hash, when it came, from where, the texts."""

    number: int
    version: str
    sha256: str
    at: str
    server: str
    text: str
    name: str = ""
    procedure: str = ""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """What came and is not in force: the code says why; `program` is the version that tried."""

    topic: str
    number: int
    code: str
    params: dict[str, str | int] = {}
    at: str = ""
    program: str = ""
    body: str = ""


class RefusedView(msgspec.Struct, frozen=True, kw_only=True):
    """A note of what was refused, as it is shown."""

    topic: str
    code: str
    params: dict[str, str | int]
    at: str


class PublishedView(msgspec.Struct, frozen=True, kw_only=True):
    """Which 取扱方針 is in force and from where; `server` empty: the one of this program.

    `at` is when it came (ISO 8601), `forms` names the published forms with their versions.
    """

    version: str
    title: str
    server: str = ""
    at: str = ""
    sha256: str = ""
    forms: tuple[tuple[str, str], ...] = ()
    refused: tuple[RefusedView, ...] = ()


def take(ctx: Context, one: Download) -> None:
    """Take over a snapshot, or refuse it with a note; in the transaction of its cursor.

    Never raises for what the download says: a policy that one device cannot read must not stop
    its sync. A refused one is tried again by a later version of the program (`again`).
    """
    store = ctx.open_store()
    try:
        _check_number(ctx, one)
        with store.transaction():
            _apply(ctx, one)
    except MetiDeskError as error:
        _refuse(ctx, one, error)
    else:
        _note(ctx, one.topic, None)
    _remember(ctx, one)


def put_in_force(ctx: Context) -> None:
    """Work by the policy that was published, if one was; after unlocking, and when one came.

    One that this version of the program cannot read any more stays kept, and the policy of the
    program holds: `view` tells so.
    """
    kept = _kept_policy(ctx)
    if kept is None:
        return
    from meti_desk.standard.policy_file import read_policy

    try:
        ctx.policy = read_policy(kept.text)
    except InvalidInput:
        return


def again(ctx: Context) -> None:
    """Try once more what an earlier version of the program refused; after unlocking."""
    waiting = [one for one in _refused(ctx).values() if one.program != __version__ and one.body]
    for one in waiting:
        body = base64.b64decode(one.body)
        with ctx.open_store().transaction():
            take(ctx, Download(topic=one.topic, version=one.number, body=body, signature=b""))


def view(ctx: Context) -> PublishedView:
    """Tell which policy is in force, from where, and what was refused."""
    policy = ctx.policy
    if ctx.store is None:
        return PublishedView(version=policy.version, title=policy.title)
    kept = _kept_policy(ctx)
    refused = [
        RefusedView(topic=one.topic, code=one.code, params=one.params, at=one.at)
        for one in _refused(ctx).values()
    ]
    forms = tuple(sorted((one.name, one.version) for one in kept_forms(ctx).values()))
    if kept is None or kept.version != policy.version:
        told = PublishedView(version=policy.version, title=policy.title)
        if kept is not None:
            refused.append(RefusedView(topic=POLICY, code="policy.invalid", params={}, at=kept.at))
    else:
        told = PublishedView(
            version=policy.version, title=policy.title, server=kept.server, at=kept.at,
            sha256=kept.sha256,
        )  # fmt: skip
    return msgspec.structs.replace(told, forms=forms, refused=tuple(refused))


def health(ctx: Context) -> list[tuple[str, bool, str]]:
    """Give the lines for `doctor`: the policy in force and its origin, and what was refused."""
    told = view(ctx)
    origin = f"{told.version} {told.server} {told.at[:10]}".strip()
    return [("policy.in-force", True, origin)] + [
        ("policy.refused", False, f"{one.topic} {one.code}") for one in told.refused
    ]


def kept_forms(ctx: Context) -> Mapping[str, Kept]:
    """Give the published forms by their url."""
    held = ctx.open_store().settings.get(_FORMS)
    return msgspec.json.decode(held, type=dict[str, Kept]) if held else {}


def _apply(ctx: Context, one: Download) -> None:
    snapshot = unpack(one.body, one.topic)
    if snapshot.kind == "policy":
        _take_policy(ctx, one, snapshot)
    elif snapshot.kind == "form":
        _take_form(ctx, one, snapshot)
    else:
        from meti_desk.services import emergency_marks

        try:
            emergency_marks.take_notice(ctx, snapshot.text.encode())
        except InvalidInput as error:
            if error.code != "crypto.notice-old":  # the same one may have come as a file before
                raise


def _take_policy(ctx: Context, one: Download, snapshot: Snapshot) -> None:
    from meti_desk.standard.policy_file import parse_policy

    policy = parse_policy(snapshot.text)
    kept = _made(ctx, one, snapshot, policy.version)
    if _same(kept, _kept_policy(ctx)):
        return
    ctx.open_store().settings.put(KEPT_POLICY, _json(kept))
    _record(ctx, published_body(what=TAKEN_POLICY, version=kept.version, sha256=kept.sha256))


def _take_form(ctx: Context, one: Download, snapshot: Snapshot) -> None:
    from meti_desk.standard.selfcheck_file import load_form, load_procedure

    form = load_form(snapshot.text)
    load_procedure(snapshot.procedure, form)
    if one.topic != topic_of("form", form.url):
        raise InvalidInput(MALFORMED)
    kept = _made(ctx, one, snapshot, form.version)
    if _same(kept, kept_forms(ctx).get(form.url)):
        return
    ctx.open_store().settings.put(_FORMS, _json({**kept_forms(ctx), form.url: kept}))
    body = published_body(what=TAKEN_FORM, version=kept.version, sha256=kept.sha256, form=form.url)
    _record(ctx, body)


def _made(ctx: Context, one: Download, snapshot: Snapshot, version: str) -> Kept:
    return Kept(
        number=one.version,
        version=version,
        sha256=snapshot.digest,
        at=_now(ctx),
        server=enrolment.state(ctx).url,
        text=snapshot.text,
        name=snapshot.name,
        procedure=snapshot.procedure,
    )


def _same(kept: Kept, before: Kept | None) -> bool:
    """Tell whether it is here already: a device that enrolled anew gets all from the beginning."""
    return before is not None and (kept.number, kept.sha256) == (before.number, before.sha256)


def _kept_policy(ctx: Context) -> Kept | None:
    held = ctx.open_store().settings.get(KEPT_POLICY)
    return msgspec.json.decode(held, type=Kept) if held else None


def _check_number(ctx: Context, one: Download) -> None:
    """Refuse what is older than anything that this device has ever seen of the topic."""
    name = _seen_name(ctx, one.topic)
    highest = int(ctx.open_store().settings.get(name, "0"))
    if ctx.memory is not None:
        told = ctx.memory().get(name, "0")
        highest = max(highest, int(told) if told.isascii() and told.isdigit() else 0)
    if one.version < highest:
        raise InvalidInput(ROLLBACK, number=one.version, last=highest)


def _remember(ctx: Context, one: Download) -> None:
    name = _seen_name(ctx, one.topic)
    places = [ctx.open_store().settings, *([ctx.memory()] if ctx.memory is not None else [])]
    for place in places:
        told = place.get(name, "0")
        if not (told.isascii() and told.isdigit() and int(told) >= one.version):
            place.put(name, str(one.version))


def _seen_name(ctx: Context, topic: str) -> str:
    return f"{_SEEN}.{topic}@{key_id(enrolment.state(ctx).server)}"


def _refuse(ctx: Context, one: Download, error: MetiDeskError) -> None:
    params: dict[str, str | int] = {
        name: value for name, value in error.params.items() if isinstance(value, str | int)
    }
    body = "" if error.code == ROLLBACK else base64.b64encode(one.body).decode()
    told = Refused(
        topic=one.topic, number=one.version, code=error.code, params=params, at=_now(ctx),
        program=__version__, body=body,
    )  # fmt: skip
    _note(ctx, one.topic, told)
    version = str(one.version)
    _record(ctx, published_body(what=REFUSED, version=version, sha256="", code=error.code))


def _refused(ctx: Context) -> dict[str, Refused]:
    held = ctx.open_store().settings.get(KEPT_REFUSED)
    return msgspec.json.decode(held, type=dict[str, Refused]) if held else {}


def _note(ctx: Context, topic: str, told: Refused | None) -> None:
    held = _refused(ctx)
    if held.pop(topic, None) is None and told is None:
        return
    if told is not None:
        held[topic] = told
    ctx.open_store().settings.put(KEPT_REFUSED, _json(held))


def _record(ctx: Context, body: dict[str, object]) -> None:
    ctx.open_store().ledger.append(PUBLISHED, body, ctx.clock.now())


def _now(ctx: Context) -> str:
    return ctx.clock.now().isoformat(timespec="seconds")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
