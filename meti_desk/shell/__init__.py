"""What joins the desk to the file managers: right-click entries and what they hand over.

The files they write tell a file manager to start `meti-desk -- FILE…`, which opens the decision
screen; nothing here reads a document.
"""
