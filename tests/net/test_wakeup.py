"""The wake-up: nothing that happens is missed, and everything is restored at the end."""

from __future__ import annotations

import os
import queue
import select
import signal
import threading
from collections.abc import Iterator

import pytest

from tuichat.net.wakeup import CONTINUE, ENDING, RESIZE, SUSPEND, Doorbell, Wakeup

POSIX = {signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT}


@pytest.fixture(autouse=True)
def _not_under_nohup() -> Iterator[None]:
    """The tests themselves may have been started with nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def woken(wakeup: Wakeup, seconds: float = 5) -> bool:
    return bool(select.select([wakeup], [], [], seconds)[0])


def test_a_ring_wakes_and_says_nothing_more():
    with Wakeup() as wakeup:
        assert not woken(wakeup, 0)
        wakeup.ring()
        assert woken(wakeup)
        assert wakeup.drain() == []
        assert not woken(wakeup, 0)


def test_a_thread_wakes_the_loop():
    with Wakeup() as wakeup:
        thread = threading.Thread(target=wakeup.ring)
        thread.start()
        assert woken(wakeup)
        thread.join()


@pytest.mark.parametrize("number", sorted({RESIZE, CONTINUE, SUSPEND, *ENDING}))
def test_a_signal_wakes_and_is_told_by_its_number(number):
    with Wakeup() as wakeup:
        os.kill(os.getpid(), number)
        assert woken(wakeup)
        assert wakeup.drain() == [number]
        assert wakeup.drain() == []


def test_signals_come_in_order_and_each_once():
    with Wakeup() as wakeup:
        for number in (RESIZE, signal.SIGTERM, RESIZE, CONTINUE):
            signal.raise_signal(number)
        assert wakeup.drain() == [RESIZE, signal.SIGTERM, CONTINUE]


def test_a_storm_does_not_drown_the_signal_that_ends():
    with Wakeup() as wakeup:
        for _ in range(100_000):
            wakeup.ring()
        signal.raise_signal(signal.SIGTERM)
        assert wakeup.drain() == [signal.SIGTERM]
        assert not woken(wakeup, 0)


def test_all_ending_signals_of_this_system_are_known():
    assert ENDING == POSIX


def test_handlers_are_given_back():
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    fd = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(fd)
    with pytest.raises(LookupError), Wakeup() as wakeup:
        assert signal.getsignal(signal.SIGTERM) is not before[signal.SIGTERM]
        raise LookupError
    assert {number: signal.getsignal(number) for number in signal.valid_signals()} == before
    assert signal.set_wakeup_fd(fd) == fd
    assert wakeup.fileno() == -1
    wakeup.ring()  # a look-up that ended too late


def test_hang_up_stays_ignored_under_nohup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Wakeup() as wakeup:
            signal.raise_signal(signal.SIGHUP)
            assert wakeup.drain() == []
    finally:
        signal.signal(signal.SIGHUP, before)


class Console:
    """A stand-in for Windows' console: input arrives, and readers wait for it."""

    def __init__(self) -> None:
        self.unread: list[str] = []
        self.waits: queue.Queue[bool] = queue.Queue()
        self.waiting = threading.Semaphore(0)

    def wait(self) -> bool:
        self.waiting.release()
        return self.waits.get(timeout=30)


def test_the_doorbell_rings_and_waits_for_the_answer():
    console = Console()
    with Wakeup() as wakeup:
        bell = Doorbell(wakeup, console.wait)
        for _ in range(3):
            assert console.waiting.acquire(timeout=5)
            assert not bell.rung
            console.waits.put(True)
            assert woken(wakeup)
            assert wakeup.drain() == []
            assert bell.rung
            # Until the keys are read and acknowledged, the thread leaves the console alone.
            assert not console.waiting.acquire(blocking=False)
            bell.acknowledge()
        console.waiting.acquire(timeout=5)
        console.waits.put(False)
        assert woken(wakeup)
        assert bell.gone
        assert not bell.rung


def test_an_acknowledgement_too_many_loses_no_ring():
    """Keys are also read when something else woke the loop."""
    console = Console()
    with Wakeup() as wakeup:
        bell = Doorbell(wakeup, console.wait)
        bell.acknowledge()
        for _ in range(3):
            console.waits.put(True)
            assert woken(wakeup)
            wakeup.drain()
            assert bell.rung
            bell.acknowledge()
        console.waits.put(False)
        assert woken(wakeup)
