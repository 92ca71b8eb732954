"""付加情報: what documents carry besides their content, what goes, and what stays and why."""
