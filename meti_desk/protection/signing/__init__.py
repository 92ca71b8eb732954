"""電子署名 (Arts. 14-3, 28-30): signing, stamping and verifying PDFs and other files."""
