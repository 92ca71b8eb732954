"""Reads `forms/policy.toml`: TOML -> schema -> `Policy` -> the limits of the standard.

Run as a program (`python -m meti_desk.standard.policy_file`) it prints the JSON Schema that is
published as `forms/schema/policy.schema.json`.
"""

from functools import lru_cache
from typing import Any

from meti_desk.data import read_text
from meti_desk.domain.policy import Policy
from meti_desk.domain.policy_check import problems
from meti_desk.standard.schema_file import load_toml, refuse

CODE = "policy.invalid"


def parse_policy(text: str) -> Policy:
    """Read a policy and refuse what the standard does not allow the ministry to rule.

    Raises `InvalidInput("policy.invalid", line=…, path=…, reason=…)`; besides the reasons of
    `load_toml`: `domain-too-wide`, `levels-incomplete`, `empty`, `not-writable`, `unknown-measure`,
    `unknown-restriction`, `verb-mixed`, `class-0-is-outside`, `not-distinct`,
    `scope-not-of-article`, `beyond-article`.
    """
    policy = load_toml(text, schema=policy_schema(), kind=Policy, code=CODE)
    for path, reason in problems(policy):
        raise refuse(CODE, text, path, reason)
    return policy


def shipped_policy() -> Policy:
    """Read the policy that comes with the application.

    Loading the JSON Schema validator would cost every start of the command line 60 ms; it is only
    asked, for the line of the mistake, when the quick check of the same rules finds one.
    """
    return read_policy(read_text("forms", "policy.toml"))


def read_policy(text: str) -> Policy:
    """Read a policy that was checked before, as quickly as it can be (`policy.invalid`)."""
    return _quickly(text) or parse_policy(text)


def _quickly(text: str) -> Policy | None:
    """Read a policy without the schema; nothing when anything about it is not as it should be."""
    import tomllib

    import msgspec

    try:
        raw = tomllib.loads(text)
        policy = msgspec.convert(raw, Policy)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError):
        return None
    known = _only_known(raw, msgspec.to_builtins(policy))
    return policy if known and not any(True for _ in problems(policy)) else None


def _only_known(raw: object, read: object) -> bool:
    """Tell whether every key that was written was understood."""
    if isinstance(raw, dict) and isinstance(read, dict):
        return all(key in read and _only_known(value, read[key]) for key, value in raw.items())
    if isinstance(raw, list) and isinstance(read, list | tuple):
        return all(_only_known(*pair) for pair in zip(raw, read, strict=True))
    return True


@lru_cache(maxsize=1)
def policy_schema() -> dict[str, Any]:
    """Make the JSON Schema of a policy from the types that it becomes; unknown keys are refused."""
    import msgspec

    schema = msgspec.json.schema(Policy)
    for definition in schema["$defs"].values():
        if "properties" in definition:
            definition["additionalProperties"] = False
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "meti-desk: 取扱方針 (policy.toml)",
    }
    return head | schema


def schema_text() -> str:
    """Write the schema as it is published."""
    import json

    return json.dumps(policy_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(schema_text())
