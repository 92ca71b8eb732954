import os
import sys

import pytest

from meti_desk.isolation.choose import workers
from meti_desk.isolation.pool import ConfinedWorkers
from meti_desk.isolation.portable import SpawnedWorkers


@pytest.mark.skipif(sys.platform != "linux", reason="asks for the choice on Linux")
def test_the_zygote_where_there_are_pidfds(monkeypatch: pytest.MonkeyPatch) -> None:
    with workers() as chosen:
        assert isinstance(chosen, ConfinedWorkers)
    monkeypatch.delattr(os, "pidfd_open")
    with workers() as chosen:
        assert isinstance(chosen, SpawnedWorkers)
        assert chosen.layers().limits
