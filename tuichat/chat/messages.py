"""What the program says in words: one plain sentence for every situation, and what to do next."""

from __future__ import annotations

from ..wire import LIST, WHO, Stage

QUOTED_CHARACTERS = 200


def quoted(text: str) -> str:
    """Return somebody else's words as they go between quotation marks: without any to end them."""
    return text.replace("“", '"').replace("”", '"')


def odd(request: str, text: str) -> str:
    """Tell that a request was answered with something that answers nothing."""
    shown = quoted(text[:QUOTED_CHARACTERS])
    return (ODD if text else ODD_EMPTY).format(request=request, text=shown)


def silent(request: str, seconds: float) -> str:
    """Tell that a request was not answered."""
    own = {LIST: SILENT_LIST, WHO: SILENT_WHO}
    return own.get(request, SILENT).format(request=request, seconds=seconds)


def hung_up(address: str, understood: bool, for_ever: bool) -> str:
    """Tell what can be done after the server has hung up; `for_ever` if it does so each time."""
    sentence = HUNG_UP_TWICE if understood else UNKNOWN_HUNG_UP
    return sentence.format(address=address) if for_ever else LOST_NEXT


def foreign(address: str, protocol: str, text: str) -> str:
    """Tell that a server is of another kind, and what it said."""
    speaks = f"speaks {protocol}" if protocol else "speaks another protocol"
    shown = quoted(text[:QUOTED_CHARACTERS])
    said = f" It said: “{shown}”." if shown.strip() and "<U+" not in shown else ""
    return FOREIGN.format(address=address, speaks=speaks, said=said)


def joined_new(room: str, nearest: str) -> str:
    """Tell that a room is new, and which there is that has a similar name."""
    hint = f" Did you mean {nearest}?" if nearest else ""
    return JOINED_NEW.format(room=room, hint=hint)


def not_sent(word: str, meant: str) -> str:
    """Tell why what looks like a command was not sent; `meant` is the nearest one, or ""."""
    elsewhere = ELSEWHERE.get(word.lower())
    if elsewhere:
        return KNOWN_ELSEWHERE.format(word=word, sentence=elsewhere)
    if word == meant:  # right as it is, but for the blank before it
        return SLIPPED.format(word=word)
    return MEANT.format(word=word, meant=meant) if meant else UNKNOWN.format(word=word)


def leaving_waits(count: int) -> str:
    """Tell that leaving waits for so many messages."""
    messages = "message is" if count == 1 else "messages are"
    return LEAVING_WAITS.format(count=count, messages=messages)


def log_lost(path: str, count: int, reason: str) -> str:
    """Tell that so many lines could not be written to the log."""
    lines = "1 line" if count == 1 else f"{count} lines"
    return LOG_LOST.format(path=path, lines=lines, reason=reason)


def taken_back(count: int) -> str:
    """Tell that so many messages were taken back before they were sent."""
    return "Taken back" + (f", {count} messages in one line" if count > 1 else "") + "; not sent."


ASK_SERVER = (
    "Which server? Type HOST, or HOST:PORT if its port is not 5220, such as localhost:41400."
)
NO_SERVER_YET = "To see how it works without a server, /logout here and run: tuichat --demo"

CONNECTED = "Connected to {address}. Asking for the rooms…"
CONNECTED_JOINING = "Connected to {address}. Entering {room}…"
GAVE_UP = "Gave up connecting to {address}."
TRY_AGAIN = "Enter tries again, /server HOST[:PORT] goes elsewhere, /logout leaves."

LOBBY = "This is the lobby: /list shows the rooms, /join ROOM enters one or makes a new one."
PICK_BY_NAME = "Type the name of a room."
PICK = "Arrows and Enter pick one; typing narrows them."
NO_ROOMS = "There are no rooms yet. Type a name to make the first one."
ROOMS_UNCLEAR = (
    "The server announced {announced} and sent this: “{raw}”. "
    "Where one name ends cannot be told for sure; you can type the name you want."
)
JOIN_REFUSED = (
    "The server takes “{room}” for badly formed: one word of letters and digits works. Try again."
)
PLACE = "#{room} on {address}"
JOINED = "You are entering {room}. Which nick do you want? Esc goes back to the rooms."
JOINED_NEW = "{room} is a new room. Esc goes back.{hint} Which nick do you want?"
LIST_STOPPED = "Stopped listing. Type a room's name; /list asks again."
IN_ROOM_ALREADY = "You are in {room} already, as {nick}."
NAMED = "You are in {room} as {nick}. What you type goes to everyone; /help helps, /logout leaves."
NICK_REFUSED = (
    "The server takes “{nick}” for badly formed: one word of letters and digits works. Try again."
)
NICK_TAKEN = "Somebody in {room} is called “{nick}” already. Choose another nick."
GHOST = (
    "“{nick}” is still taken, most likely by your own lost connection. Trying again until it "
    "is free; or type another nick."
)

