"""The demo: a server inside the program, and rooms with people in them who talk and who answer.

A newcomer to a room is shown everything within a minute: a greeting, a mention, a long line, wide
characters, people who leave and come back, and an answer to whatever is said. People talk only
while somebody is there to hear it, and stop after a while, so that an idle demo does nothing.

To see what happens when a nick is taken, enter `general` as `alice`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from itertools import cycle
from math import inf
from time import monotonic

from ..wire import JOIN, LOGOUT, NICK, Stage
from .rooms import Mail, User
from .server import Server

FRAMING = "lf"
"""Lines; the client is told so, and need not find out."""
GAP_S = 0.02
FIRST_LINE_S = 1.0
TOUR_S = 3.5
CHATTER_S = 25.0
ANSWER_S = 1.2
"""Pauses in seconds: those of the server; before the first line for a newcomer; between the lines
of the tour; between those of the small talk after it; before an answer."""

Line = tuple[str, str]
"""Who, and what: a text, or `LOGOUT` to leave, or `JOIN` to come back."""

GENERAL: tuple[Line, ...] = (
    ("alice", "Hello {nick}, good to see you! Say something, one of us will answer."),
    ("bob", "{nick}: a line with your name in it stands out, like this one."),
    ("carol", "Tea time! Watch me go, and bob too."),
    ("carol", LOGOUT),
    ("bob", LOGOUT),
    ("bob", JOIN),
    ("carol", JOIN),
    ("carol", "Back. All that coming and going is one line above. And tea is お茶, by the way."),
    (
        "bob",
        "Here is a long line. A message may hold 1024 bytes, which is more than most terminals are "
        "wide. So it wraps under its own text, and the names keep a column of their own. Make the "
        "window smaller and it wraps again. If you type more than 1024 bytes yourself, you see "
        "where it will be split.",
    ),
    ("alice", "Looking for something? Press F3 and type tea. Esc brings you back here."),
    ("bob", "PgUp scrolls back. Nothing moves while you read; new lines are counted below."),
    ("carol", "Type the first letters of my name and press Tab."),
    ("alice", "{nick}: there is another room. Type /join python, and /join general to come back."),
    ("bob", "F1 has every key and command. F10 leaves, but do stay a while."),
)
PYTHON: tuple[Line, ...] = (
    ("dana", "Hello {nick}! Careful with sudden movements, erik is refactoring."),
    ("erik", "I deleted forty lines today, and nobody noticed. My best day in weeks."),
    ("dana", "{nick}: ask him anything. End with a question mark, he cannot resist."),
    ("erik", "TCP is a stream: it keeps the bytes in order and forgets where you paused."),
    ("dana", "As when you talk about parsers."),
    ("erik", LOGOUT),
    ("dana", "He has gone to read the documentation. It is how he sulks."),
    ("erik", JOIN),
    ("erik", "It says: one recv is not one message. I feel better now."),
    ("dana", "F1, {nick}, if you prefer documentation that fits a screen."),
)
RANDOM: tuple[Line, ...] = (
    ("fay", "{nick}! At last. We need somebody to judge: is a hot dog a sandwich?"),
    ("gus", "It is a taco. The bread is hinged."),
    ("fay", "By that reasoning a book is a taco."),
    ("gus", "Only a good one."),
    ("fay", "Coin toss, then: 🪙"),
    ("gus", LOGOUT),
    ("fay", "He always leaves when the coin is in the air."),
    ("gus", JOIN),
    ("gus", "Did it land?"),
    ("fay", "{nick} was watching. Well?"),
)
CHATTER: tuple[str, ...] = (
    "It is quiet. I like it when it is quiet.",
    "A client walks into a room. Everybody gets a notice.",
    "{nick}: still with us? PgUp, if you want to read what you missed.",
    "I had a message for you, but it was longer than 1024 bytes.",
    "Somebody should do the dishes.",
)
TOURS = {"general": GENERAL, "python": PYTHON, "random": RANDOM}

# The first row with a word that was said gives the answer.
ANSWERS: tuple[tuple[str, str], ...] = (
    ("thanks thank thx ty cheers danke", "{nick}: you are welcome."),
    ("search find", "{nick}: press F3 and type. Up finds older lines, Esc takes you back."),
    ("scroll missed", "{nick}: PgUp scrolls back, Esc returns to the last line."),
    ("copy link select", "{nick}: Alt-L shows the text without columns, to select and copy."),
    ("log save", "{nick}: /log FILE writes what is said to a file."),
    ("undo mistake oops", "{nick}: Ctrl-_ undoes. Up brings back what you sent."),
    ("bye goodbye quit exit leave logout", "{nick}: F10 leaves, or type /logout."),
    ("nick rename", "{nick}: /nick NAME changes your name."),
    ("room rooms join python random", "{nick}: /join python takes you there; /lobby lists rooms."),
    ("who", "{nick}: press F2 to see who is here. I am, for one."),
    ("help key keys command commands", "{nick}: F1 has every key and every command."),
    ("hello hi hey hallo moin morning", "Hello {nick}! I am {me}. Ask me how to search, or leave."),
    ("bot robot human", "{nick}: I am part of the demo. I only know a few answers."),
    ("sandwich taco", "{nick}: we need that in writing."),
)
TO_QUESTIONS = (
    "{nick}: good question. Try F1, it has every key and command.",
    "{nick}: I only know about this program. Ask me how to search, say.",
)
TO_ANYTHING = (
    "{nick}: well said.",
    "{nick}: I see. Up brings your last line back, if you want to change it.",
    "{nick}: go on, I am listening. F1 if you are lost.",
)

JOINED = re.compile(r"(\S+) has joined the room\. *")
LEFT = re.compile(r"(\S+) has (?:left the room|been disconnected)\.")


class Person(User):
    """One of the demo's people, in the server without a connection; remembers what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def post(self, mail: Mail) -> None:
        """Hear what is said."""
        self.heard += mail.texts


