"""Plain text, HTML, XML: text and marks are read, the label lies in a sidecar."""
