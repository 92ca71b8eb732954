"""Mails: eml carries its label in its header lines; msg and mailboxes have it in a sidecar."""
