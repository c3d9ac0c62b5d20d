# Runs one task of a job on a machine of Databricks. It lies in the volume of the engine, needs Python alone, and is
# called twice: by Databricks as
#     task.py SCRIPT FOLDER INDEX RUN         (a task of a run; RUN is the id of this very attempt)
# and by itself as a host of its own, which is no part of the Spark driver:
#     task.py host FOLDER INDEX RUN
# The host gives the command its environment, an empty folder, limits of memory and time, and ends its whole family.
# Everything it says goes into FOLDER/INDEX/RUN: the log in parts that are written once, as volumes want it, and at the
# end end.json. A command that failed is not run again when Databricks begins another attempt; one that was lost is.
import ctypes
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque

GRACE, LAST_LINES, BETWEEN_PARTS, LONGEST_LINE = 3.0, 2.0, 0.5, 4000  # seconds, and characters
LOOK, LOOK_CLOSER = 0.2, 0.02  # seconds between looks at the memory; closer once half of it is used
NOT_FOUND, KILLED = 127, 137
PAGE = os.sysconf("SC_PAGE_SIZE")


def place(script, folder, index, run):
    """The part that Databricks sees. Its end, however it comes, closes the host's input, and that ends the task."""
    host = subprocess.Popen([sys.executable, "-I", "-S", script, "host", folder, index, run], stdin=subprocess.PIPE, start_new_session=True)
    try:
        code = host.wait()
    finally:
        host.stdin.close()
        host.wait()
    if code != 0:
        sys.exit(code)  # leaving with 0 would count as an error in some runtimes


def host(folder, index, run):
    with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
        job = json.load(file)
    mine = os.path.join(folder, index)
    here = os.path.join(mine, run)
    os.makedirs(here, exist_ok=True)
    before, earlier = attempts(mine, run)
    if earlier is not None:
        return over(here, earlier)
    task = Task(job, index, here)
    try:
        end = task.run()
    except Exception as error:
        end = {"state": "failed", "reason": f"It could not be run: {error}"}
        task.kill(signal.SIGKILL)
    finally:
        shutil.rmtree(task.own, ignore_errors=True)
    task.log.close()
    code = over(here, {**end, "peak": task.peak, "begun": before + 1, "run": int(run)})
    if index == "0":
        sweep(os.path.dirname(folder), job["keep"])
    return code


def attempts(mine, run):
    """How many attempts were begun before this one, and the word of one that came to its end."""
    others = [name for name in os.listdir(mine) if name != run and name.isdigit()]
    for name in others:
        try:
            with open(os.path.join(mine, name, "end.json"), encoding="utf-8") as file:
                word = json.load(file)
            if word["state"] != "lost":
                return len(others), word
        except (OSError, ValueError, KeyError):
            pass  # lost without a word
    return len(others), None


def over(here, word):
    write(here, "end.json", json.dumps(word))
    return {"succeeded": 0, "lost": KILLED}.get(word["state"], word.get("exitCode") or 1)


def write(folder, name, text):
    draft = os.path.join(folder, name + ".new")
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, os.path.join(folder, name))


