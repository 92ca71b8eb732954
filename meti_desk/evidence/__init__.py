"""What a text tells of itself: fingerprints of its passages, and clues to its label (手掛かり).

Pure functions over text, used in the confined workers and by the services; nothing here reads a
file or decides anything (Arts. 4-1, 6).
"""
