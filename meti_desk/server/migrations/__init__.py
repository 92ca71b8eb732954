"""Steps by which the server's database came to be; each only goes forward."""
