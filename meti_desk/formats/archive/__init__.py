"""Archives: what lies in them is looked at, each file by its own family; they are never rewritten.

The label of an archive is the join of its members (Art. 6, rule 8); it lies in a sidecar.
"""
