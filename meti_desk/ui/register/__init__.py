"""機密性3情報管理簿: where what is of 機密性3 lies, who may access it, who has which copy."""
