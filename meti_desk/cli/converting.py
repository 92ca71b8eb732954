"""The command that converts old documents."""

from argparse import Namespace

from meti_desk.cli.commands import show_done
from meti_desk.cli.output import Output
from meti_desk.services.convert import ConvertRequest
from meti_desk.services.desk import Desk


def convert(desk: Desk, arguments: Namespace, output: Output) -> int:
    """Write copies in the formats that replaced the old ones."""
    request = ConvertRequest(paths=tuple(arguments.files), out=arguments.out)
    return show_done(desk.convert(request), output)
