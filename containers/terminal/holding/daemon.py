"""The holder's event loop: takes attachments, keeps terminals, outlives whatever either does."""

import _signal as signal
import _socket
import os
import select
import sys
import time

from . import frames, shell
from .terminal import Terminal
from .viewer import Viewer, fair_size

# Some pages with some terminals each; one may hold a shell and 256 KiB.
TERMINALS = 32
VIEWERS = 64
# An attachment that does not say in this time what it wants is let go.
MANNERS = 10.0
# With no terminal and no viewer left the holder goes: it costs 9 MB, and comes back in 15 ms.
IDLE = 60.0
SMALLEST, LARGEST = 4096, 196608


class Opening:
    """The OPEN frame, read."""

    def __init__(self, payload):
        version, flags, self.seq, self.window, cols, rows = frames.unpack(frames.OPENING, payload)
        self.version = version
        self.looks_only = bool(flags & 1)
        self.window = max(SMALLEST, min(self.window, LARGEST))
        self.cols, self.rows = fair_size(cols, rows)
        found = frames.texts(payload, frames.OPENING.size)
        if version == frames.VERSION and (len(found) < 6 or not found[5].startswith("/")):
            raise frames.Bad("OPEN")
        if version == frames.VERSION:
            self.name, self.shell, self.writer, self.user, self.lang = found[:5]
            self.argv = found[5:]


class Daemon:
    IN, OUT, HUP = select.EPOLLIN, select.EPOLLOUT, select.EPOLLHUP | select.EPOLLERR

    def __init__(self, listener, trusts):
        self.listener = listener
        self.trusts = trusts
        self.poll = select.epoll()
        self.entries = {}
        self.masks = {}
        self.timers = []
        self.terminals = {}
        self.buried = {}
        self.viewers = set()
        self.guests = set()
        self.boot = shell.boot()
        self.count = 0
        self.salt = os.urandom(4).hex()
        self.busy = time.monotonic()
        # In which terminal something was typed last, and when.
        self.typed = (None, 0.0)

    # Events

    def watch(self, fd, before, after, entry):
        if before and after:
            self.poll.modify(fd, after)
        elif after:
            self.poll.register(fd, after)
        elif before:
            self.poll.unregister(fd)
        if after:
            self.entries[fd] = entry
        else:
            self.entries.pop(fd, None)

    def after(self, seconds, do):
        self.timers.append((time.monotonic() + seconds, do))

    def run(self):
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self.listener.setblocking(False)
        os.set_inheritable(self.listener.fileno(), False)
        self.watch(self.listener.fileno(), 0, self.IN, Door(self))
        self.watch(reader, 0, self.IN, Nursery(self, reader))
        while True:
            # The many small events of a flood must not keep a key waiting: who types comes first.
            events = self.poll.poll(self.patience())
            if len(events) > 1:
                events.sort(key=lambda event: not isinstance(self.entries.get(event[0]), Viewer))
            for fd, mask in events:
                entry = self.entries.get(fd)
                if entry is not None:
                    self.guard(entry.ready, mask, entry)
            self.due()
            if self.leave():
                return

    def guard(self, do, argument, entry):
        """A learner is root on this machine: whatever comes costs its sender the attachment, never the holder."""
        try:
            do(argument)
        except Exception:
            drop = getattr(entry, "drop", None)
            if drop is not None:
                drop()

    def empty(self):
        return not (self.terminals or self.viewers or self.guests or self.buried)

    def patience(self):
        until = [when for when, _ in self.timers]
        if self.empty():
            until.append(self.busy + IDLE)
        return max(0.0, min(until) - time.monotonic()) if until else None

    def due(self):
        if not self.timers:
            return
        now = time.monotonic()
        ripe = [timer for timer in self.timers if timer[0] <= now]
        if ripe:
            self.timers = [timer for timer in self.timers if timer[0] > now]
            for _, do in ripe:
                self.guard(lambda _: do(), None, None)

    def leave(self):
        if not self.empty():
            self.busy = time.monotonic()
            return False
        if time.monotonic() - self.busy < IDLE:
            return False
        # Somebody may have knocked since.
        Door(self).ready(0)
        return self.empty()

    # Attachments and terminals

    def admit(self, fd_in, fd_out, link):
        os.set_blocking(fd_in, False)
        os.set_blocking(fd_out, False)
        viewer = Viewer(self, fd_in, fd_out, link)
        self.viewers.add(viewer)
        self.after(MANNERS, lambda: viewer.terminal is None and viewer.drop())

    def open(self, viewer, payload):
        opening = Opening(payload)
        if opening.version != frames.VERSION:
            return self.refuse(viewer, "version")
        terminal = self.terminals.get(opening.name)
        fresh = frames.NONE
        if terminal is not None and terminal.shell != opening.shell:
            # The end of a shell is told to those who had it; all others get the next one.
            if terminal.over:
                terminal = None
            elif opening.shell:
                fresh = self.why(opening.shell)
        if terminal is None:
            if len(self.terminals) >= TERMINALS and opening.name not in self.terminals:
                return self.refuse(viewer, "full")
            fresh = self.why(opening.shell)
            self.count += 1
            try:
                terminal = Terminal(self, opening.name, "%s.%s.%d" % (self.boot, self.salt, self.count), opening)
            except (OSError, KeyError):
                return self.refuse(viewer, "spawn")
            self.terminals[opening.name] = self.buried[terminal.pid] = terminal
        self.join(viewer, terminal, opening, fresh)

    def why(self, shell_seen):
        """Why the shell is not the one that the viewer had."""
        if not shell_seen:
            return frames.NEW
        if shell_seen.partition(".")[0] != self.boot:
            return frames.MACHINE_RESTARTED
        return frames.SHELL_ENDED

    def join(self, viewer, terminal, opening, fresh):
        ring = terminal.ring
        seq, modes = opening.seq, ""
        gap = False
        if terminal.shell != opening.shell or not ring.first <= seq <= ring.seq:
            gap = terminal.shell == opening.shell
            seq, modes = ring.start()
        if gap:
            fresh = frames.REPLAY_GAP
        viewer.terminal = terminal
        viewer.writer, viewer.window, viewer.looks_only = opening.writer, opening.window, opening.looks_only
        viewer.size = (opening.cols, opening.rows)
        viewer.sent = viewer.acked = seq
        viewer.moved = time.monotonic()
        viewer.told = terminal.writers.get(viewer.writer, 0)
        at = frames.U64.pack(seq) + frames.U64.pack(max(seq, terminal.shown)) + bytes([fresh])
        # Before the viewer counts as one: what is said to it now comes ahead of any output.
        viewer.out += frames.frame(frames.AT, at + frames.text(terminal.shell) + frames.text(modes))
        viewer.out += frames.frame(frames.GOT, frames.U64.pack(viewer.told))
        terminal.viewers.append(viewer)
        if not viewer.looks_only and viewer.size != terminal.size:
            terminal.resize(viewer.size)
        else:
            viewer.say(frames.SIZE, frames.PAIR.pack(*terminal.size))
        terminal.watch()
        if seq != opening.seq and ring.first > 0 and ring.alternate():
            terminal.redraw()

    def refuse(self, viewer, word):
        viewer.say(frames.REFUSED, frames.text(word))
        viewer.drop()

    def forget(self, terminal):
        """Its name is free for the next shell; those who look at it may go on."""
        if self.terminals.get(terminal.name) is terminal:
            del self.terminals[terminal.name]

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            terminal = self.buried.pop(pid, None)
            if terminal is not None:
                terminal.reaped(status)


