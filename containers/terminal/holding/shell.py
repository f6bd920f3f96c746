"""Starting a login shell on a new pseudo-terminal, and ending all that came of it."""

import _locale
import _signal as signal
import _struct as struct
import fcntl
import os
import pwd

# Numbers of the kernel, the same on amd64 and arm64: `termios` isn't in python3-minimal.
TCGETS, TCSETS, TIOCSCTTY, TIOCSWINSZ = 0x5401, 0x5402, 0x540E, 0x5414
IUTF8 = 0x4000
TTY_GROUP = 5
ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
USER_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"


def resize(fd, cols, rows):
    fcntl.ioctl(fd, TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def account(user):
    """The passwd entry of a name or of a number. Raises KeyError."""
    return pwd.getpwuid(int(user)) if user.isdigit() else pwd.getpwnam(user)


def spawn(user, argv, lang, cols, rows):
    """Starts `argv` as `user` with what `login` would set. (pid, master). Raises OSError, KeyError."""
    who = account(user)
    master, slave = os.openpty()
    try:
        resize(slave, cols, rows)
        # So that the line discipline's backspace takes a whole «é», as under xterm and ssh.
        attributes = bytearray(fcntl.ioctl(slave, TCGETS, bytes(64)))
        struct.pack_into("I", attributes, 0, struct.unpack_from("I", attributes)[0] | IUTF8)
        fcntl.ioctl(slave, TCSETS, bytes(attributes))
        if os.geteuid() == 0:
            # gpg's pinentry and others open the terminal by its name, not by what they inherited.
            os.fchown(slave, who.pw_uid, TTY_GROUP)
            os.fchmod(slave, 0o620)
        pid = os.fork()
    except BaseException:
        os.close(master)
        os.close(slave)
        raise
    if pid == 0:
        try:
            become(who, slave, argv, lang)
        finally:
            os._exit(127)
    os.close(slave)
    os.set_blocking(master, False)
    return pid, master


def become(who, slave, argv, lang):
    os.setsid()
    fcntl.ioctl(slave, TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    # Python ignores these, and what is ignored stays so across exec: `yes | head` would end with an error.
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if os.geteuid() == 0:
        os.initgroups(who.pw_name, who.pw_gid)
        os.setgid(who.pw_gid)
        os.setuid(who.pw_uid)
    os.umask(0o022)
    try:
        os.chdir(who.pw_dir)
        home = who.pw_dir
    except OSError:
        home = "/"
    env = {
        "HOME": home,
        "USER": who.pw_name,
        "LOGNAME": who.pw_name,
        "SHELL": argv[0],
        "PATH": ROOT_PATH if who.pw_uid == 0 else USER_PATH,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": lang if known(lang) else "C.UTF-8",
    }
    os.execve(argv[0], argv, env)


def known(lang):
    try:
        _locale.setlocale(_locale.LC_ALL, lang)
        return True
    except _locale.Error:
        return False


def look(pid):
    """(state, parent, session) of a process, or None when it is gone."""
    try:
        with open("/proc/%d/stat" % pid, "rb", 0) as stat:
            # The command, in parentheses, may itself hold parentheses and blanks.
            fields = stat.read(1024).rpartition(b")")[2].split()
        return fields[0], int(fields[1]), int(fields[3])
    except (OSError, ValueError, IndexError):
        return None


def alive(pid):
    seen = look(pid)
    return seen is not None and seen[0] != b"Z"


def family(leader):
    """Processes of the session of `leader` and their descendants: `sudo` gives its command a session of its own.
    What made itself a daemon is of neither kind and stays, as it does when one leaves a real server."""
    parents, found = {}, set()
    for name in os.listdir("/proc"):
        seen = look(int(name)) if name.isdigit() else None
        if seen is None or seen[0] == b"Z":
            continue
        pid = int(name)
        parents[pid] = seen[1]
        if seen[2] == leader:
            found.add(pid)
    more = True
    while more:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
    return found


def signal_all(pids, *numbers):
    for pid in pids:
        for number in numbers:
            try:
                os.kill(pid, number)
            except OSError:
                break


def boot():
    """Tells one start of this machine from another: the kernel's boot and the start of process 1."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            kernel = file.read(8)
        with open("/proc/1/stat", "rb", 0) as file:
            started = int(file.read(1024).rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return "0"
    return "%s%x" % (kernel, started)
