"""格付: 機密性, 完全性 and 可用性 of information (Art. 2 (6)-(9), (35)-(39), Art. 4).

機密性 is not defined in the standard itself; what its levels mean here is policy. 完全性 and 可用性
are defined for electronic records only: paper has 機密性 alone.
"""

from enum import IntEnum


class Confidentiality(IntEnum):
    """機密性: how much harm comes when the information is known to others."""

    C1 = 1
    C2 = 2
    C3 = 3


class Integrity(IntEnum):
    """完全性: I2 when a change or damage would hurt rights or duties (Art. 2 (8))."""

    I1 = 1
    I2 = 2


class Availability(IntEnum):
    """可用性: A2 when loss or absence would hurt rights or duties (Art. 2 (6))."""

    A1 = 1
    A2 = 2
