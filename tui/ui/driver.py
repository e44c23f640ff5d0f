"""What carries the screen to the terminal: Textual's, mended for terminals that go away.

Textual's driver hands what is painted to a thread by a queue. That thread ends when the terminal is
gone; the queue then fills, and whoever paints waits for ever, holding up the last save.
"""

from __future__ import annotations

import sys

from textual.driver import Driver

if sys.platform == "win32":

    def mended(driver: type[Driver]) -> type[Driver]:
        """Windows has a driver of its own."""
        return driver

else:
    from textual.drivers.linux_driver import LinuxDriver

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

    def mended(driver: type[Driver]) -> type[Driver]:
        """Ours in the place of Textual's own; any other driver as it is."""
        return _Mended if driver is LinuxDriver else driver
