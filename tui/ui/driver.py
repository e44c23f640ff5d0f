"""What connects the screen to the terminal: Textual's driver, mended where it lets words down.

- Input is read through `TerminalInput`. Bytes that are no UTF-8 become the replacement character;
  Textual's own would end the app.
- Textual hands what is painted to a thread by a queue. The thread ends when the terminal is gone;
  the queue then fills, and whoever paints would wait for ever, holding up the last save.
- A terminal that is gone is a hang-up, also where the system sends no signal.
"""

from __future__ import annotations

import sys

from textual.driver import Driver

if sys.platform == "win32":

    def mended(driver: type[Driver]) -> type[Driver]:
        """Windows has a driver of its own."""
        return driver

else:
    import os
    import selectors
    import signal
    from codecs import getincrementaldecoder

    from textual import events
    from textual._xterm_parser import XTermParser
    from textual.drivers.linux_driver import LinuxDriver
    from textual.message import Message

    from tui.ui.terminal_input import TerminalInput, pasted

    # Seconds between looks at whether the app ends, and at an ESC that nothing followed.
    _PATIENCE = 0.1

    class _Mended(LinuxDriver):
        def write(self, data: str) -> None:
            """Write, as long as there is a terminal."""
            if self._writer_thread is not None and self._writer_thread.is_alive():
                super().write(data)

        def stop_application_mode(self) -> None:
            """Restore the terminal."""
            if self._mouse_pixels:  # set where a terminal reports its size in band, never reset
                self.write("\x1b[?1016l")
            super().stop_application_mode()

        def run_input_thread(self) -> None:
            """Read until the app ends or the terminal is gone."""
            decode = getincrementaldecoder("utf-8")("replace").decode
            terminal, parser = TerminalInput(), XTermParser(self._debug)
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    if selector.select(_PATIENCE):
                        if not (data := self._read()):
                            os.kill(os.getpid(), signal.SIGHUP)
                            return
                        if text := terminal.feed(decode(data)):
                            for event in parser.feed(text):
                                self.process_message(event)
                    for event in parser.tick():
                        self.process_message(event)

        def process_message(self, message: Message) -> None:
            """Hand one event to the app."""
            if isinstance(message, events.Paste):
                message.text = pasted(message.text)
            super().process_message(message)

        def _read(self) -> bytes:
            try:
                return os.read(self.fileno, 4096)
            except OSError:  # EIO, where others read nothing
                return b""

    def mended(driver: type[Driver]) -> type[Driver]:
        """Ours in the place of Textual's own; any other driver as it is."""
        return _Mended if driver is LinuxDriver else driver
