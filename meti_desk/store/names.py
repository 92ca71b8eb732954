"""The names of the files in a store's folder."""

KEY = "store.key"
DATABASE = "store.db"
PUBLIC = "device.pub"
