"""The last output of a terminal, in numbered bytes, for those who come back."""

import os
import zlib

BLOCK = 16384
BLOCKS = 16
# A line longer than this is cut where the block ends.
LINE = 4096
# An escape sequence that changes a mode is shorter.
SEQUENCE = 32

# Private modes that a viewer needs when the ring no longer holds their setting: without 1049 an editor's screen
# would be drawn into the scrollback, without 2004 a paste of several lines would run them.
# 1 cursor keys, 7 wrap, 25 cursor, 9 and 100x mouse, 47 104x alternate screen, 2004 bracketed paste.
KNOWN = (1049, 1047, 47, 1, 7, 9, 25, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 2004)
SET_AT_START = (7, 25)
ALTERNATE = (1049, 1047, 47)


def scan(raw, modes):
    """Notes in `modes` what the escape sequences in `raw` (bytes) set and reset."""
    at = raw.find(b"\x1b[?")
    while at >= 0:
        at += 3
        end = at
        while end < len(raw) and end - at < SEQUENCE and raw[end] in b"0123456789;":
            end += 1
        if raw[end : end + 1] in (b"h", b"l"):
            for number in raw[at:end].split(b";"):
                if number.isdigit() and int(number) in KNOWN:
                    modes[int(number)] = raw[end : end + 1] == b"h"
        at = raw.find(b"\x1b[?", end)


def sequences(modes):
    """What brings a terminal just reset to `modes`."""
    changed = [n for n in KNOWN if n in modes and modes[n] != (n in SET_AT_START)]
    return "".join("\x1b[?%d%s" % (n, "h" if modes[n] else "l") for n in changed)


class Ring:
    """`seq` is the number of the next byte to come; bytes from `first` on are there."""

    __slots__ = ("blocks", "first", "seq", "modes")

    def __init__(self):
        self.blocks = []
        self.first = 0
        self.seq = 0
        self.modes = {}

    def read(self, fd, limit):
        """Reads once from `fd` straight into the ring. The number of bytes; raises what the read raises."""
        if self.seq - self.first == len(self.blocks) * BLOCK:
            self.grow()
        offset = self.seq % BLOCK
        n = os.readv(fd, [memoryview(self.blocks[-1])[offset : min(BLOCK, offset + limit)]])
        self.seq += n
        return n

    def grow(self):
        if len(self.blocks) == BLOCKS:
            scan(bytes(self.open(0)) + bytes(self.open(1)[:SEQUENCE]), self.modes)
            self.first += BLOCK
            self.blocks.append(self.blocks.pop(0))
        else:
            # Memory is taken when there is output for it: most shells never fill the ring.
            self.blocks.append(bytearray(BLOCK))

    def open(self, index):
        block = self.blocks[index]
        if isinstance(block, bytes):
            block = self.blocks[index] = bytearray(zlib.decompress(block))
        return block

    def pack(self):
        """Compresses one block that is complete; False when all are. Text takes a fifth, and most shells are idle."""
        for index, block in enumerate(self.blocks[:-1]):
            if isinstance(block, bytearray):
                self.blocks[index] = zlib.compress(block, 1)
                return True
        return False

    def slices(self, at, size):
        """The bytes from number `at`, as views for writev."""
        found = []
        while size > 0:
            offset = at % BLOCK
            n = min(size, BLOCK - offset)
            found.append(memoryview(self.open((at - self.first) // BLOCK))[offset : offset + n])
            at += n
            size -= n
        return found

    def start(self):
        """Where a replay of all starts, at the beginning of a line, and the sequences to set the modes there."""
        if self.first == 0:
            return 0, ""
        head = bytes(self.open(0)[:LINE])
        cut = head.find(b"\n") + 1
        modes = dict(self.modes)
        scan(head[:cut], modes)
        return self.first + cut, sequences(modes)

    def alternate(self):
        """Whether a full-screen program is on the alternate screen now."""
        modes = dict(self.modes)
        scan(b"".join(bytes(part) for part in self.slices(self.first, self.seq - self.first)), modes)
        return any(modes.get(n) for n in ALTERNATE)
