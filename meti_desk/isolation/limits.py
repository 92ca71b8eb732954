"""How much a job may use before it is stopped: the answer to bombs and endless loops."""

import msgspec

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one job may use. Sizes in bytes, times in seconds.

    `memory` caps the address space, not what is resident: a bomb stops there at the latest.
    """

    memory: int = GIBIBYTE
    cpu: int = 120
    file_size: int = 2 * GIBIBYTE
    open_files: int = 256
    timeout: float = 180.0

    def for_bytes(self, size: int) -> "Limits":
        """Give a large document the time and room that its size calls for.

        Hashing, encrypting and copying go on at 5 MB/s or better on a slow machine; a protected
        copy may be a little larger than its source.
        """
        seconds = size // (5 * MEBIBYTE)
        return msgspec.structs.replace(
            self,
            cpu=self.cpu + seconds,
            file_size=max(self.file_size, 2 * size + 64 * MEBIBYTE),
            timeout=self.timeout + 2 * seconds,
        )


def apply_limits(limits: Limits) -> bool:
    """Impose the limits on this process for good; `False` where the system knows none (Windows)."""
    try:
        import resource
    except ImportError:  # Windows: the parent put this process into a Job Object
        return False
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_FSIZE, limits.file_size)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    _lower(resource.RLIMIT_CPU, limits.cpu, grace=1)
    if hasattr(resource, "RLIMIT_NPROC"):
        # No child and no thread; root is not bound by this one, but by seccomp.
        _lower(resource.RLIMIT_NPROC, 0)
    return True


def _lower(which: int, value: int, *, grace: int = 0) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
        grace = min(grace, hard - value)
    resource.setrlimit(which, (value, value + grace))