class Door:
    """The listening socket: each connection brings the two descriptors of a pipe."""

    def __init__(self, daemon):
        self.daemon = daemon

    def ready(self, _events):
        try:
            fd, _ = self.daemon.listener._accept()
        except OSError:
            return
        link = _socket.socket(fileno=fd)
        if len(self.daemon.viewers) >= VIEWERS or not self.daemon.trusts(link):
            return link.close()
        link.setblocking(False)
        self.daemon.watch(link.fileno(), 0, self.daemon.IN, Guest(self.daemon, link))


class Guest:
    """A connection whose descriptors are on their way."""

    def __init__(self, daemon, link):
        self.daemon = daemon
        self.link = link
        self.over = False
        daemon.guests.add(self)
        daemon.after(MANNERS, self.drop)

    def ready(self, _events):
        _, sent, _, _ = self.link.recvmsg(1, _socket.CMSG_SPACE(8), _socket.MSG_CMSG_CLOEXEC)
        raw = b"".join(data for level, kind, data in sent if kind == _socket.SCM_RIGHTS)
        fds = [int.from_bytes(raw[at : at + 4], sys.byteorder) for at in range(0, len(raw) - 3, 4)]
        if len(fds) != 2:
            for fd in fds:
                os.close(fd)
            return self.drop()
        self.leave()
        self.daemon.admit(fds[0], fds[1], self.link)

    def leave(self):
        self.over = True
        self.daemon.guests.discard(self)
        self.daemon.watch(self.link.fileno(), self.daemon.IN, 0, self)

    def drop(self):
        if not self.over:
            self.leave()
            self.link.close()


class Nursery:
    """The pipe on which the kernel's SIGCHLD arrives."""

    def __init__(self, daemon, fd):
        self.daemon = daemon
        self.fd = fd

    def ready(self, _events):
        os.read(self.fd, 4096)
        self.daemon.reap()
