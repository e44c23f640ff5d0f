"""Picking a model."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tui.core.models import MOST_COMPARED, ModelRef, is_chat_model
from tui.core.usage import ModelFacts
from tui.ui.dialogs.frame import DialogBox
from tui.ui.model_list import QUICK, RECENT, ModelList, ModelOption, Offer, offers
from tui.ui.model_picker import ModelPicker, PickedModel
from tui.ui.row_lines import Heading


def option(
    name: str, group: str = "openai", facts: ModelFacts | None = None, *, current: bool = False
) -> ModelOption:
    endpoint, slash, model = name.rpartition("/")
    return ModelOption(
        ModelRef(endpoint if slash else "openai", model),
        name,
        group,
        facts or ModelFacts(),
        is_chat_model(model),
        current,
    )


GPT_4O = ModelFacts(128_000, 2.5, 10.0)
OPTIONS = [
    option("gpt-4.1"),
    option("gpt-4o", facts=GPT_4O),
    option("text-embedding-3-small"),
    option("whisper-1"),
    option("ollama/llama3.2", RECENT),
    option("gpt-4o", QUICK, GPT_4O),
    option("gpt-4o-mini", QUICK, current=True),
    option("ollama/llama3.2", "ollama", ModelFacts(131_072, 0.0, 0.0)),
]


def texts(lines: Sequence[Offer | Heading]) -> list[str]:
    return [f"[{line.text}]" if isinstance(line, Heading) else line.text for line in lines]


def test_quick_models_first_then_recent_then_each_endpoint() -> None:
    assert texts(offers(OPTIONS, "")) == [
        *("[Quick]", "gpt-4o", "gpt-4o-mini"),
        *("[Recent]", "ollama/llama3.2"),
        *("[openai]", "gpt-4.1", "gpt-4o"),
        *("[ollama]", "ollama/llama3.2"),
        "[2 more that don't chat: type to find them]",
    ]


def test_a_filter_ranks_and_names_each_model_once() -> None:
    assert texts(offers(OPTIONS, "4o")) == [
        *("[Models]", "gpt-4o", "gpt-4o-mini"),
        *("[Not in any list]", "4o"),
    ]


def test_models_that_do_not_chat_come_last() -> None:
    assert texts(offers(OPTIONS, "ll")) == [
        *("[Models]", "ollama/llama3.2"),
        *("[Other]", "text-embedding-3-small"),
        *("[Not in any list]", "ll"),
    ]


def test_a_whole_name_is_not_offered_twice() -> None:
    assert texts(offers(OPTIONS, " gpt-4.1 ")) == ["[Models]", "gpt-4.1"]


def test_ids_are_unique() -> None:
    for typed in ("", "o", "gpt-4o"):
        ids = [line.id for line in offers(OPTIONS, typed) if isinstance(line, Offer)]
        assert len(ids) == len(set(ids))


class PickerApp(App[None]):
    """Opens the picker and keeps what was picked."""

    def __init__(self, options: Sequence[ModelOption] = OPTIONS, notes: Sequence[str] = ()) -> None:
        super().__init__()
        self.picker = ModelPicker(options, notes)
        self.results: list[tuple[PickedModel, ...] | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.picker, self.results.append)

    @property
    def models(self) -> ModelList:
        return self.picker.query_one(ModelList)

    def lines(self) -> list[str]:
        height = self.models.size.height
        return [self.models.render_line(y).text.rstrip() for y in range(height)]


def highlighted(app: PickerApp) -> str | None:
    row = app.models.highlighted
    return row.text if row else None


async def typed(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*text)
    await pilot.pause()


async def test_it_opens_on_the_model_in_use() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert highlighted(app) == "gpt-4o-mini"
        await pilot.press("enter")
        assert app.results == [(PickedModel("gpt-4o-mini", ModelRef("openai", "gpt-4o-mini")),)]


async def test_the_model_in_use_is_on_screen_however_far_down() -> None:
    app = PickerApp([option(f"model-{number}", current=number == 80) for number in range(100)])
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        assert " ✓ model-80" in app.lines()


async def test_type_and_enter() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await typed(pilot, "llam")
        await pilot.press("enter")
        assert app.results == [(PickedModel("ollama/llama3.2", ModelRef("ollama", "llama3.2")),)]


async def test_arrows_move_while_the_filter_keeps_the_focus() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await typed(pilot, "gpt")
        await pilot.press("down")
        await typed(pilot, "-4o")
        assert highlighted(app) == "gpt-4o"  # another filter, another best match
        await pilot.press("down", "enter")
        assert app.results == [(PickedModel("gpt-4o-mini", ModelRef("openai", "gpt-4o-mini")),)]


async def test_pages() -> None:
    app = PickerApp([option(f"model-{number}") for number in range(100)])
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("pagedown", "pagedown")
        row = highlighted(app)
        assert row is not None
        assert row > "model-10"
        await pilot.press("pageup", "pageup")
        assert highlighted(app) == "model-0"


async def test_escape_picks_nothing() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.results == [None]


async def test_a_name_in_no_list_is_used_as_it_is() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await typed(pilot, "gpt-9")
        assert app.lines()[1] == '   Use "gpt-9" as it is'
        await pilot.press("enter")
        assert app.results == [(PickedModel("gpt-9"),)]


async def test_a_click_picks() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.click(ModelList, offset=(8, 0))  # a heading: nothing, and the filter keeps on
        await typed(pilot, "4")
        await pilot.click(ModelList, offset=(8, 1))
        assert app.results == [(PickedModel("gpt-4o", ModelRef("openai", "gpt-4o")),)]


async def test_a_click_beside_it_closes() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.click(offset=(0, 0))
        assert app.results == [None]


async def test_context_and_prices_stand_in_columns() -> None:
    app = PickerApp()
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        lines = app.lines()
        assert lines[0] == " Quick                       context    in/M   out/M"
        assert lines[1] == "   gpt-4o                       128k   $2.50  $10.00"
        assert lines[2] == " ✓ gpt-4o-mini"


async def test_a_long_name_loses_its_beginning() -> None:
    name = "openrouter/anthropic-something/claude-sonnet-4-mini:free"
    app = PickerApp([option(name, facts=GPT_4O)])
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        (line,) = (line for line in app.lines() if "mini:free" in line)
        assert line.startswith("   …")
        assert line.endswith("-mini:free    128k   $2.50  $10.00")


async def test_lists_that_arrive_leave_filter_and_highlight_alone() -> None:
    app = PickerApp(OPTIONS, ["asking openrouter…"])
    async with app.run_test() as pilot:
        await typed(pilot, "o")
        await pilot.press("down", "down")
        before = highlighted(app)
        app.picker.update_options(
            [option("o1"), option("o3"), *OPTIONS], ["ollama: refused [b]\x1b"]
        )
        assert highlighted(app) == before
        assert app.picker.query_one(Input).value == "o"
        assert "   o3" in app.lines()
        assert str(app.picker.query_one(Static).content) == "ollama: refused [b]␛"


async def test_no_models_known() -> None:
    app = PickerApp([])
    async with app.run_test() as pilot:
        await pilot.press("enter", "down")
        assert app.results == []
        await typed(pilot, "m")
        await pilot.press("enter")
        assert app.results == [(PickedModel("m"),)]


async def test_tab_marks_several_whatever_the_filter() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await typed(pilot, "llam")
        await pilot.press("tab", "ctrl+u")
        await typed(pilot, "gpt-4.1")
        await pilot.press("tab", "ctrl+u")
        await pilot.pause()
        assert sum("●" in line for line in app.lines()) == 3  # llama stands there twice
        box = app.picker.query_one(DialogBox)
        assert "Enter compares 2" in str(box.border_subtitle)
        await pilot.press("enter")
        (picked,) = app.results
        assert picked is not None
        assert [one.name for one in picked] == ["ollama/llama3.2", "gpt-4.1"]


async def test_tab_again_takes_the_mark_away() -> None:
    app = PickerApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("tab", "up", "tab")
        assert not any("●" in line for line in app.lines())


async def test_no_more_are_marked_than_can_be_compared() -> None:
    app = PickerApp([option(f"model-{number}") for number in range(9)])
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*["tab"] * 6, "enter")
        (picked,) = app.results
        assert picked is not None
        assert len(picked) == MOST_COMPARED