def sweep(folder, keep):
    """Removes jobs in which nothing has changed for so many seconds."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if re.fullmatch("job-[0-9a-f]{32}", name) and newest(path) < time.time() - keep:
            shutil.rmtree(path, ignore_errors=True)


def newest(path):
    try:
        return max(os.stat(os.path.join(at, name)).st_mtime for at, folders, files in os.walk(path) for name in [".", *files])
    except (OSError, ValueError):
        return time.time()  # somebody else removes it


class Log:
    """The newest lines, in parts; the oldest parts go when there is more than may be kept."""

    def __init__(self, here, lines, characters):
        self.here, self.most = here, (lines, characters)
        self.waiting, self.parts = deque(), deque()
        self.size, self.kept, self.number, self.written = 0, [0, 0], 0, 0.0
        self.open = {False: b"", True: b""}

    def feed(self, is_error, data):
        *lines, rest = (self.open[is_error] + data).split(b"\n")
        for line in lines:
            self.add(is_error, line)
        while len(rest) > 4 * LONGEST_LINE:
            self.add(is_error, rest[:LONGEST_LINE])
            rest = rest[LONGEST_LINE:]
        self.open[is_error] = rest

    def add(self, is_error, line):
        text = line.decode("utf-8", "replace").rstrip("\r")
        for at in range(0, max(1, len(text)), LONGEST_LINE):
            piece = text[at:at + LONGEST_LINE]
            self.waiting.append((time.time(), is_error, piece))
            self.size += len(piece)
            while len(self.waiting) > self.most[0] or self.size > self.most[1] and len(self.waiting) > 1:
                self.size -= len(self.waiting.popleft()[2])

    def flush(self):
        if not self.waiting or time.monotonic() - self.written < BETWEEN_PARTS:
            return
        write(self.here, f"{self.number:06}.jsonl", "".join(json.dumps({"at": at, "error": error, "text": text}) + "\n" for at, error, text in self.waiting))
        self.parts.append((self.number, len(self.waiting), self.size))
        self.kept = [self.kept[0] + len(self.waiting), self.kept[1] + self.size]
        self.number += 1
        self.waiting.clear()
        self.size, self.written = 0, time.monotonic()
        while len(self.parts) > 1 and (self.kept[0] - self.parts[0][1] >= self.most[0] or self.kept[1] - self.parts[0][2] >= self.most[1]):
            number, lines, size = self.parts.popleft()
            self.kept = [self.kept[0] - lines, self.kept[1] - size]
            os.remove(os.path.join(self.here, f"{number:06}.jsonl"))

    def close(self):
        for is_error, rest in self.open.items():
            if rest:
                self.add(is_error, rest)
        self.written = 0.0
        self.flush()


class Task:
    def __init__(self, job, index, here):
        self.job, self.index, self.peak, self.alone = job, index, 0, False
        self.log = Log(here, job["logLines"], job["logCharacters"])
        self.own = tempfile.mkdtemp(prefix="steward-task-")
        signal.signal(signal.SIGTERM, self.leave)
        try:
            # Orphans come to us and to nobody else: the family stays whole, also what took a session of its own.
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        except (OSError, AttributeError):
            pass

    def run(self):
        command, memory = self.job["command"], self.job["memory"]
        path = os.environ.get("PATH") or "/usr/local/bin:/usr/bin:/bin"
        program = command[0] if os.path.isabs(command[0]) else None if "/" in command[0] else shutil.which(command[0], path=path)
        if not program or not os.path.isfile(program):
            return {"state": "failed", "reason": f"It could not be started: there is no program '{command[0][:80]}'."}
        environment = {
            "PATH": path, "LANG": os.environ.get("LANG") or "C.UTF-8", "HOME": os.environ.get("HOME") or "/", **self.job["environment"],
            "TMPDIR": self.own, "STEWARD_TASK_INDEX": self.index, "STEWARD_JOB": self.job["id"],
        }
        try:
            process = subprocess.Popen([program, *command[1:]], cwd=self.job.get("folder") or self.own, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=lambda: tame(memory))
        except OSError as error:
            return {"state": "failed", "reason": f"It could not be started: {error.strerror}."}
        verdict = self.watch(process)
        if verdict is not None:
            return verdict
        code = process.returncode
        if code == 0:
            return {"state": "succeeded", "exitCode": 0}
        if code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT):
            return {"state": "lost", "reason": "It was killed from outside."}
        return {"state": "failed", "exitCode": code} if code > 0 else {"state": "failed", "exitCode": 128 - code, "reason": f"It crashed (signal {-code})."}

    def watch(self, process):
        """Until the process and all its descendants are gone: null when it ended by itself, otherwise why it was ended."""
        deadline, looked, kill_at, verdict = time.monotonic() + self.job["seconds"], 0.0, None, None
        with selectors.DefaultSelector() as events:
            for stream, what in ((process.stdout, False), (process.stderr, True), (sys.stdin.buffer, None)):
                os.set_blocking(stream.fileno(), False)
                events.register(stream, selectors.EVENT_READ, what)
            ended = ended_of(process)
            if ended is not None:
                events.register(ended, selectors.EVENT_READ, "ended")
            look = LOOK
            while process.poll() is None:
                self.read(events, look if ended is not None else min(look, 0.05))
                now = time.monotonic()
                if self.alone and verdict is None:
                    verdict = {"state": "lost", "reason": "It was ended from outside."}
                if now > deadline and verdict is None:
                    verdict = {"state": "overTime", "reason": "It took longer than it may and was stopped."}
                if now - looked >= look:
                    used = sum(resident(one) for one in family())
                    self.peak, looked = max(self.peak, used), now
                    look = LOOK_CLOSER if used > self.job["memory"] / 2 else LOOK
                    if used > self.job["memory"] and verdict is None:
                        verdict, kill_at = {"state": "overMemory", "reason": "It used more memory than it may and was stopped."}, now
                    reap(process)
                if verdict is not None and kill_at is None:
                    self.kill(signal.SIGTERM)
                    kill_at = now + GRACE
                elif kill_at is not None and now >= kill_at:
                    self.kill(signal.SIGKILL)
            self.rest()
            if ended is not None:
                events.unregister(ended)
                os.close(ended)
            last = time.monotonic() + LAST_LINES  # what a stranger took along stays open
            while any(key.data is not None for key in events.get_map().values()) and time.monotonic() < last:
                self.read(events, 0.05)
        return verdict

    def leave(self, *_):
        """Its input was closed, or somebody asks it to end: Databricks has given the task up."""
        self.alone = True

    def read(self, events, most):
        for key, _ in events.select(most):
            if key.data == "ended":
                continue
            data = os.read(key.fd, 1 << 16)
            if not data:
                events.unregister(key.fileobj)
                if key.data is None:
                    self.leave()
            elif key.data is not None:
                self.log.feed(key.data, data)
        self.log.flush()

    def kill(self, how):
        for one in family():
            try:
                os.kill(one, how)
            except OSError:
                pass  # gone already

    def rest(self):
        """What it left running ends with it."""
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    self.kill(signal.SIGKILL)
                    time.sleep(0.005)
            except ChildProcessError:
                return


def tame(memory):
    """The kernel, should it run short of memory, takes the command and not the driver; what grows faster than we look is refused."""
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = memory * 2 + (1 << 30)
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except (OSError, ValueError):
        pass


def ended_of(process):
    try:
        return os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        return None


def reap(process):
    """Descendants that came to us and have ended."""
    try:
        while (one := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None and one.si_pid != process.pid:
            os.waitpid(one.si_pid, os.WNOHANG)
    except ChildProcessError:
        pass


def family():
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    children.setdefault(int(file.read().rpartition(b")")[2].split()[1]), []).append(int(name))
            except (OSError, ValueError, IndexError):
                pass  # it has ended meanwhile
    found, left = [], [os.getpid()]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def resident(process):
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    if sys.argv[1] == "host":
        sys.exit(host(*sys.argv[2:]))
    place(*sys.argv[1:])
