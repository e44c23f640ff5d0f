"""Opening an address in a browser, where there is one that has a window of its own."""

from __future__ import annotations


def open_in_browser(address: str) -> bool:
    """Open an address; False where there is no browser but one that would paint over chinwag.

    It may take seconds: to be called in a thread.
    """
    import webbrowser  # which looks through the whole PATH

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    # Python takes a browser that runs in the terminal, and any that it does not know, for these.
    waits = type(browser) is webbrowser.GenericBrowser or not getattr(browser, "background", True)
    return not waits and browser.open(address)
