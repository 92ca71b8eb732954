"""Runs jobs on untrusted documents in processes that can do no harm.

The application never parses a document itself. `pool.ConfinedWorkers` (Linux) keeps one small
process, the zygote, that has the libraries loaded and forks a child for each job; the child takes
its open files, gives up every other right (`confine`) and only then looks at the first byte.
`portable.SpawnedWorkers` starts a whole process for each job where there is no fork to rely on.

This package knows the names of jobs and nothing of formats: `meti_desk.worker` hands it the table.
"""
