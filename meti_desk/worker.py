"""Composition root of the worker process: the names of the jobs and what does them.

Started by `meti_desk.isolation` only. What a job needs is imported when it runs, so that a Word
file never loads the PDF libraries.
"""

import sys

from meti_desk.isolation.entry import main
from meti_desk.isolation.perform import Family, Job
from meti_desk.isolation.probe import NoParams, probe

JOBS: dict[str, Job] = {"probe": Job(NoParams, probe)}
FAMILIES: tuple[Family, ...] = ()

if __name__ == "__main__":
    sys.exit(main(JOBS, FAMILIES))
