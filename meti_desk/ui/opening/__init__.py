"""開く: the way back from a protected file, by its password or the own key."""
