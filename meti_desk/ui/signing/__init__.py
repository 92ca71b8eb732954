"""署名する: files, the own key, the reason, and where the stamp of a PDF is seen."""
