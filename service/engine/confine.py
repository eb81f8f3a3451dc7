"""What a worker process gives up before it sees a query: the network, most of the memory, outliving its parent.

On Linux through the C library; elsewhere the limits that Python knows. Nothing here can be undone by the process.
"""

import ctypes
import errno
import platform
import resource
import signal
import struct
import sys

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
# Classic BPF (linux/filter.h): load a word of seccomp_data, jump if equal, return a verdict.
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
# socket, connect, execve, execveat, io_uring_setup (which opens sockets of its own) by machine, with its audit number.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425)),
}
# Numbers from here on are the x32 ABI of x86_64, under which every call has a second number.
_SECOND_ABI = 0x40000000


def die_with_parent() -> None:
    """The process ends when whoever started it does, however that happens."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_memory(size: int) -> None:
    """Allocating more than `size` bytes in total ends the process; 0 is no limit."""
    # RLIMIT_DATA counts what the process may write to, and not the files that the store maps.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    if size:
        resource.setrlimit(kind, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_network() -> bool:
    """From now on the process can open no socket and start no program; False where the platform has no such means."""
    machine = _CALLS.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    program = _filter(*machine)
    steps = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of steps, and where they are.
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
    held = ctypes.create_string_buffer(header, len(header))
    try:
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(held))
    except OSError:
        return False
    return True


def _filter(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Steps that refuse these calls and allow all others (seccomp(2))."""
    length = len(calls)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_IF_EQUAL, 0, length + 3, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_IF_AT_LEAST, length + 1, 0, _SECOND_ABI),
        *((_JUMP_IF_EQUAL, length - index, 0, number) for index, number in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _prctl(option: int, value: int, address: int = 0) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(address), 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option} refused")
