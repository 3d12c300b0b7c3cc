"""Asks a tool in a process of its own, with an end to its memory and its time."""

import contextlib
import io
import json
import os
import resource
import signal
import sys
import warnings

# Some build a model for real: without an end one of them takes the machine with it.
MEMORY = 8 << 30
SECONDS = 120


def ask(peer, path, config):
    """A peer's figure and its seconds, or its complaint. What it has imported is there already."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            json.dump(answer(peer, path, config), out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as given:
        text = given.read()
    os.waitpid(child, 0)
    if not text:
        return "ended without a word: out of memory or out of time"
    outcome = json.loads(text)
    return outcome if isinstance(outcome, str) else tuple(outcome)


def answer(peer, path, config):
    """What the child says."""
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    signal.alarm(SECONDS)
    sys.stderr = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return peer(path, config)
        except BaseException as error:  # noqa: BLE001 a peer may end in any way
            return f"{type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''}"
