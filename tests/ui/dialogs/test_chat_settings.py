"""What goes with each request of a chat."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App
from textual.widgets import Button, Label

from tui.core.conversation import Parameters
from tui.core.settings import parameter_from
from tui.ui.dialogs import ChatSettings, ChatSettingsDialog
from tui.ui.dialogs.chat_settings import Field
from tui.ui.dialogs.fields import Choice, TextField
from tui.ui.dialogs.frame import DialogBox

DEFAULTS = ChatSettings("Be brief.", Parameters(temperature=0.7, stream=True))


class SettingsApp(App[None]):
    """Opens the dialog and keeps its result."""

    def __init__(
        self,
        settings: ChatSettings = ChatSettings(),  # noqa: B008 - immutable
        defaults: ChatSettings = DEFAULTS,
        focus: Field = "system_prompt",
    ) -> None:
        super().__init__()
        self.dialog = ChatSettingsDialog(settings, defaults, focus)
        self.results: list[ChatSettings | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.results.append)

    def said(self) -> list[str]:
        return [str(label.content) for label in self.dialog.query(Label).filter(".wrong")]


async def test_nothing_changed_is_nothing_set() -> None:
    app = SettingsApp()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+s")
        assert app.results == [ChatSettings()]


@pytest.mark.parametrize(
    "settings",
    [
        ChatSettings("Be a pirate.\nAhoy!", Parameters(0.5, 1000, stream=False)),
        ChatSettings("", Parameters(0.0, None, stream=True)),
    ],
)
async def test_what_is_set_is_kept(settings: ChatSettings) -> None:
    app = SettingsApp(settings)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+s")
        assert app.results == [settings]


async def test_keys_alone_fill_it_in() -> None:
    app = SettingsApp()
    async with app.run_test() as pilot:
        await pilot.press(*"Hi", "enter", *"there")
        await pilot.press("tab", "tab", *"1.5", "tab", *"200", "tab", "right", "right", "ctrl+s")
        assert app.results == [ChatSettings("Hi\nthere", Parameters(1.5, 200, stream=False))]


async def test_defaults_stand_in_the_empty_fields() -> None:
    app = SettingsApp()
    async with app.run_test():
        assert str(app.dialog.query_one(TextField).placeholder) == "Be brief."
        assert app.dialog.temperature.field.placeholder == "0.7"
        assert app.dialog.max_tokens.field.placeholder == "the model's own"


async def test_a_wrong_value_is_said_beside_it_and_nothing_is_saved() -> None:
    app = SettingsApp(focus="temperature")
    async with app.run_test() as pilot:
        await pilot.press("3", "tab", *"some", "ctrl+s")
        assert app.said() == ["a number from 0 to 2", "a whole number from 1 to 10000000"]
        assert app.results == []
        assert app.focused is app.dialog.temperature.field
        await pilot.press("backspace", "1", "tab", "delete", "enter")
        assert app.said() == []
        assert app.results == [ChatSettings(None, Parameters(temperature=1.0))]


async def test_a_default_prompt_can_be_left_out() -> None:
    app = SettingsApp()
    async with app.run_test() as pilot:
        await pilot.press("tab", "right", "ctrl+s")
        assert app.results == [ChatSettings("")]


async def test_without_a_default_prompt_there_is_nothing_to_leave_out() -> None:
    app = SettingsApp(defaults=ChatSettings())
    async with app.run_test() as pilot:
        assert not app.dialog.when_empty.region
        await pilot.press("ctrl+s")
        assert app.results == [ChatSettings()]


async def test_the_mouse_alone() -> None:
    app = SettingsApp()
    async with app.run_test() as pilot:
        stream = app.dialog.query(Choice).last()
        line = str(stream.render())
        await pilot.click(stream, offset=(1 + line.index("whole"), 0))
        save, _ = app.dialog.query(Button)
        await pilot.click(save)
        assert app.results == [ChatSettings(None, Parameters(stream=False))]


async def test_escape_and_cancel_change_nothing() -> None:
    for how in ("escape", "button"):
        app = SettingsApp()
        async with app.run_test() as pilot:
            await pilot.press("a")
            if how == "escape":
                await pilot.press("escape")
            else:
                await pilot.click(app.dialog.query(Button).last())
            assert app.results == [None]


async def test_a_click_beside_it_does_not_lose_what_is_written() -> None:
    app = SettingsApp()
    async with app.run_test() as pilot:
        await pilot.click(offset=(0, 0))
        assert app.results == []


async def test_everything_is_on_screen_at_60_by_16() -> None:
    app = SettingsApp(focus="temperature")
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("3", "tab", "x")
        await pilot.pause()
        inside = app.dialog.query_one(DialogBox).content_region
        for widget in app.dialog.query(".name, Choice, LineField, .hint, Button"):
            if widget.region:  # all but what is left out on purpose
                assert inside.contains_region(widget.region), widget


async def test_a_prompt_can_only_be_text_and_is_kept_as_it_is() -> None:
    app = SettingsApp(ChatSettings("evil \x1b[2J"), ChatSettings("[b]markup[/b]"))
    async with app.run_test() as pilot:
        prompt = app.dialog.query_one(TextField)
        assert "evil ␛[2J" in prompt.render_line(0).text
        app.post_message(events.Paste("\x07"))
        await pilot.pause()
        await pilot.press("ctrl+s")
        assert app.results == [ChatSettings("evil \x1b[2J\x07")]


async def test_a_default_prompt_is_never_markup() -> None:
    app = SettingsApp(ChatSettings(), ChatSettings("[b]markup[/b]"))
    async with app.run_test():
        assert "[b]markup[/b]" in app.dialog.query_one(TextField).render_line(0).text


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [("temperature", " 0,5 ", 0.5), ("temperature", "", None), ("max_tokens", "1000", 1000)],
)
def test_parameter_from(key: str, text: str, value: float | None) -> None:
    assert parameter_from(key, text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("temperature", "nan"),
        ("temperature", "-1"),
        ("temperature", "hot"),
        ("max_tokens", "0"),
        ("max_tokens", "1.5"),
        ("max_tokens", "inf"),
    ],
)
def test_what_can_not_be_a_parameter(key: str, text: str) -> None:
    with pytest.raises(ValueError, match="number from"):
        parameter_from(key, text)
