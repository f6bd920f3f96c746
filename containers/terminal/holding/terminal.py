"""One terminal: a shell on a pseudo-terminal, its last output, and those who look at it."""

import _signal as signal
import os
import time

from . import frames, shell
from .ring import BLOCK, Ring

# A viewer that has been owing an acknowledgement for so long no longer holds the program back.
STALLED = 20.0
# How long processes have between SIGHUP and SIGKILL.
MERCY = 1.0
# Input that the program has not read: above SOME the writers are told of no more of it, above ALL they broke the
# rule of 32 KiB beyond the last GOT.
SOME = 65536
ALL = 1048576
WRITERS = 32
# Read at one go before it is passed on and others have their turn. While one reads, the kernel goes on refilling its
# 4 KiB, so a flood comes in large pieces: every piece wakes five processes on its way.
BURST = 32768
# A key's echo is so short: asking whether there is more would only delay it.
SMALL = 1024
# A program that prints line by line wakes us for each. After HOT such times, none more than CLOSE seconds after the
# one before, it is looked at once in NAP seconds: the same output at a fraction of the work.
HOT = 16
CLOSE = 0.003
NAP = 0.001
# While somebody types in another terminal of the machine, floods leave room: 16 KiB each 2 ms are 8 MB/s, as fast as
# any page draws.
TYPING = 0.5
POLITE_BURST = 16384
POLITE_NAP = 0.002
# After so long without output what is kept of it is compressed, a piece at a time: no key waits for more than one.
QUIET = 2.0
PIECE = 0.005
# Output of what still runs behind a shell that has ended.
LAST_WORDS = 1048576
# How long an ended shell waits for its viewers to come and read how it ended.
MOURNING = 600.0

MORE, EMPTY, GONE = 0, 1, 2


