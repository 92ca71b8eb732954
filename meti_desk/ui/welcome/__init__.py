"""First run and unlocking."""
