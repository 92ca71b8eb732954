"""`init` and `run`: make a server, and serve."""

import argparse

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.server import keys, logs, storage
from meti_desk.server.command import Command, folder_of, place_of

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def _init(arguments: argparse.Namespace) -> dict[str, str]:
    folder, place = folder_of(arguments), place_of(arguments)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / keys.NAME).exists():
        raise EnvironmentProblem("server.exists", path=str(folder))
    storage.make(place)
    made = keys.make(folder)
    return {"data": str(folder), "fingerprint": made.fingerprint}


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス")
    parser.add_argument("--port", type=int, default=8443, help="ポート")
    parser.add_argument(
        "--cert", metavar="PEM", help="TLS の証明書（この端末以外から使うときは必須）"
    )
    parser.add_argument("--key", metavar="PEM", help="TLS の秘密鍵")
    parser.add_argument(
        "--init", action="store_true", help="初めてのときは、鍵とデータベースを作ってから動かします"
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="プロセスの数（PostgreSQL のとき）"
    )
    parser.add_argument(
        "--log-level", default="info", choices=logs.LEVELS, help="記録の細かさ（一行に一つの JSON）"
    )


def _run(arguments: argparse.Namespace) -> None:
    from meti_desk.server.patience import PatientProtocol
    from meti_desk.server.serving import Start, serve

    tls = bool(arguments.cert and arguments.key)
    if arguments.host not in _LOOPBACK and not tls:
        raise EnvironmentProblem("server.tls", host=arguments.host)
    if arguments.init and not (folder_of(arguments) / keys.NAME).exists():
        _init(arguments)
    start = Start(folder_of(arguments), place_of(arguments), arguments.log_level)
    serve(
        start, workers=arguments.workers, host=arguments.host, port=arguments.port,
        ssl_certfile=arguments.cert, ssl_keyfile=arguments.key,
        log_config=None, access_log=False, proxy_headers=False, server_header=False,
        timeout_keep_alive=30, http=PatientProtocol,
    )  # fmt: skip


COMMANDS = (
    Command("init", "サーバーの鍵とデータベースを作ります", _init),
    Command("run", "サーバーを動かします", _run, _run_arguments),
)