class Terminal:
    def __init__(self, daemon, name, ident, opening):
        self.daemon = daemon
        self.name = name
        self.shell = ident
        self.size = (opening.cols, opening.rows)
        self.pid, self.master = shell.spawn(opening.user, opening.argv, opening.lang, *self.size)
        self.ring = Ring()
        self.viewers = []
        self.writers = {}
        self.pending = bytearray()
        # Output up to here was on a screen: a viewer that replays it must not answer its queries again.
        self.shown = 0
        self.code = None
        self.over = False
        self.last_words = LAST_WORDS
        self.watched = 0
        self.waiting = False
        self.napping = False
        self.packing = False
        self.hot = 0
        self.last = 0.0
        self.closing = False
        self.doomed = set()
        self.watch()

    # Output

    def room(self):
        """How many bytes may be read now: what the window of the slowest viewer leaves."""
        room = BLOCK
        for viewer in self.viewers:
            if not viewer.stalled:
                room = min(room, viewer.acked + viewer.window - self.ring.seq)
        return room

    def watch(self):
        """Asks for readiness only of what can be done: a hung-up terminal would be reported without end."""
        if self.master is None:
            return
        open_for = self.daemon.IN if self.room() > 0 else 0
        wanted = (0 if self.napping else open_for) | (self.daemon.OUT if self.pending else 0)
        if wanted != self.watched:
            self.daemon.watch(self.master, self.watched, wanted, self)
            self.watched = wanted
        if not open_for and not self.waiting:
            self.waiting = True
            self.daemon.after(STALLED, self.pass_over)

    def pass_over(self):
        self.waiting = False
        limit = time.monotonic() - STALLED
        for viewer in self.viewers:
            if viewer.moved <= limit and self.ring.seq - viewer.acked >= viewer.window:
                viewer.stalled = True
        self.watch()

    def ready(self, events):
        if self.pending:
            self.write()
        if events & ~self.daemon.OUT and not self.napping:
            self.read()

    def read(self):
        self.napping = False
        if self.master is None:
            return
        total, state = self.fetch()
        if total > 0:
            self.show()
            if not self.packing:
                self.packing = True
                self.daemon.after(QUIET, self.pack)
        self.rest(total)
        self.watch()
        if state == GONE:
            self.hang_up()
        elif self.code is not None:
            self.last_words -= total
            if state == EMPTY or self.last_words <= 0:
                self.finish()
            elif not self.napping:
                self.daemon.after(0.05, self.read)

    def fetch(self):
        """Reads what there is into the ring, within the window: (bytes, MORE, EMPTY or GONE)."""
        total = 0
        most = POLITE_BURST if self.polite() else BURST
        try:
            while total < most:
                room = self.room()
                if room <= 0:
                    break
                n = self.ring.read(self.master, room)
                if n == 0:
                    return total, GONE
                total += n
                if total < SMALL and self.code is None:
                    break
        except BlockingIOError:
            return total, EMPTY
        except OSError:
            # EIO: nobody has the other side open any more.
            return total, GONE
        return total, MORE

    def rest(self, total):
        now = time.monotonic()
        self.hot = self.hot + 1 if now - self.last < CLOSE else 0
        self.last = now
        if total >= POLITE_BURST and self.polite():
            self.nap(POLITE_NAP)
        elif self.hot >= HOT and 0 < total < POLITE_BURST:
            self.nap(NAP)

    def nap(self, seconds):
        self.napping = True
        self.daemon.after(seconds, self.read)

    def pack(self):
        quiet = time.monotonic() - self.last
        if quiet < QUIET:
            self.daemon.after(QUIET - quiet, self.pack)
        elif self.ring.pack():
            self.daemon.after(PIECE, self.pack)
        else:
            self.packing = False

    def polite(self):
        typist, when = self.daemon.typed
        return typist is not self and time.monotonic() - when < TYPING

    def show(self):
        for viewer in list(self.viewers):
            if viewer.sent < self.ring.first:
                # It will come back with its number and be told of the gap.
                viewer.drop()
            else:
                viewer.push()

    # Input

    def take(self, viewer, number, data):
        seen = self.writers.get(viewer.writer)
        if seen is None:
            # A writer that the shell has never heard of may have written to one before it.
            seen = number
            if len(self.writers) >= WRITERS:
                del self.writers[next(iter(self.writers))]
        self.writers[viewer.writer] = seen
        if number <= seen < number + len(data):
            if len(self.pending) + len(data) > ALL:
                raise frames.Bad("input beyond the window")
            self.daemon.typed = (self, time.monotonic())
            self.pending += data[seen - number :]
            self.writers[viewer.writer] = number + len(data)
            if viewer.size != self.size:
                self.resize(viewer.size)
            self.write()
        viewer.owes_got()

    def taking(self):
        return len(self.pending) <= SOME

    def write(self):
        if self.master is None:
            self.pending.clear()
        held = not self.taking()
        try:
            while self.pending:
                del self.pending[: os.write(self.master, self.pending[:4096])]
        except BlockingIOError:
            pass
        except OSError:
            self.pending.clear()
        if held and self.taking():
            for viewer in self.viewers:
                viewer.owes_got()
        self.watch()

    def resize(self, size):
        self.size = size
        if self.master is not None:
            shell.resize(self.master, *size)
        for viewer in list(self.viewers):
            viewer.say(frames.SIZE, frames.PAIR.pack(*size))

    def redraw(self):
        """Makes a full-screen program draw anew: it only does so when the size has changed."""
        if self.master is not None:
            cols, rows = self.size
            shell.resize(self.master, cols, rows - 1 if rows > 2 else rows + 1)
            self.daemon.after(0.1, lambda: self.master is not None and shell.resize(self.master, *self.size))

    # The end

    def reaped(self, status):
        """The shell has ended; what it wrote may still have to be read."""
        self.code = os.waitstatus_to_exitcode(status)
        if self.code < 0:
            self.code = 128 - self.code
        if self.master is None:
            self.finish()
        else:
            self.daemon.after(0.05, self.read)

    def close(self):
        """Ends everything that runs in the shell's session."""
        if self.closing or self.over:
            return
        self.closing = True
        self.doomed = shell.family(self.pid)
        shell.signal_all(self.doomed, signal.SIGHUP, signal.SIGCONT)
        self.daemon.forget(self)
        self.daemon.after(0.05, lambda: self.bury(time.monotonic() + MERCY))

    def bury(self, until):
        # Those whose parent is gone are no longer found as descendants.
        self.doomed |= shell.family(self.pid)
        left = self.doomed = {pid for pid in self.doomed if shell.alive(pid)}
        if left and time.monotonic() >= until:
            shell.signal_all(left, signal.SIGKILL)
        if left:
            self.daemon.after(0.05, lambda: self.bury(until))
        else:
            self.closing = False
            self.finish()

    def hang_up(self):
        """Nothing more will come from the pseudo-terminal."""
        if self.master is not None:
            if self.watched:
                self.daemon.watch(self.master, self.watched, 0, self)
            os.close(self.master)
            self.master = None
            self.pending.clear()
        if self.code is not None:
            self.finish()

    def finish(self):
        if self.over or self.closing:
            return
        self.over = True
        self.hang_up()
        for viewer in list(self.viewers):
            viewer.push()
        self.daemon.after(MOURNING, lambda: self.daemon.forget(self))
