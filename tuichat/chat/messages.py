"""The program's sentences: what happened, and what to do next."""

from __future__ import annotations

from ..wire import LIST, WHO, Stage

QUOTED_CHARACTERS = 200


def quoted(text: str) -> str:
    """Return somebody else's words without curly quotation marks, so that they can be quoted."""
    return text.replace("“", '"').replace("”", '"')


def odd(request: str, text: str) -> str:
    """Report an unexpected answer to a request."""
    shown = quoted(text[:QUOTED_CHARACTERS])
    return (ODD if text else ODD_EMPTY).format(request=request, text=shown)


def silent(request: str, seconds: float) -> str:
    """Report that a request was not answered."""
    own = {LIST: SILENT_LIST, WHO: SILENT_WHO}
    return own.get(request, SILENT).format(request=request, seconds=seconds)


def hung_up(address: str, understood: bool, for_ever: bool) -> str:
    """Report that the server closed the connection; `for_ever` if it does so every time."""
    sentence = HUNG_UP_TWICE if understood else UNKNOWN_HUNG_UP
    return sentence.format(address=address) if for_ever else LOST_NEXT


def foreign(address: str, protocol: str, text: str) -> str:
    """Report that a server speaks another protocol, and what it said."""
    speaks = f"speaks {protocol}" if protocol else "speaks another protocol"
    shown = quoted(text[:QUOTED_CHARACTERS])
    said = f" It said: “{shown}”." if shown.strip() and "<U+" not in shown else ""
    return FOREIGN.format(address=address, speaks=speaks, said=said)


def joined_new(room: str, nearest: str, back: str) -> str:
    """Report that a room is new, and suggest one with a similar name."""
    hint = f" Did you mean {nearest}?" if nearest else ""
    return JOINED_NEW.format(room=room, hint=hint, back=back)


def not_sent(word: str, meant: str) -> str:
    """Explain why an unknown command was not sent; `meant` is the nearest command, or ""."""
    elsewhere = ELSEWHERE.get(word.lower())
    if elsewhere:
        return KNOWN_ELSEWHERE.format(word=word, sentence=elsewhere)
    if word == meant:  # right but for the space before it
        return SLIPPED.format(word=word)
    return MEANT.format(word=word, meant=meant) if meant else UNKNOWN.format(word=word)


def no_help(word: str) -> str:
    """Say that help has nothing about a word, and what to use instead, if there is something."""
    elsewhere = ELSEWHERE.get(f"/{word.lower().lstrip('/')}", NO_HELP_NEXT)
    return NO_HELP.format(word=quoted(word), next=elsewhere)


def leaving_waits(count: int) -> str:
    """Report that `count` messages are sent before leaving."""
    messages = "message is" if count == 1 else "messages are"
    return LEAVING_WAITS.format(count=count, messages=messages)


def log_lost(path: str, count: int, reason: str) -> str:
    """Report that `count` lines could not be written to the log."""
    lines = "1 line" if count == 1 else f"{count} lines"
    return LOG_LOST.format(path=path, lines=lines, reason=reason)


def news(count: int, mentions: int) -> list[str]:
    """Tell how many lines are not read yet and, if any name the user, how many do."""
    named = "1 mention" if mentions == 1 else f"{mentions} mentions"
    return [f"{count} new", *([named] if mentions else [])]


def taken_back(count: int) -> str:
    """Report that `count` messages were taken back before they were sent."""
    return "Taken back" + (f", {count} messages in one line" if count > 1 else "") + ". Not sent."


ASK_SERVER = (
    "Which server? Type HOST, or HOST:PORT if its port is not 5220, such as localhost:41400."
)
NO_SERVER_YET = "To look around without a server, type /quit and start with --demo."

CONNECTED = "Connected to {address}. Listing the rooms…"
CONNECTED_JOINING = "Connected to {address}. Entering {room}…"
GAVE_UP = "Gave up connecting to {address}."
TRY_AGAIN = "Enter tries again, /server HOST[:PORT] goes elsewhere, /logout quits."

