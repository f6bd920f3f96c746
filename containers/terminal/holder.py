"""The holder keeps the shells of one machine alive while nobody is attached.

Docker cannot attach to an exec a second time, so a terminal that lived in one would die with our server or with
its connection. The pseudo-terminals are therefore held in the machine, by one small process for all of them.
It is in Python, and only the standard library as `python3-minimal` has it, because it runs on a learner's Debian,
where TypeScript is not at home.

    python3 -ISE holder.py attach [SOCKET WORD]   joins the terminals' server to the holder, starting it if need be
    python3 -ISE holder.py hold FD                the holder itself, on a listening socket that `attach` made

`attach` connects to the server's SOCKET, says the WORD that it was given, and hands this connection to the holder.
Where there is no such socket, its own standard input and output are what it hands over. An argument before these two
names another holder than the usual one (tests).
The frames on the pipe are described in holding/frames.py.

The socket is an abstract one, not a file in /run: while Debian boots, `bootclean` empties /run, and a shell that
was opened a moment earlier would be lost. Binding the name is also the lock: one process can, and it is free
again the moment that process is gone. Both sides ask the kernel whether the other runs as the same user.

`_socket`, not `socket`: the latter imports enum and with it half of the library, 10 ms of each attach.
"""

import _socket
import os
import sys
import time

NAME = "ten-steps/holder"
BACKLOG = 64


def same_user(conn):
    """Whether the process at the other end runs as we do: an abstract name can be taken by anyone."""
    raw = conn.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
    return int.from_bytes(raw[4:8], sys.byteorder) == os.geteuid()


def start(address):
    """Binds the name and leaves a holder behind that listens on it. Raises OSError where somebody else has it."""
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(BACKLOG)
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        # An exec that nobody has read to its end stays alive as long as any process has its output open.
        null = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        for fd in os.listdir("/proc/self/fd"):
            close_but(int(fd), listener.fileno())
        os.chdir("/")
        os.set_inheritable(listener.fileno(), True)
        os.execv(sys.executable, [sys.executable, "-ISE", os.path.abspath(__file__), "hold", str(listener.fileno())])
    os.wait()
    listener.close()


def close_but(fd, kept):
    """The listing holds the descriptor of the listing itself, which is closed by now."""
    try:
        if fd > 2 and fd != kept:
            os.close(fd)
    except OSError:
        pass


def connect(address):
    for _ in range(500):
        conn = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            conn.connect(address)
            if not same_user(conn):
                sys.exit("the holder's socket belongs to another user")
            return conn
        except ConnectionRefusedError:
            conn.close()
        try:
            start(address)
        except OSError:
            # Another attach has bound the name and is about to listen.
            time.sleep(0.01)
    sys.exit("the holder does not answer")


def reach(path, word):
    """The connection to the server's socket, or None, and then the server is told to use the pipe."""
    conn = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        conn.connect(path)
        conn.sendall(word.encode())
        return conn
    except OSError as error:
        os.write(2, b"no socket: %s\n" % str(error).encode())
        return None


def attach(address, path=None, word=None):
    """Hands the two ends to the holder, so that no byte takes a hop more, and waits until it lets go of a pipe."""
    conn = connect(address)
    direct = reach(path, word) if path else None
    ends = (direct.fileno(), direct.fileno()) if direct else (0, 1)
    fds = b"".join(fd.to_bytes(4, sys.byteorder) for fd in ends)
    conn.sendmsg([b"a"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fds)])
    if direct:
        return
    # The waiting is `cat`'s: 0.1 MB of its own, where an idle Python has 3.
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(conn.fileno(), 0)
    os.dup2(null, 1)
    os.execv("/bin/cat", ["cat"])


def main():
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb == "attach":
        rest = sys.argv[2:]
        name = rest.pop(0) if len(rest) % 2 else NAME
        attach("\0" + name, *rest[:2])
    elif verb == "hold":
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from holding.daemon import Daemon

        Daemon(_socket.socket(fileno=int(sys.argv[2])), same_user).run()
    else:
        sys.exit("usage: holder.py attach [NAME]")


main()
