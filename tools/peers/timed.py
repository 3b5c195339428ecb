"""Runs a command and says what it took: `python timed.py command ...` prints { "seconds", "memory", "cpu", "status", "said" }, the last
of what it wrote to stderr. `python timed.py --forget folder ...` has the system forget what it keeps in memory of the files
there, as far as no running program uses them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time


def forget(folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                try:
                    opened = os.open(os.path.join(path, name), os.O_RDONLY | os.O_NOFOLLOW)
                except OSError:
                    continue
                os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(opened)


def run(command):
    with tempfile.TemporaryFile() as said:
        # A terminal's Ctrl-C is for whoever started us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)
        # Who ends us ends it.
        signal.signal(signal.SIGTERM, lambda *_: (child.kill(), sys.exit(1)))
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        said.seek(max(0, said.seek(0, os.SEEK_END) - 1000))
        last = said.read().decode(errors="replace")
    memory = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
    cpu = usage.ru_utime + usage.ru_stime
    status = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": seconds, "memory": memory, "cpu": cpu, "status": status, "said": last}))


if sys.argv[1] == "--forget":
    forget(sys.argv[2:])
else:
    run(sys.argv[1:])