LOBBY = "This is the lobby. /list lists the rooms; /join ROOM enters or creates one."
PICK_BY_NAME = "Type the name of a room."
PICK = "Arrow keys and Enter pick one; typing filters."
NO_ROOMS = "There are no rooms yet. Type a name to create the first one."
ROOMS_UNCLEAR = (
    "The server announced {announced} rooms but sent “{raw}”, so it is unclear where each name "
    "ends. Type the name of the room you want."
)
JOIN_REFUSED = "The server rejected “{room}”. Try one word of letters and digits."
PLACE = "#{room} on {address}"
FROM_LOG = "from the log, {day} {month} {year}"
JOINED = "Entering {room}. Which nick do you want? {back} goes back to the rooms."
JOINED_NEW = "{room} is a new room.{hint} Which nick do you want? {back} goes back."
LIST_STOPPED = "Stopped listing. Type the name of a room, or /list to retry."
IN_ROOM_ALREADY = "You are already in {room} as {nick}."
NAMED = "You are in {room} as {nick}. Messages go to everyone here. /help helps, /logout quits."
NICK_REFUSED = "The server rejected “{nick}”. Try one word of letters and digits."
NICK_TAKEN = "“{nick}” is already taken in {room}. Choose another nick."
GHOST = (
    "“{nick}” is still taken, probably by your lost connection. Trying again until it is free. "
    "You can also type another nick."
)

BLANK = {
    Stage.ASK: "Type the name of a server, then Enter.",
    Stage.LOBBY: "Type the name of a room, then Enter.",
    Stage.NAMING: "Type a nick, then Enter.",
    Stage.ROOM: "Blank lines are not sent: servers treat them as /logout.",
}
UNKNOWN = (
    "{word} is not a command, so it was not sent. /help lists the commands. To send text that "
    "starts with a slash, type //."
)
KNOWN_ELSEWHERE = "{word} is not a command here, so it was not sent. {sentence}"
MEANT = "{word} is not a command, so it was not sent. Did you mean {meant}?"
SLIPPED = (
    "There is a space before {word}, so it was not sent. Remove the space to run the command. "
    "To send text that starts with a slash, type //."
)
NOT_HERE = "{name} works {where}."
WHERE = {
    "/list": "only in the lobby; /lobby goes there",
    "/join": "only after you have chosen a server",
    "/lobby": "only after you have chosen a server",
    "/nick": "only after you have chosen a room",
    "/who": "only in a room",
}
# Commands that people know from other clients, and what to use here.
ELSEWHERE = {
    word: sentence
    for words, sentence in (
        ("/exit /q /bye /disconnect", "/logout quits."),
        ("/part /leave /close", "/lobby goes back to the rooms, /logout quits."),
        ("/names /users /whois /w", "/who shows who is here."),
        ("/rooms /channels", "/lobby goes back to the list of rooms."),
        ("/connect /open", "/server HOST[:PORT] goes to another server."),
        ("/j /enter", "/join ROOM enters a room."),
        ("/name /rename", "/nick NAME changes your nick."),
        ("/say", "Type the message by itself; everyone in the room sees it."),
        ("/me /action /describe", "Send it as a message; your nick appears before it."),
        ("/msg /query /tell /whisper", "There are no private messages."),
        ("/topic", "Rooms have no topic."),
        ("/mode /kick /ban /op /invite", "Rooms have no operators."),
        ("/away /back /ignore", "The protocol does not support it."),
        ("/window /win /buffer", "You can be in one room at a time; /join ROOM switches rooms."),
        ("/set /alias /bind", "Settings are in a file; tuichat --help says where."),
    )
    for word in words.split()
}
NO_HELP = "Help has nothing about “{word}”. {next}"
NO_HELP_NEXT = "Try another word; /help alone shows everything."
NEEDS = "Type {name} {argument}."
BAD_NAME = "“{name}” contains an invisible character. Choose another name."
LONG_NAME = "That name is {size} bytes long; the limit is {limit}. Choose a shorter one."
ASKED_ALREADY = "Already asked. Waiting for the answer."
CONNECTING = "Still connecting. Ctrl-C gives up."

