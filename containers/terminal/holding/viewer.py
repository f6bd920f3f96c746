"""One who looks at a terminal: the two ends of one attachment's pipe."""

import os
import time

from . import frames

# The longest DATA frame. Small enough that a Ctrl-C's echo is not behind much.
LONGEST = 32768
# GOT rides on the output that the input causes; alone only if there is none for so long.
PATIENCE = 0.03
# Control frames that the other side does not fetch.
UNFETCHED = 65536
EXACT = 1 << 53


class Viewer:
    def __init__(self, daemon, fd_in, fd_out, link):
        self.daemon = daemon
        self.fd_in, self.fd_out, self.link = fd_in, fd_out, link
        self.got = bytearray()
        # On its way out, in this order: `out`, `left` bytes of the ring from `sent` on, `later`.
        self.out, self.left, self.later = bytearray(), 0, bytearray()
        self.blocked = False
        self.gone = False
        self.terminal = None
        self.looks_only = False
        self.writer = ""
        self.size = (80, 24)
        self.window = self.sent = self.acked = 0
        self.moved = 0.0
        self.stalled = False
        self.owing = False
        self.told_exit = False
        daemon.watch(fd_in, 0, daemon.IN, self)

    # What comes in

    def ready(self, events):
        if events & self.daemon.IN or events & self.daemon.HUP:
            try:
                data = os.read(self.fd_in, 65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                return self.drop()
            self.got += data
            for kind, payload in frames.take(self.got):
                if not self.gone:
                    self.obey(kind, payload)
        elif events:
            self.drop()

    def obey(self, kind, payload):
        if (kind == frames.OPEN) != (self.terminal is None):
            raise frames.Bad("OPEN comes first and once")
        if kind == frames.OPEN:
            self.daemon.open(self, payload)
        elif kind == frames.ACK:
            (seq,) = frames.unpack(frames.U64, payload)
            self.acknowledge(seq)
        elif self.looks_only:
            return
        elif kind == frames.INPUT:
            (number,) = frames.unpack(frames.U64, payload)
            if number > EXACT:
                raise frames.Bad("number")
            self.terminal.take(self, number, payload[frames.U64.size :])
        elif kind == frames.RESIZE:
            self.size = fair_size(*frames.unpack(frames.PAIR, payload))
            self.terminal.resize(self.size)
        else:
            self.terminal.close()

    def acknowledge(self, seq):
        seq = min(seq, self.sent)
        if seq <= self.acked:
            return
        self.acked = seq
        self.moved = time.monotonic()
        self.stalled = False
        self.terminal.shown = max(self.terminal.shown, seq)
        self.push()
        self.terminal.watch()

    # What goes out

    def say(self, kind, payload=b""):
        if len(self.out) + len(self.later) > UNFETCHED:
            return self.drop()
        (self.later if self.left else self.out).extend(frames.frame(kind, payload))
        self.push()

    def owes_got(self):
        if not self.owing:
            self.owing = True
            self.daemon.after(PATIENCE, self.push_got)

    def push_got(self):
        if self.owing and not self.gone:
            self.add_got()
            self.push()

    def add_got(self):
        self.owing = False
        if self.terminal.taking():
            self.told = self.terminal.writers.get(self.writer, 0)
        self.later.extend(frames.frame(frames.GOT, frames.U64.pack(self.told)))

    def push(self):
        """Writes what there is, within the window, until the pipe is full."""
        terminal = self.terminal
        while not self.gone:
            if not self.left:
                if self.later:
                    self.out += self.later
                    self.later.clear()
                self.compose(terminal)
            parts = [self.out] if self.out else []
            if self.left:
                parts += terminal.ring.slices(self.sent, self.left)
            if self.later:
                parts.append(self.later)
            if not parts:
                break
            try:
                n = os.writev(self.fd_out, parts)
            except BlockingIOError:
                return self.wait(True)
            except OSError:
                return self.drop()
            del parts
            whole = self.consume(n)
            if not whole:
                return self.wait(True)
        self.wait(False)

    def compose(self, terminal):
        if terminal is None:
            return
        n = min(terminal.ring.seq, self.acked + self.window) - self.sent
        if n > 0:
            self.left = min(n, LONGEST)
            self.out += frames.HEAD.pack(frames.DATA, self.left)
            if self.owing:
                self.add_got()
        elif terminal.over and not self.told_exit and self.sent == terminal.ring.seq:
            self.told_exit = True
            code = 129 if terminal.code is None else terminal.code
            self.out += frames.frame(frames.EXIT, frames.U16.pack(code))

    def consume(self, n):
        """Notes that `n` bytes are written; tells whether that was all."""
        head = min(n, len(self.out))
        del self.out[:head]
        body = min(n - head, self.left)
        self.sent += body
        self.left -= body
        del self.later[: n - head - body]
        return not (self.out or self.left or self.later)

    def wait(self, blocked):
        if blocked != self.blocked and not self.gone:
            self.blocked = blocked
            out = self.daemon.OUT
            self.daemon.watch(self.fd_out, 0 if blocked else out, out if blocked else 0, Outlet(self))

    def drop(self):
        """Lets go of the pipe; the attachment's process ends with `link`."""
        if self.gone:
            return
        self.wait(False)
        self.gone = True
        self.daemon.watch(self.fd_in, self.daemon.IN, 0, self)
        os.close(self.fd_in)
        os.close(self.fd_out)
        self.link.close()
        if self.terminal is not None:
            self.terminal.viewers.remove(self)
            self.terminal.watch()
        self.daemon.viewers.discard(self)


class Outlet:
    """The writing end in the event loop, where the reading one is another entry."""

    def __init__(self, viewer):
        self.viewer = viewer

    def ready(self, _events):
        self.viewer.push()

    def drop(self):
        self.viewer.drop()


def fair_size(cols, rows):
    """A size of 0 makes programs divide by it; one of 65,535 makes them take gigabytes."""
    return max(2, min(cols, 1000)), max(2, min(rows, 1000))
