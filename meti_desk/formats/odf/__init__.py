"""The family of OpenDocument files (ISO/IEC 26300)."""
