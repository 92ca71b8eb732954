"""Where a worker process begins: as the zygote, or for a single job."""

import sys
from collections.abc import Sequence

from meti_desk.isolation.perform import Families, Jobs


def main(jobs: Jobs, families: Families, arguments: Sequence[str] | None = None) -> int:
    """Run `--zygote FD` or `--job`; nothing else is understood, and nobody calls this by hand."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given:
        case ["--zygote", number]:
            from meti_desk.isolation.zygote import serve

            serve(int(number), jobs, families)
        case ["--job"]:
            from meti_desk.isolation.single import single_job

            single_job(jobs)
            return 0
    return 2
