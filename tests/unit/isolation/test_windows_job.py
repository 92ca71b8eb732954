import ctypes

import pytest

from meti_desk.isolation.limits import Limits
from meti_desk.isolation.windows_job import BasicLimits, ExtendedLimits, extended_limits


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_size_t) != 8, reason="sizes of 64 bits")
def test_structures_have_the_documented_size() -> None:
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144


def test_limits_are_filled_in() -> None:
    given = extended_limits(Limits(memory=123, cpu=2))
    assert given.ProcessMemoryLimit == 123
    assert given.BasicLimitInformation.PerProcessUserTimeLimit == 20_000_000
    assert given.BasicLimitInformation.ActiveProcessLimit == 1
