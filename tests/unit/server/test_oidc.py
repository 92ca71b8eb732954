"""What an ID token has to be before anybody is enrolled by it: a real provider, and liars."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwk, jwt

from meti_desk.server.identity_http import ProviderError
from meti_desk.server.oidc import Provider, TokenError, challenge_of
from meti_desk.server.settings import Oidc
from tests.unit.server import provider as small

NONCE = "n" * 40
REDIRECT = "http://127.0.0.1:5000/enrolled"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def idp() -> Iterator[small.Provider]:
    made = small.Provider()
    yield made
    made.close()


@pytest.fixture
def fresh(idp: small.Provider) -> Iterator[small.Provider]:
    """Give the provider, and let it be honest again afterwards."""
    held = [*idp.keys], idp.sign_with, idp.algorithm
    yield idp
    idp.keys, idp.sign_with, idp.algorithm = held
    idp.change, idp.token, idp.extra = (lambda _claims: None), idp.signed, {}


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client(idp: small.Provider, clock: Clock, secret: str = "", **more: Any) -> Provider:
    return Provider(Oidc(issuer=idp.issuer, client_id=small.CLIENT, **more), secret, clock)


def reason(provider: Provider, token: str, *, nonce: str = NONCE, now: int = small.NOW) -> str:
    with pytest.raises(TokenError) as caught:
        provider.claims(token, nonce=nonce, now=now)
    return str(caught.value)


def test_a_login_gives_who_it_was(fresh: small.Provider, clock: Clock) -> None:
    verifier = "v" * 64
    held = client(fresh, clock, "word")
    address = held.address(
        redirect=REDIRECT, state="s" * 43, nonce=NONCE, challenge=challenge_of(verifier)
    )
    assert address.startswith(f"{fresh.issuer}/authorize?")
    back = fresh.log_in(address)
    code = back.partition("code=")[2].partition("&")[0]
    found = held.person(code=code, verifier=verifier, redirect=REDIRECT, nonce=NONCE, now=small.NOW)
    assert found == "yamada@meti.go.jp"
    assert fresh.basic.startswith("Basic ")
    assert "word" not in json.dumps(fresh.form)
    with pytest.raises(ProviderError):  # a code is good once
        held.person(code=code, verifier=verifier, redirect=REDIRECT, nonce=NONCE, now=small.NOW)


def test_another_verifier_gets_nothing(fresh: small.Provider, clock: Clock) -> None:
    held = client(fresh, clock)
    challenge = challenge_of("v" * 64)
    address = held.address(redirect=REDIRECT, state="s" * 43, nonce=NONCE, challenge=challenge)
    code = fresh.log_in(address).partition("code=")[2].partition("&")[0]
    with pytest.raises(ProviderError):
        held.person(code=code, verifier="w" * 64, redirect=REDIRECT, nonce=NONCE, now=small.NOW)


@pytest.mark.parametrize(("algorithm", "place"), [("RS256", 0), ("PS256", 0), ("ES256", 1)])
def test_rsa_and_elliptic_curves_are_believed(
    fresh: small.Provider, clock: Clock, algorithm: str, place: int
) -> None:
    fresh.algorithm, fresh.sign_with = algorithm, fresh.keys[place]
    token = fresh.signed(fresh.claims(NONCE))
    assert client(fresh, clock).claims(token, nonce=NONCE, now=small.NOW)["sub"] == "u-1"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"iss": "https://other.example.jp"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"aud": ["another", "third"]}, "aud"),
        ({"aud": [small.CLIENT, "another"]}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"nonce": "other"}, "nonce"),
        ({"nonce": [NONCE]}, "nonce"),
        ({"nonce": ...}, "nonce"),
        ({"exp": small.NOW - 61}, "exp"),
        ({"exp": ...}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"iat": small.NOW + 120}, "iat"),
        ({"iat": small.NOW - 3600}, "iat"),
        ({"nbf": small.NOW + 120}, "nbf"),
        ({"sub": ...}, "sub"),
        ({"sub": ""}, "sub"),
    ],
)
def test_a_claim_that_is_not_for_us_now_is_refused(
    fresh: small.Provider, clock: Clock, change: dict[str, Any], expected: str
) -> None:
    claims = fresh.claims(NONCE) | change
    claims = {name: value for name, value in claims.items() if value is not ...}
    assert reason(client(fresh, clock), fresh.signed(claims)) == expected


def test_an_audience_of_several_needs_us_as_the_party(fresh: small.Provider, clock: Clock) -> None:
    claims = fresh.claims(NONCE) | {"aud": [small.CLIENT, "another"], "azp": small.CLIENT}
    assert client(fresh, clock).claims(fresh.signed(claims), nonce=NONCE, now=small.NOW)


def test_no_signature_and_shared_secrets_are_refused(fresh: small.Provider, clock: Clock) -> None:
    claims, held = fresh.claims(NONCE), client(fresh, clock)
    body = small.b64(json.dumps(claims).encode())
    for algorithm in ("none", "None", "HS256", "ES256K", "", None, 5):
        head = small.b64(json.dumps({"alg": algorithm, "kid": "r1"}).encode())
        assert reason(held, f"{head}.{body}.") == "algorithm"
    # The public key as the secret of HMAC: the old confusion of algorithms.
    public = fresh.keys[0].as_pem(private=False)
    confused = jwt.encode(
        {"alg": "HS256", "kid": "r1"}, claims, jwk.import_key(public.hex(), "oct"),
        algorithms=["HS256"],
    )  # fmt: skip
    assert reason(held, confused) == "algorithm"


def test_a_key_in_the_token_itself_is_not_believed(fresh: small.Provider, clock: Clock) -> None:
    own = jwk.generate_key("RSA", 2048, {"kid": "r1"})
    claims, held = fresh.claims(NONCE), client(fresh, clock)
    plain = jwt.encode({"alg": "RS256", "kid": "r1"}, claims, own)
    assert reason(held, plain) == "signature"
    for name, value in (("jwk", own.as_dict(private=False)), ("jku", "https://evil.example.jp")):
        token = jwt.encode({"alg": "RS256", "kid": "r1", name: value}, claims, own)
        assert reason(held, token) == "header"


def test_a_changed_token_is_refused(fresh: small.Provider, clock: Clock) -> None:
    head, body, signature = fresh.signed(fresh.claims(NONCE)).split(".")
    held = client(fresh, clock)
    other = small.b64(json.dumps(fresh.claims(NONCE) | {"email": "boss@meti.go.jp"}).encode())
    assert reason(held, f"{head}.{other}.{signature}") == "signature"
    for bad in ("", ".", "..", "a.b", f"{head}.{body}", f"{head}.{body}.{signature}.x"):
        assert reason(held, bad)


def test_an_unknown_key_is_looked_for_once_in_a_while(fresh: small.Provider, clock: Clock) -> None:
    held = client(fresh, clock)
    assert held.claims(fresh.signed(fresh.claims(NONCE)), nonce=NONCE, now=small.NOW)
    new = jwk.generate_key("EC", "P-256", {"kid": "e2", "use": "sig"})
    fresh.sign_with, fresh.algorithm = new, "ES256"
    token = fresh.signed(fresh.claims(NONCE))
    before = fresh.asked.count("/jwks")
    assert reason(held, token) == "key"
    assert fresh.asked.count("/jwks") == before  # nobody makes us ask again and again
    fresh.keys = [new]
    clock.now += 31
    assert held.claims(token, nonce=NONCE, now=small.NOW)["sub"] == "u-1"
    assert fresh.asked.count("/jwks") == before + 1
    # What was rotated out is not believed any more.
    fresh.sign_with, fresh.algorithm = fresh_rsa(), "RS256"
    assert reason(held, fresh.signed(fresh.claims(NONCE))) == "key"


def fresh_rsa() -> Any:
    return jwk.generate_key("RSA", 2048, {"kid": "r1"})


def test_keys_are_fetched_once_an_hour(fresh: small.Provider, clock: Clock) -> None:
    held, token = client(fresh, clock), fresh.signed(fresh.claims(NONCE))
    before = fresh.asked.count("/jwks")
    for _ in range(5):
        held.claims(token, nonce=NONCE, now=small.NOW)
    assert fresh.asked.count("/jwks") == before + 1
    clock.now += 3601
    held.claims(token, nonce=NONCE, now=small.NOW)
    assert fresh.asked.count("/jwks") == before + 2


def test_a_weak_key_and_one_for_encryption_are_refused(fresh: small.Provider, clock: Clock) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weak = jwk.generate_key("RSA", 1024, {"kid": "w"})
        fresh.keys, fresh.sign_with = [weak], weak
        assert reason(client(fresh, clock), fresh.signed(fresh.claims(NONCE))) == "weak-key"
    other = jwk.generate_key("RSA", 2048, {"kid": "x", "use": "enc"})
    fresh.keys, fresh.sign_with = (
        [other],
        jwk.import_key({k: v for k, v in other.as_dict(private=True).items() if k != "use"}),
    )
    assert reason(client(fresh, clock), fresh.signed(fresh.claims(NONCE))) == "key"


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        ({"issuer": "https://other.example.jp"}, "other-issuer"),
        ({"jwks_uri": "http://keys.example.jp/jwks"}, "insecure"),
        ({"jwks_uri": "file:///etc/passwd"}, "insecure"),
        ({"token_endpoint": 5}, "incomplete"),
    ],
)
def test_a_provider_that_names_others_is_not_asked(
    fresh: small.Provider, clock: Clock, extra: dict[str, Any], word: str
) -> None:
    fresh.extra = extra
    with pytest.raises(ProviderError, match=word):
        client(fresh, clock).claims(fresh.signed(fresh.claims(NONCE)), nonce=NONCE, now=small.NOW)


def test_a_provider_that_is_not_there_is_told_by_a_word(clock: Clock) -> None:
    held = Provider(Oidc(issuer="http://127.0.0.1:1", client_id="x"), "", clock)
    with pytest.raises(ProviderError):
        held.address(redirect=REDIRECT, state="s", nonce="n", challenge="c")


def test_who_it_was_is_one_claim_and_roles_are_none(fresh: small.Provider, clock: Clock) -> None:
    def person(change: Callable[[dict[str, Any]], object], **more: Any) -> str:
        fresh.change = change
        held = client(fresh, clock, **more)
        verifier = "v" * 64
        address = held.address(
            redirect=REDIRECT, state="s" * 43, nonce=NONCE, challenge=challenge_of(verifier)
        )
        code = fresh.log_in(address).partition("code=")[2].partition("&")[0]
        return held.person(
            code=code, verifier=verifier, redirect=REDIRECT, nonce=NONCE, now=small.NOW
        )

    roles = {"roles": ["office", "responsible"], "role": "office", "unit": "総務課"}
    assert person(lambda claims: claims.update(roles)) == "yamada@meti.go.jp"
    assert person(lambda claims: claims.pop("email_verified")) == "yamada@meti.go.jp"
    assert person(lambda claims: claims.update(staff="y1"), claim="staff") == "y1"
    for change, word in (
        ({"email_verified": False}, "unverified"),
        ({"email_verified": "false"}, "unverified"),
        ({"email_verified": None}, "unverified"),
        ({"email": ""}, "claim"),
        ({"email": ["yamada@meti.go.jp"]}, "claim"),
    ):
        with pytest.raises(TokenError, match=word):
            person(lambda claims, change=change: claims.update(change))


@settings(max_examples=150, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    rubbish=st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")),
    kid=st.sampled_from(["", "r1", "e1"]),
)
def test_rubbish_is_no_token(idp: small.Provider, rubbish: str, kid: str, clock: Clock) -> None:
    held = client(idp, clock)
    head = small.b64(json.dumps({"alg": "RS256", "kid": kid}).encode())
    for token in (rubbish, f"{head}.{rubbish}", f"{head}.{rubbish}.{rubbish}"):
        assert reason(held, token)
