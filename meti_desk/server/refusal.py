"""A refusal as the client gets it: one shape, a stable code, the status that proxies understand."""

from meti_desk.sync.wire import ErrorAnswer

STATUS = {
    "sync.malformed": 400,
    "sync.version": 400,
    "sync.too-large": 413,
    "sync.slow": 408,
    "sync.unknown-device": 401,
    "sync.revoked": 403,
    "sync.signature": 401,
    "sync.clock": 401,
    "sync.replayed": 409,
    "sync.gap": 409,
    "sync.forked": 409,
    "sync.chain": 400,
    "sync.busy": 503,
    "server.failed": 500,
    "enrol.code": 403,
    "enrol.malformed": 400,
    "rate.limited": 429,
    "http.path": 404,
    "http.method": 405,
    "oidc.off": 404,
    "oidc.refused": 403,
    "oidc.provider": 502,
    "proxy.off": 404,
    "proxy.refused": 403,
}


class RefusalError(Exception):
    """Raised where a request is refused; `params` hold what the client needs, never a secret."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def status(self) -> int:
        """Give the HTTP status."""
        return STATUS[self.code]

    def answer(self) -> ErrorAnswer:
        """Give what the client reads."""
        return ErrorAnswer(code=self.code, params=self.params)