class Circle:
    """The people of one room and what they are going to say.

    `say(person, text)` is how they talk. The first one of the tour is the host, who never leaves.
    """

    def __init__(self, room: str, tour: tuple[Line, ...], say: Callable[[User, str], None]) -> None:
        self._room = room
        self._tour = tour
        self._say = say
        self._people: dict[str, Person] = {}
        self._visitors: list[str] = []
        self._line = 0
        self._line_due = inf
        self._answer: Line = ("", "")
        self._answer_due = inf
        self._to_questions = cycle(TO_QUESTIONS)
        self._to_anything = cycle(TO_ANYTHING)
        self._turn = cycle(dict.fromkeys(name for name, _ in tour))
        self._host = tour[0][0]
        self._gather()

    def next_due(self) -> float:
        """Return when somebody is going to speak (monotonic seconds): `inf` if nobody is."""
        return min(self._line_due, self._answer_due)

    def act(self, now: float) -> None:
        """Take in what was heard, and say what is due."""
        heard = self._people[self._host].heard
        for person in self._people.values():
            person.heard = []
        for text in heard:
            self._hear(text, now)
        if self._answer_due <= now:
            self._answer_due = inf
            self._perform(*self._answer)
        if self._line_due <= now:
            self._speak(now)

    def _gather(self) -> None:
        for name, _ in self._tour:
            if not self._is_here(name):
                self._perform(name, JOIN)

    def _is_here(self, name: str) -> bool:
        return name in self._people and self._people[name].stage == Stage.ROOM

    def _hear(self, text: str, now: float) -> None:
        speaker, mark, words = text.partition("> ")
        if mark:
            if speaker in self._visitors and self._answer_due == inf:
                self._answer = self._answer_to(speaker, words)
                self._answer_due = now + ANSWER_S
                self._line_due = max(self._line_due, now + 2 * ANSWER_S)
        elif found := JOINED.fullmatch(text):
            self._welcome(found[1], now)
        elif (found := LEFT.fullmatch(text)) and found[1] in self._visitors:
            self._visitors.remove(found[1])
            if not self._visitors:
                self._line_due = self._answer_due = inf

    def _welcome(self, name: str, now: float) -> None:
        if self._is_here(name):  # one of us
            return
        self._visitors.append(name)
        if len(self._visitors) == 1:
            self._gather()
            self._line, self._line_due = 0, now + FIRST_LINE_S
        else:
            self._answer = self._host, f"Hello {name}, good to see you too!"
            self._answer_due = now + FIRST_LINE_S

    def _answer_to(self, speaker: str, words: str) -> Line:
        """Return who answers, and what: the person who was named, else the next in turn."""
        said = set(re.findall(r"\w+", words.lower()))
        here = [name for name in self._people if self._is_here(name)]
        named = [name for name in here if name in said]
        me = named[0] if named else next(name for name in self._turn if name in here)
        apt = (answer for keys, answer in ANSWERS if said.intersection(keys.split()))
        anyhow = self._to_questions if "?" in words else self._to_anything
        answer = next(apt, "") or next(anyhow)
        return me, answer.format(nick=speaker, me=me)

    def _speak(self, now: float) -> None:
        """Go on with the tour, and after it with small talk, until all of it is said."""
        tour, line = len(self._tour), self._line
        if line < tour:
            name, text = self._tour[line]
        else:
            text = CHATTER[line - tour]
            name = next(name for name in self._turn if self._is_here(name))
        self._line += 1
        pause = TOUR_S if self._line < tour else CHATTER_S
        self._line_due = now + pause if self._line < tour + len(CHATTER) else inf
        self._perform(name, text.format(nick=self._visitors[-1]))

    def _perform(self, name: str, text: str) -> None:
        if text == JOIN:
            person = self._people[name] = Person()
            self._say(person, f"{JOIN} {self._room}")
            self._say(person, f"{NICK} {name}")  # if a visitor has the name, it is refused
        elif self._is_here(name):
            self._say(self._people[name], text)


class Demo:
    """A server on a free loopback port, with company, in a thread that ends with the program."""

    def __init__(self) -> None:
        self._server = Server(port=0, framing=FRAMING, gap=GAP_S)
        self._circles = [Circle(room, tour, self._server.say) for room, tour in TOURS.items()]
        self._thread = threading.Thread(target=self._run, name="demo", daemon=True)

    def start(self) -> tuple[str, int]:
        """Open the rooms; return the host and port to connect to."""
        self._thread.start()
        return self._server.address

    def stop(self) -> None:
        """Close the rooms. Not needed for the program to end."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join()

    def _run(self) -> None:
        try:
            while self._server.step(self._rest()):
                pass
        finally:
            self._server.close()

    def _rest(self) -> float:
        """Let everybody act; return for how many seconds nobody has anything to say."""
        now = monotonic()
        for circle in self._circles:
            circle.act(now)
        return max(0.0, min(circle.next_due() for circle in self._circles) - now)
