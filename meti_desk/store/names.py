"""The names of the files in a store's folder, and of a way to open it."""

KEY = "store.key"
DATABASE = "store.db"
PUBLIC = "device.pub"
ATTEMPTS = "attempts.json"

KEYRING = "keyring"
"""The wrap of the key that the key ring of the system opens."""
