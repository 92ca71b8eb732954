"""宛先: the address book with certificates, and where the own key lies."""
