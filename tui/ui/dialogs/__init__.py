"""What is asked and told in a box over the chat."""

from tui.ui.dialogs.chat_settings import ChatSettings, ChatSettingsDialog
from tui.ui.dialogs.help import HelpRow, HelpScreen
from tui.ui.dialogs.one_line import LineDialog
from tui.ui.dialogs.rename import RenameDialog

__all__ = [
    "ChatSettings",
    "ChatSettingsDialog",
    "HelpRow",
    "HelpScreen",
    "LineDialog",
    "RenameDialog",
]
