"""chinwag's two looks: quiet greys, one colour for what acts, one for what asks for attention."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="chinwag-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#9d8cd6",
    accent="#e0af68",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#d8dae0",
    background="#14161b",
    surface="#1d2027",
    panel="#191c22",
    variables={"footer-key-foreground": "#7aa2f7", "border-blurred": "#2a2e38"},
)

LIGHT = Theme(
    name="chinwag-light",
    dark=False,
    primary="#2f5fc4",
    secondary="#6a4fb0",
    accent="#a4620f",
    warning="#a4620f",
    error="#c0314d",
    success="#3d7a1c",
    foreground="#24272e",
    background="#fcfcfa",
    surface="#f0f0ec",
    panel="#f5f5f2",
    variables={"footer-key-foreground": "#2f5fc4", "border-blurred": "#dcdcd6"},
)
