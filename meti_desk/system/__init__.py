"""The surroundings: the file system, the clock, fresh ids, and what hardens this process.

Implements the ports `Files`, `Clock` and `Ids`. What touches a file so that a crash would show
goes through `files.DiskFiles`, whose every step is a point of `meti_desk.faults`.
"""
