"""Finding messages: what the index finds is what reading every message would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.chats import MINUTE, NOON, chat, found, keep, reply, said
from tui.core.message import Attachment, Status
from tui.core.query import Field, parse_query
from tui.core.words import _FOLDING, folded
from tui.store import narrowing, search
from tui.store.database import IN_MEMORY
from tui.store.library import Library
from tui.store.search import BEGINNING, TITLES_AT_ONCE, Place


class TestWhatIsFound:
    def test_a_hit_says_where_it_is(self, library: Library) -> None:
        conversation, (_, answer) = keep(
            library, "Why?", "Because of\nthe moon.", title="High tide"
        )
        (hit,) = library.search(parse_query("MOON"), limit=10)
        assert (hit.conversation, hit.message, hit.title) == (
            conversation.id,
            answer.id,
            "High tide",
        )
        assert (hit.role, hit.created) == (answer.role, answer.created)
        assert (hit.snippet, hit.ranges) == ("Because of the moon.", ((15, 19),))
        assert [answer.text[start:end] for start, end in hit.spans] == ["moon"]

    def test_every_branch_newest_first(self, library: Library) -> None:
        _, (question, first, second) = keep(library, "ebb?", "An ebb.", "Another ebb.")
        assert found(library, "ebb") == [second.id, first.id, question.id]

    def test_more_go_on_where_the_last_one_was(self, library: Library) -> None:
        ids = [keep(library, f"ebb {n}")[1][0].id for n in range(7)]
        query = parse_query("ebb")
        place: Place | None = BEGINNING
        pages = []
        while place is not None:
            page = library.search_page(query, 3, place, None)
            pages.append([hit.message for hit in page.hits])
            place = page.further
        assert pages == [ids[:3:-1], ids[3:0:-1], ids[:1]]
        assert library.search(query, limit=0) == []

    def test_chats_by_their_titles(self, library: Library) -> None:
        conversation, (question, _, last) = keep(
            library, "Why?", "So.", "Or so.", title="Ébb, Tide"
        )
        for typed in ("ebb", "EBB tid", '"ebb, tide"', "tide before:2027", "ebb -flood"):
            (hit,) = library.search(parse_query(typed), limit=10)
            assert (hit.conversation, hit.message, hit.title) == (
                *(conversation.id, last.id),  # where it was left
                "Ébb, Tide",
            )
            assert hit.in_title
            assert hit.spans == ()
        # What asks for messages of a kind is no title's to answer.
        for typed in ("ebb role:assistant", "ebb in:this", "ebb -tide", "ebb after:2027"):
            assert found(library, typed, here=conversation.id) == []
        _, (said,) = keep(library, "ebb?", title="Sea")
        assert found(library, "ebb") == [last.id, said.id]
        library.delete(conversation.id, NOON)
        assert found(library, "ebb") == [said.id]
        library.change(question.conversation, title="Sun")
        library.restore(conversation.id)
        assert found(library, "ebb") == [said.id]

    def test_a_chat_found_by_its_title_shows_nothing_that_was_excluded(
        self, library: Library
    ) -> None:
        keep(library, "Why?", "Of the full moon, ebb and flood.", title="Tides")
        for typed in ("tides -moon", 'tides -"full moon"', "tides -flood -sun"):
            assert found(library, typed) == []
        for typed in ("tides -sun", 'tides -"moon full"', "tides"):
            assert len(found(library, typed)) == 1

    def test_a_message_found_with_its_title_is_there_once(self, library: Library) -> None:
        _, (_, last) = keep(library, "Why?", "The tide.", title="Tide")
        (hit,) = library.search(parse_query("tide"), limit=10)
        assert (hit.message, hit.spans, hit.in_title) == (last.id, ((4, 8),), ((0, 4),))

    def test_many_titles_come_a_page_at_a_time(self, library: Library) -> None:
        made = {keep(library, "?", title=f"Tide {n}")[0].id for n in range(TITLES_AT_ONCE * 2 + 1)}
        hits = library.search(parse_query("tide"), limit=500)
        assert {hit.conversation for hit in hits} == made
        assert len(hits) == len(made)

    def test_nothing_is_asked_for(self, library: Library) -> None:
        keep(library, "tide")
        assert found(library, '""') == []

    def test_deleted_chats_are_not_found_until_they_are_back(self, library: Library) -> None:
        conversation, (message,) = keep(library, "tide")
        library.delete(conversation.id, NOON)
        assert found(library, "tide") == []
        library.restore(conversation.id)
        assert found(library, "tide") == [message.id]

    def test_what_the_trash_held_leaves_the_index(self, library: Library) -> None:
        conversation, _ = keep(library, "tide")
        library.delete(conversation.id, NOON)
        assert library.empty_trash(NOON + MINUTE) == 1
        with library._database.reading() as connection:
            assert connection.execute(
                "SELECT rowid FROM message_words WHERE message_words MATCH 'tide'"
            ).fetchall() == []  # fmt: skip
        keep(library, "moon")  # takes the number of the one that went
        assert found(library, "tide") == []
        assert library.check() == []

    def test_what_comes_from_another_library_is_found(self, library: Library) -> None:
        other = Library(IN_MEMORY)
        conversation, _ = keep(other, "tide", "The moon.")
        library.copies.put([other.copies.take(conversation.id)])
        assert len(found(library, "moon")) == 1
        assert library.check() == []
        other.close()


class TestALittleAtATime:
    """What one call does is bounded, for whoever shares the library waits for it."""

    def pages(self, library: Library, typed: str) -> list[list[str]]:
        """The texts of the hits of each page."""
        query, pages = parse_query(typed), []
        place: Place | None = BEGINNING
        while place is not None:
            page = library.search_page(query, 100, place, None)
            texts = {one.id: one.text for one in library.messages([h.message for h in page.hits])}
            pages.append([texts[hit.message] for hit in page.hits])
            place = page.further
        return pages

    @pytest.mark.parametrize("title", ["About", "The tide"])
    def test_a_page_of_long_messages_has_few(self, library: Library, title: str) -> None:
        texts = [f"tïde {number} " + "é" * 300_000 for number in range(6)]
        for text in texts:
            keep(library, text, title=title)
        pages = self.pages(library, "tide")
        assert len(pages) >= 3
        assert max(map(len, pages)) <= 2
        assert {text for page in pages for text in page} == set(texts)

    @pytest.mark.parametrize(
        "typed",
        ["before:2026-03-10", "after:2026-03-05", "after:2026-03-05 before:2026-03-10",
         "before:2026-03-10 tide", "after:2026-03-10 before:2026-03-05", "before:2026-02-01",
         "before:2026-03-10 tag:sea", "after:2026-03-03 before:2026-03-04 tide"],
    )  # fmt: skip
    def test_messages_of_a_time_are_found_wherever_they_are(
        self, library: Library, typed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("FEW", "LATER", "LOOKED_THROUGH"):
            monkeypatch.setattr(narrowing, name, 3)
        monkeypatch.setattr(search, "EFFORT", 4)
        conversation = replace(chat("About"), tags=("sea",))
        days = [date(2026, 3, 1 + number * 7 % 20) for number in range(30)]  # in no order
        days += [date(2026, 3, 8)] * 10  # many of one moment
        days += [date(1960, 1, 1)]  # an import may say so
        messages = [
            said(conversation, f"tide {day}", at=datetime.combine(day, time(12)).astimezone(UTC))
            for day in days
        ]
        library.begin_turn(messages, conversation)
        found = [text for page in self.pages(library, typed) for text in page]
        low, high = (
            next((one.value for one in parse_query(typed).filters if one.field is field), other)
            for field, other in ((Field.AFTER, "0000"), (Field.BEFORE, "9999"))
        )
        assert found == [f"tide {day}" for day in reversed(days) if low <= str(day) < high]

    def test_what_narrows_a_search_is_read_once(self, library: Library) -> None:
        conversation = replace(chat("About"), tags=("sea",))
        messages = [said(conversation, f"tide {number}") for number in range(9)]
        library.begin_turn(messages, conversation)
        asked: list[str] = []
        library._database._connection.set_trace_callback(asked.append)
        query, hits = parse_query("tag:sea before:2027 ti"), []
        place: Place | None = BEGINNING
        while place is not None:
            page = library.search_page(query, 2, place, None)
            hits += page.hits
            place = page.further
        assert len(hits) == 9
        assert sum("SELECT conversation, tag FROM tags" in one for one in asked) == 1
        assert sum("messages_created" in one for one in asked) <= 2


class TestReplies:
    def test_is_found_once_it_has_ended(self, library: Library) -> None:
        conversation = chat()
        question = said(conversation, "Why?")
        answer = reply(question)
        library.begin_turn([question, answer], conversation)
        library.flush(answer.id, "The moon", "")
        assert found(library, "moon") == []
        library.finish(replace(answer, text="The moon.", status=Status.STOPPED))
        assert found(library, "moon") == [answer.id]
        assert library.check() == []

    def test_an_interrupted_one_is_found_and_one_that_goes_on_is_not(self, path: Path) -> None:
        conversation = chat()
        question = said(conversation, "Why?")
        answer = reply(question)
        library = Library(path)
        library.begin_turn([question, answer], conversation)
        library.flush(answer.id, "The moon", "")
        library.close()
        library = Library(path)
        assert found(library, "moon") == [answer.id]
        library.flush(answer.id, "The sun", "")
        assert (found(library, "moon"), found(library, "sun")) == ([], [])
        library.finish(replace(answer, text="The stars", status=Status.COMPLETE))
        assert (found(library, "sun"), found(library, "stars")) == ([], [answer.id])
        assert library.check() == []
        library.close()

    def test_a_refused_change_leaves_the_index_alone(self, library: Library) -> None:
        _, (_, answer) = keep(library, "Why?", "The moon.")
        with pytest.raises(ValueError, match="complete already"):
            library.flush(answer.id, "The sun.", "")
        with pytest.raises(ValueError, match="complete already"):
            library.finish(replace(answer, text="The sun."))
        assert found(library, "moon") == [answer.id]
        assert library.check() == []


class TestFilters:
    @pytest.fixture
    def ids(self, library: Library) -> dict[str, str]:
        """Messages with the word `tide`, by a name for each."""
        plain = chat("Plain")
        asked = said(plain, "tide asked")
        mini = replace(
            reply(asked, "tide mini", Status.STOPPED, NOON + 3 * 24 * 60 * MINUTE),
            model="gpt-4o-mini",
            endpoint="openai",
        )
        local = replace(reply(asked, "tide local ```x```", Status.COMPLETE), model="llama3.2",
                        endpoint="ollama")  # fmt: skip
        library.begin_turn([asked, mini, local], plain)
        kept = replace(
            chat("Kept"), pinned=True, archived=True, tags=("Sea", "my work", "Caf\u00e9")
        )
        seen = replace(
            said(kept, "tide seen"), attachments=(Attachment("sea.png", "image/png", 10),)
        )
        library.begin_turn([seen], kept)
        return {"asked": asked.id, "mini": mini.id, "local": local.id, "seen": seen.id}

    @pytest.mark.parametrize(
        ("typed", "names"),
        [
            ("role:user", ["asked", "seen"]),
            ("-role:user", ["mini", "local"]),
            ("model:gpt-4o", ["mini"]),
            ("model:ollama/llama", ["local"]),
            ("-model:gpt-4o", ["asked", "local", "seen"]),
            ("status:stopped", ["mini"]),
            ("is:pinned", ["seen"]),
            ("-is:archived", ["asked", "mini", "local"]),
            ("tag:sea", ["seen"]),
            *((f"tag:{typed}", ["seen"]) for typed in ("cafe", "CAFÉ", "cafe\u0301")),
            ('tag:"my   work"', ["seen"]),
            ('tag:"MY WORK"', ["seen"]),
            ("has:code", ["local"]),
            ("has:image", ["seen"]),
            ("before:2026-03-03", ["asked", "local", "seen"]),
            ("after:2026-03-03", ["mini"]),
            ("role:user role:assistant", []),
            ("in:this", ["seen"]),
            ("-in:this -role:user", ["mini", "local"]),
        ],
    )
    def test_with_and_without_words(
        self, library: Library, ids: dict[str, str], typed: str, names: list[str]
    ) -> None:
        here = library.latest()
        archived = library.conversations(archived=True)
        assert here is not None
        for query in (typed, f"tide {typed}"):
            assert set(found(library, query, here=archived[0].id)) == {ids[name] for name in names}

    def test_in_this_is_nowhere_without_a_chat(self, library: Library, ids: dict[str, str]) -> None:
        assert found(library, "tide in:this") == []


TEXTS = st.text(
    st.sampled_from("aAbcéＡ_. -+#(\n\0\"'潮汐は조석ー・١ß🌊\u0301")
    | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)
QUERIES = st.lists(TEXTS, min_size=1, max_size=3).map(" ".join)


@given(st.lists(TEXTS, min_size=1, max_size=8), QUERIES | TEXTS, st.booleans())
@settings(max_examples=400)
def test_the_index_finds_what_a_scan_finds(texts: list[str], typed: str, quoted: bool) -> None:
    library = Library(IN_MEMORY)
    _, messages = keep(library, *texts, title="")
    query = parse_query(f'"{typed}"' if quoted else typed)
    assert [hit.message for hit in library.search(query, limit=100)] == [
        message.id
        for message in reversed(messages)
        if not query.empty and not query.filters and query.matches(message.text)
    ]
    assert library.check() == []
    library.close()


@given(st.lists(TEXTS | st.just("A Longer Run of ASCII")))
def test_folded_in_pieces_is_folded_as_a_whole(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert folded(text) == text.translate(_FOLDING)


@given(TEXTS, st.data())
def test_any_piece_of_a_message_finds_it(text: str, data: st.DataObject) -> None:
    """By the words it begins with: what was cut out of one is quoted in vain."""
    pieces = [piece for piece in text.split() if piece.strip('"-*') == piece and ":" not in piece]
    piece = data.draw(st.sampled_from(pieces or ["x"]))
    library = Library(IN_MEMORY)
    keep(library, text if pieces else "x", title="")
    assert len(found(library, piece)) == 1
    library.close()


@pytest.mark.parametrize(
    "typed",
    [
        *("a " * 500, "a-" * 500, '"' * 999, "-a " * 300, "a" * 100_000, "(" * 5000, "潮" * 5000),
        *("\0", "NEAR(a b)", "a AND OR NOT", "*", "a*b*", "^a", "{a b}: c", "a:b", "-", "--"),
        *('"unclosed', "model:", "model: a", "tag:", 'tag:"', "before:", "is:pinned is:pinned"),
        "\ud800",
    ],
)  # fmt: skip
def test_nothing_that_can_be_typed_is_an_error(library: Library, typed: str) -> None:
    keep(library, "a b")
    library.search(parse_query(typed), limit=10)


TYPED = st.lists(
    st.sampled_from(["role:", "is:pinned", "tag:", '"', "-", "(", "*", " ", "\0", "\ud800", "潮"])
    | st.text(st.characters(exclude_categories=()), max_size=20)
).map("".join)


@given(st.lists(TYPED, min_size=1, max_size=20), st.booleans())
def test_any_text_is_looked_for(texts: list[str], typing: bool) -> None:
    library = Library(IN_MEMORY)
    keep(library, texts[0], title=texts[-1])
    for typed in texts:
        for hit in library.search(parse_query(typed, typing=typing), limit=10):
            assert all(hit.snippet[start:end] for start, end in hit.ranges)
            assert all(hit.title[start:end] for start, end in hit.in_title)
    library.close()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("C++", "in C++17"),
        ("C#", "a C# class"),
        (".NET", "on .NET 8"),
        ("foo_bar(", "x = foo_bar(1)"),
        ("a.b.c", "call a.b.c now"),
        ("#123", "fixes #123"),
        ("用python写", "我用Python写的"),
        ("cafe\u0301", "a café"),
        ("🌊", "waves 🌊🌊"),
        ("👩‍💻", "a 👩‍💻 works"),
    ],
)
def test_it_is_found_as_it_stands(library: Library, typed: str, text: str) -> None:
    _, (message,) = keep(library, text)
    keep(library, "in C class NET 8 foo bar a b c 123 caf 我写")
    assert found(library, typed) == [message.id]
