"""Protect a file with a password and listed algorithms, and the way back (Arts. 14-1, 14-2, 30)."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.jobs import OpenOrder, OpenReport, ProtectOrder, ProtectReport
from meti_desk.protection import choose, method_algorithms, passwords
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened
from meti_desk.services.messages import Done, DoneFile, OpenRequest, ProtectRequest
from meti_desk.services.ports import Progress
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new