BLANK = {
    Stage.LOBBY: "Type a room's name, then Enter.",
    Stage.NAMING: "Type a nick, then Enter.",
    Stage.ROOM: "A blank line is not sent: servers take it for a logout.",
}
UNKNOWN = (
    "{word} is no command, so it was not sent. /help lists them; //… sends a text that begins "
    "with a slash."
)
KNOWN_ELSEWHERE = "{word} is not a command here, so it was not sent. {sentence}"
MEANT = "{word} is no command, so it was not sent. Did you mean {meant}?"
SLIPPED = (
    "There is a blank before {word}, so it was not sent. Without the blank it is a command; "
    "//… sends a text that begins with a slash."
)
NOT_HERE = "{name} can be used {where}."
WHERE = {
    "/list": "in the lobby only; /lobby goes there",
    "/join": "once you have typed a server",
    "/lobby": "once you have typed a server",
    "/nick": "once you have chosen a room",
    "/who": "in a room only",
}
# Commands that people know from elsewhere: what does that here.
ELSEWHERE = {
    word: sentence
    for words, sentence in (
        ("/exit /q /bye /disconnect", "/logout leaves."),
        ("/part /leave /close", "/lobby goes back to the rooms, /logout leaves."),
        ("/names /users /whois /w", "/who shows who is here."),
        ("/rooms /channels", "/list shows the rooms in the lobby; /lobby goes there."),
        ("/connect /open", "/server HOST[:PORT] goes to another server."),
        ("/j /enter", "/join ROOM goes to a room."),
        ("/name /rename", "/nick NAME chooses a nick."),
        ("/say", "Type it without a command: it goes to everyone."),
        ("/me /action /describe", "Type what you do as a message; your nick is shown before it."),
        ("/msg /query /tell /whisper", "There are no private messages: all goes to the room."),
        ("/topic", "Rooms have no topic."),
        ("/mode /kick /ban /op /invite", "Rooms have no operators."),
        ("/away /back /ignore", "This protocol has nothing like it."),
        ("/window /win /buffer", "There is one room at a time: /join ROOM goes to another."),
        ("/set /alias /bind", "Settings are in a file: tuichat --help names it."),
    )
    for word in words.split()
}
NEEDS = "{name} needs {argument} after it."
BAD_NAME = "“{name}” holds a character that cannot be seen. Choose a name without it."
LONG_NAME = "That name has {size} bytes; the protocol allows {limit}. Choose a shorter one."
ASKED_ALREADY = "Already asked; the answer is on its way."
CONNECTING = "Still connecting. Ctrl-C gives up."

ODD = (
    "The server answered {request} with “{text}”, which is neither yes nor no. Try again, or "
    "/reconnect."
)
ODD_EMPTY = "The server answered {request} with nothing at all. Try again, or /reconnect."
SILENT = (
    "No answer to {request} for {seconds:.0f} s. Wait or ask again; /lobby goes back to the rooms, "
    "/reconnect connects anew."
)
SILENT_LIST = (
    "No answer to /list. This may not be a chat server: /server HOST:PORT tries another port. "
    "Or wait, /list again, or type a room's name."
)
FOREIGN = (
    "{address} is not a chat server of this kind: it {speaks}.{said} "
    "/server HOST:PORT tries another port or computer."
)
UNKNOWN_HUNG_UP = (
    "{address} hung up twice without an answer. It may speak another protocol: /server HOST:PORT "
    "tries another port or computer, Enter the same one again."
)
HUNG_UP_TWICE = (
    "{address} has let you in and hung up twice, so it is not tried again by itself. /lobby shows "
    "the rooms, Enter tries again, /server goes elsewhere."
)
LATE = {
    "1": (
        "The server answered “1” (not understood) although you are in {room}: your messages may "
        "not reach anybody. /reconnect enters again, /lobby goes back to the rooms."
    ),
    "2": (
        "The server answered “2” (nick taken) although it let you in as {nick}: your messages may "
        "not reach anybody. /reconnect enters again, /lobby goes back to the rooms."
    ),
}
SILENT_WHO = "The server did not say who is here. /who asks again."
MORE_WAITING = "{count} more before these; Ctrl-C takes all back"
UNSENT = "Not sent: {text}"
UNSENT_MORE = "And {count} more. Ctrl-Y brings all of them into the line."
LEAVING = "Leaving…"
LEAVING_WAITS = "Leaving as soon as {count} waiting {messages} sent. Ctrl-C leaves now."
LEAVE_AGAIN = "There is text in the line. Press {key} once more to leave without sending it."
HOW_TO_LEAVE = "The line is empty. To leave: F10, Ctrl-Q or /logout."
LINE_CLEARED = "Cleared. Ctrl-C again brings it back."

LOST = "Connection lost. {reason}"
LOST_NEXT = (
    "What was said stays here, and your line is kept. Enter connects now, /server goes "
    "elsewhere, /logout leaves."
)

COUNT_HERE = "{count} here as of {minute}: {names}"
SCREEN_CLEARED = "Cleared. PgUp shows what was said before."
NOTHING_UNREAD = "Everything is read."
BELL = {
    "off": "The bell is off.",
    "mention": "The bell rings when you are mentioned.",
    "all": "The bell rings for every message.",
}
BELL_USAGE = "Type /bell off, /bell mention or /bell all. It is: {bell}."
LOG_ON = "Writing what is said to {path} from now on. /log alone stops."
LOG_OFF = "Not writing a log any more."
LOG_NONE = "No log is being written. /log FILE begins one."
LOG_FAILED = "No log is written to {path}: {reason}. /log FILE tries again."
LOG_WAITS = "The log {path} cannot be written: {reason}. What is said is kept, and tried again."
LOG_LOST = "The log {path} could not be written to the end: {reason}. It lacks {lines}."
NOT_GRANTED = (
    "Nothing more was sent: the room or nick was refused. Start again with another."
)
FOR_THE_SCREEN = "{name} is for the full screen."
CANNOT_PRINT = "tuichat: the output cannot be written: {reason}."
CANNOT_SUSPEND = "This system cannot suspend a program."

SHIFT_SELECTS = "The mouse scrolls here. Hold Shift to select text."
DROPPED = "Dropped. Ctrl-Y brings it back into the line."
NO_ROOM = "Not in a room, so nothing was sent. The text is in the line."
REJOINING = "Entering {room} again; your line is kept. /nick NAME takes another nick."
TAKES_NOTHING = "{name} takes nothing after it, so this was not sent. /{line} sends it as it is."
NOT_SAVED = "The server and the nick could not be noted for the next time: {reason}."
