"""Events of what the centre published: taken over, or refused because it cannot be read here."""

from meti_desk.domain.events import FORM, FORM_HASH, VERSION, Body

PUBLISHED = "published"
WHAT = "what"
CODE = "code"
KEPT_POLICY, KEPT_REFUSED = KEPT = ("published.policy", "published.refused")
"""Settings under which a policy is kept that was published, and what was refused."""
TAKEN_POLICY, TAKEN_FORM, REFUSED = "policy", "form", "refused"


def published_body(*, what: str, version: str, sha256: str, form: str = "", code: str = "") -> Body:
    """Write that a 取扱方針 or a 自己点検票 came, and whether it is in force now.

    `version` is what its text says, `sha256` the hash of the texts, `form` the url of a form;
    `code` tells why it was refused.
    """
    body: Body = {WHAT: what, VERSION: version, FORM_HASH: sha256}
    if form:
        body[FORM] = form
    if code:
        body[CODE] = code
    return body
