"""保護する: files, recipients, a proposed method, how it is opened, and where it is written."""
