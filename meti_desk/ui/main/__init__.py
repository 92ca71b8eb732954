"""The main window: navigation, home, and what surrounds every page."""