ODD = "The server gave an unexpected answer to {request}: “{text}”. Try again, or type /reconnect."
ODD_EMPTY = "The server gave an empty answer to {request}. Try again, or type /reconnect."
SILENT = (
    "No answer to {request} for {seconds:.0f} s. Wait or try again; /lobby goes back to the rooms, "
    "/reconnect reconnects."
)
SILENT_LIST = (
    "No answer to /list. This may not be a chat server: /server HOST:PORT tries another one. "
    "Or wait, type /list again, or type the name of a room."
)
FOREIGN = "{address} is not a chat server: it {speaks}.{said} /server HOST:PORT tries another one."
UNKNOWN_HUNG_UP = (
    "{address} closed the connection twice without answering. It may speak another protocol. "
    "Enter tries again, /server HOST:PORT tries another one."
)
HUNG_UP_TWICE = (
    "{address} let you in but soon closed the connection, twice. Not reconnecting automatically: "
    "/lobby shows the rooms, Enter tries again, /server goes elsewhere."
)
LATE = {
    "1": (
        "The server answered “1” (not understood) although you are in {room}, so your messages "
        "may not arrive. /reconnect enters again, /lobby goes back to the rooms."
    ),
    "2": (
        "The server answered “2” (nick taken) although it let you in as {nick}, so your messages "
        "may not arrive. /reconnect enters again, /lobby goes back to the rooms."
    ),
}
SILENT_WHO = "The server did not say who is here. /who asks again."
MORE_WAITING = "{count} more waiting; Ctrl-C takes them all back"
UNSENT = "Not sent: {text}"
UNSENT_MORE = "And {count} more not sent. Ctrl-Y inserts them all in the line."
LEAVING = "Leaving…"
LEAVING_WAITS = "Leaving as soon as {count} waiting {messages} sent. Ctrl-C leaves now."
LEAVE_AGAIN = "Your line has not been sent. Press {key} again to quit without sending it."
HOW_TO_LEAVE = "The line is empty. To quit: F10, Ctrl-Q or /logout."
LINE_CLEARED = "Cleared. Ctrl-C again brings it back."

LOST = "Connection lost. {reason}"
LOST_NEXT = (
    "The messages and your line are kept. Enter reconnects now, /server goes elsewhere, "
    "/logout quits."
)

COUNT_HERE = "{count} here as of {minute}: {names}"
SCREEN_CLEARED = "Screen cleared. PgUp scrolls back."
NOTHING_UNREAD = "No unread messages."
BELL = {
    "off": "The bell is off.",
    "mention": "The bell rings when you are mentioned.",
    "all": "The bell rings for every message.",
}
BELL_USAGE = "Type /bell off, /bell mention or /bell all. Current setting: {bell}."
LOG_ON = "Logging to {path}. /log alone stops it."
LOG_OFF = "Logging stopped. /log FILE starts it again."
LOG_NONE = "Logging is off. /log FILE starts it."
LOG_FAILED = "Cannot log to {path}: {reason}. /log FILE tries again."
LOG_WAITS = "Cannot write the log {path}: {reason}. Its lines are kept until they can be written."
LOG_LOST = "The log {path} is incomplete: {reason}. {lines} could not be written."
NOT_GRANTED = "Nothing more was sent: the room or nick was refused. Start again with another."
FOR_THE_SCREEN = "{name} works only in full-screen mode."
CANNOT_PRINT = "tuichat: cannot write the output: {reason}."
CANNOT_SUSPEND = "Programs cannot be suspended here."

SHIFT_SELECTS = "Hold Shift to select text with the mouse."
DROPPED = "Discarded. Ctrl-Y inserts it in the line."
NO_ROOM = "Not sent: you are not in a room. The text is in the line."
REJOINING = "Entering {room} again. Your line is kept. /nick NAME changes your nick."
TAKES_NOTHING = "{name} takes no argument. To send this as a message, type /{line}."
NOT_SAVED = "The server and nick could not be saved for next time: {reason}."
