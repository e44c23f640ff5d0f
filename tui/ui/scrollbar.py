"""How our scrollbars look: one cell, and grey, because they only say where one is."""

QUIET_SCROLLBAR = """
    scrollbar-size-vertical: 1;
    scrollbar-color: $foreground 20%;
    scrollbar-color-hover: $foreground 35%;
    scrollbar-color-active: $foreground 50%;
    scrollbar-background: $foreground 3%;
    scrollbar-background-hover: $foreground 3%;
    scrollbar-background-active: $foreground 3%;
"""
