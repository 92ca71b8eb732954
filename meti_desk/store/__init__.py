"""The encrypted store of one person on one device: 取扱記録, documents, answers, settings.

A folder holds `store.key` (the wrapped key), `store.db` (SQLCipher), `device.pub` (the device's
public key, so that seals can be checked while the store is locked) and `backups/`. The way in is
`meti_desk.store.local`: `create`, `open_with_passphrase`, `open_with_keyring`, `exists`.
"""
