"""Whatever the order and the split of arrivals: received = displayed + pending."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.protocol_script import Talk
from tuichat.protocol.ending import Ending
from tuichat.protocol.framing import BARE, CRLF, ENDINGS, LF
from tuichat.wire import MESSAGE_BYTES, Stage

ORDER = (Stage.LOBBY, Stage.NAMING, Stage.ROOM, Stage.OUT)

# What servers say. Only a to z are counted: what the sanitiser and the protocol add or remove
# (notation, digits, ends) has none of them, nor has what the user says, which may be echoed.
SAYINGS = st.sampled_from(
    [
        "0", "1", "2", "7", "3", "12", "", " ", "general", "random", "Users in this room:",
        "Users: alice bob", "alice, bob", "alice, bob, ANN", "* carol", "1. dave", "alice bob ANN",
        "bob> hi", "<bob> hi", "bob: hi", "[bob] hi", "ANN> YES", "YES", "ANN: NO", "NO",
        "bob has joined the room.  ", "bob has left the room.", "There are 2 people in the room.",
        "0You have joined a new room.", "2 rooms:", "2 alpha beta", "3generalrandom", "\x1b[2J",
        "x" * 1100, "y" * 5000, "\u0437" * 600,
    ]
)  # fmt: skip


def letters(texts: list[str]) -> Counter[str]:
    return Counter(char for text in texts for char in text if "a" <= char <= "z")


class Machine(RuleBasedStateMachine):
    """Any server, any user, any network, on one clock."""

    @initialize(
        fixed=st.sampled_from([None, None, BARE, LF, CRLF]),
        remembered=st.sampled_from([None, None, BARE, LF, CRLF]),
        stage=st.sampled_from([Stage.LOBBY, Stage.LOBBY, Stage.NAMING, Stage.ROOM]),
    )
    def connect(self, fixed: str | None, remembered: str | None, stage: str) -> None:
        self.talk = Talk(stage, ending=Ending(fixed, remembered))
        self.session = self.talk.session
        self.received = ""
        self.stage = self.session.stage

    @rule(
        says=st.lists(SAYINGS, min_size=1, max_size=5),
        end=st.sampled_from([*ENDINGS.values(), b"\0" * 7]),
        cuts=st.lists(st.integers(0, 200), max_size=4),
        pause=st.sampled_from([0.0, 0.001, 0.05, 0.2]),
    )
    def arrive(self, says: list[str], end: bytes, cuts: list[int], pause: float) -> None:
        """Messages, ended alike, in arrivals that split them anywhere but inside a character."""
        whole = "".join(text + end.decode() for text in says)
        self.received += whole
        edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
        for a, b in zip(edges, edges[1:], strict=False):
            if a < b:
                self.talk.play(whole[a:b].encode(), pause)

    @rule(seconds=st.sampled_from([0.01, 0.03, 0.1, 0.5, 1.0, 3.0, 10.0]))
    def wait(self, seconds: float) -> None:
        self.talk.play(seconds)

    @rule(what=st.sampled_from(["list_rooms", "join", "set_nick", "who", "say", "say"]))
    def ask(self, what: str) -> None:
        session = self.session
        if what == "list_rooms" and self.stage == Stage.LOBBY:
            session.list_rooms()
        elif what == "join" and self.stage == Stage.LOBBY:
            session.join("R")
        elif what == "set_nick" and self.stage == Stage.NAMING:
            session.set_nick("ANN")
        elif what == "who" and self.stage == Stage.ROOM:
            session.who()
        elif what == "say" and self.stage == Stage.ROOM:
            session.say("YES")
            session.say("NO")
        self.talk.pump()

    @rule()
    def logout(self) -> None:
        self.session.logout(self.talk.now)
        self.talk.pump()

    @rule()
    def block(self) -> None:
        """The network takes nothing more, or takes data again."""
        self.talk.stuck = not self.talk.stuck
        self.talk.pump()

    @invariant()
    def there_is_something_to_send_exactly_when_it_is_due(self) -> None:
        due, now = self.session.send_due, self.talk.now
        if due is None:
            assert deepcopy(self.session).send(now + 3600) == (None, [])
        else:
            assert deepcopy(self.session).send(max(due, now)) != (None, [])
        if due is not None and due > now:
            assert deepcopy(self.session).send(now) == (None, [])

    @invariant()
    def stages_never_go_backwards(self) -> None:
        before, self.stage = self.stage, self.session.stage
        assert ORDER.index(before) <= ORDER.index(self.stage)

    @invariant()
    def nothing_is_shown_that_was_not_received(self) -> None:
        assert letters(self.talk.shown) <= letters([self.received])

    @invariant()
    def no_message_is_too_long(self) -> None:
        assert all(len(data) <= MESSAGE_BYTES for data in self.talk.sent)

    def teardown(self) -> None:
        """When all is over, all is shown: the rest was pending."""
        if not hasattr(self, "talk"):
            return
        self.talk.close()
        assert letters(self.talk.shown) == letters([self.received])


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=150, stateful_step_count=20, deadline=None)
