"""A small identity provider on loopback, with real keys and real HTTP, that may also lie."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT = "meti-desk"
NOW = 1_790_000_000
"""Seconds since 1970: what all clocks of these tests say."""


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Provider:
    """`keys` are published, `sign_with` signs; `change` may alter the claims of a token."""

    def __init__(self) -> None:
        self.keys = [
            jwk.generate_key("RSA", 2048, {"kid": "r1", "use": "sig"}),
            jwk.generate_key("EC", "P-256", {"kid": "e1", "use": "sig"}),
        ]
        self.sign_with, self.algorithm = self.keys[0], "RS256"
        self.change: Callable[[dict[str, Any]], object] = lambda _claims: None
        self.token: Callable[[dict[str, Any]], str] = self.signed
        self.email = "yamada@meti.go.jp"
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.form: dict[str, str] = {}
        self.basic = ""
        self.extra: dict[str, Any] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.sign_with.kid}
        return jwt.encode(header, claims, self.sign_with, algorithms=[self.algorithm])

    def claims(self, nonce: str) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT, "sub": "u-1", "exp": NOW + 300, "iat": NOW,
            "nonce": nonce, "email": self.email, "email_verified": True,
        }  # fmt: skip
        self.change(claims)
        return claims

    def log_in(self, address: str) -> str:
        """Do what a browser does whose person logs in: give where it is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_all: object) -> None:
                pass

            def do_GET(self) -> None:
                provider.asked.append(self.path)
                self.answer(provider.got(self.path))

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                provider.basic = self.headers.get("Authorization", "")
                form = {name: one for name, (one,) in parse_qs(raw.decode()).items()}
                self.answer(provider.exchanged(form))

            def answer(self, told: Mapping[str, Any] | None) -> None:
                body = json.dumps(told).encode()
                with suppress(OSError):
                    self.send_response(400 if told is None else 200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

        return Handler

    def got(self, path: str) -> Mapping[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                **self.extra,
            }  # fmt: skip
        if path == "/jwks":
            return {"keys": [one.as_dict(private=False) for one in self.keys]}
        return None

    def exchanged(self, form: dict[str, str]) -> Mapping[str, Any] | None:
        self.form = form
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form.get("redirect_uri")
            or form.get("grant_type") != "authorization_code"
        ):
            return None
        claims = self.claims(asked["nonce"])
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.token(claims)}
