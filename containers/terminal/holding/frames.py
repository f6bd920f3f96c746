"""Frames on the pipe between our server and the holder. The same, in TypeScript: site/server/terminal/frames.ts

A frame: 1 byte type, 4 bytes length of what follows, then the payload; numbers are big-endian and unsigned.
A *text* is 2 bytes length and UTF-8. Output and input bytes are counted from 0: output since the shell's start,
input since its writer's (a page's) start. A frame longer than MAX or of another type ends the attachment.

server -> holder
  1 OPEN    u8 version (1), u8 flags (1: may only look), u64 from, u32 window, u16 cols, u16 rows,
            texts: terminal, shell last seen or empty, writer, user, lang, argv...       once, first
  2 INPUT   u64 number of the first byte, bytes: what was seen already is dropped
  3 ACK     u64 output up to here is on the viewer's screen; at most `window` bytes are sent beyond it
  4 RESIZE  u16 cols, u16 rows; answered by SIZE
  5 CLOSE   ends the shell and all that runs in its session
holder -> server
  65 AT       u64 number of the next output byte, u64 up to where output was once on a screen, u8 fresh (FRESH),
              texts: shell, escape sequences that set the modes in force at that byte
  66 DATA     output bytes
  67 GOT      u64 input up to here is taken; a writer sends at most 32 KiB beyond it
  68 SIZE     u16 cols, u16 rows of the terminal
  69 EXIT     u16 exit code of the shell, 128 + n after signal n; after all of its output
  70 REFUSED  text: a word for the reason (version, full, spawn); the attachment ends
"""

import _struct as struct

VERSION = 1
MAX = 65536 + 64
HEAD = struct.Struct(">BI")
OPEN, INPUT, ACK, RESIZE, CLOSE = 1, 2, 3, 4, 5
AT, DATA, GOT, SIZE, EXIT, REFUSED = 65, 66, 67, 68, 69, 70
OPENING = struct.Struct(">BBQIHH")
U64 = struct.Struct(">Q")
U16 = struct.Struct(">H")
PAIR = struct.Struct(">HH")

NONE, NEW, MACHINE_RESTARTED, SHELL_ENDED, REPLAY_GAP = 0, 1, 2, 3, 4


class Bad(Exception):
    """A frame that is not as described above."""


def frame(kind, payload):
    return HEAD.pack(kind, len(payload)) + payload


def text(value):
    raw = value.encode("utf-8", "replace")
    return U16.pack(len(raw)) + raw


def texts(raw, at):
    """The texts from `at` to the end. A text that holds a NUL could become another argument, so none may."""
    found = []
    while at < len(raw):
        if at + 2 > len(raw):
            raise Bad("text")
        (size,) = U16.unpack_from(raw, at)
        end = at + 2 + size
        if end > len(raw) or len(found) > 64:
            raise Bad("text")
        try:
            value = bytes(raw[at + 2 : end]).decode("utf-8")
        except UnicodeDecodeError:
            raise Bad("text") from None
        if "\0" in value:
            raise Bad("text")
        found.append(value)
        at = end
    return found


def take(buffer):
    """Takes the whole frames out of `buffer` (a bytearray), leaving the rest: [(type, payload)]."""
    found = []
    at = 0
    while len(buffer) - at >= HEAD.size:
        kind, size = HEAD.unpack_from(buffer, at)
        if size > MAX or not OPEN <= kind <= CLOSE:
            raise Bad("frame")
        end = at + HEAD.size + size
        if end > len(buffer):
            break
        found.append((kind, bytes(buffer[at + HEAD.size : end])))
        at = end
    del buffer[:at]
    return found


def unpack(shape, payload):
    if len(payload) < shape.size:
        raise Bad("short")
    return shape.unpack_from(payload)
