"""The guided demo: the real window, store and workers on the shipped samples (`make demo`)."""
