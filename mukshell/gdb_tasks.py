# SPDX-License-Identifier: GPL-2.0-or-later
# gdb_tasks.py - a MUK's tasks in gdb: `info muk-tasks`, `muk-task N|NAME [COMMAND]`.
#
# Where the rows of server.task lie, what is in them and which thread has which slot is
# put before this text: MUK = {"address", "rows", "bytes", "fields", "threads"}. A task
# that waits is shown by giving the selected thread its registers for one command.
import struct
import gdb

STATES = ["free", "running", "ready", "calling", "waiting"]
# How registers lie at a saved stack pointer, by the row's form.
FORMS = {
    1: (["r15", "r14", "r13", "r12", "rbx", "rbp"], "rip", "rsp"),
    2: ([None] * 8 + ["x%d" % i for i in range(19, 31)], None, "sp"),
}


def memory(address, count):
    return bytes(gdb.selected_inferior().read_memory(address, count))


def tasks():
    rows = memory(MUK["address"], MUK["rows"] * MUK["bytes"])
    for i in range(MUK["rows"]):
        row = rows[i * MUK["bytes"]:(i + 1) * MUK["bytes"]]
        task = {}
        for name, (offset, count) in MUK["fields"].items():
            data = row[offset:offset + count]
            if name == "name":
                task[name] = data.split(b"\0")[0].decode("ascii", "replace")
            else:
                task[name] = int.from_bytes(data, "little", signed=(name == "nr"))
        if 0 < task["state"] < len(STATES):
            task["id"] = i + 1
            yield task


def select(word):
    for task in tasks():
        if word in (str(task["id"]), task["name"]):
            return task
    raise gdb.GdbError("no task %s; `info muk-tasks` lists them" % word)


def select_thread(tid):
    for thread in gdb.selected_inferior().threads():
        if tid in thread.ptid:
            thread.switch()


def saved(task):
    names, pc, sp = FORMS[task["form"]]
    count = len(names) + (pc is not None)
    words = struct.unpack("<%dQ" % count, memory(task["sp"], 8 * count))
    values = {name: word for name, word in zip(names, words) if name}
    values[pc or "pc"] = words[-1]
    values[sp] = task["sp"] + 8 * count
    return values


def run_as(task, command):
    tid = MUK["threads"].get(task["nr"], 0)
    if tid:
        select_thread(tid)
    sp = int(gdb.parse_and_eval("(unsigned long)$sp"))
    on_thread = task["stack"] <= sp < task["stack"] + task["stack_bytes"]
    if task["form"] not in FORMS or on_thread or task["state"] == 1:
        gdb.execute(command)
        return
    values = saved(task)
    gdb.execute("select-frame 0")
    before = {name: int(gdb.parse_and_eval("(unsigned long)$" + name)) for name in values}
    try:
        for name, value in values.items():
            gdb.execute("set $%s = %d" % (name, value))
        gdb.execute(command)
    finally:
        gdb.execute("select-frame 0")
        for name, value in before.items():
            gdb.execute("set $%s = %d" % (name, value))


class InfoTasks(gdb.Command):
    """List the tasks of the MUK."""

    def __init__(self):
        super().__init__("info muk-tasks", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        print("  Id  Nr    State    Runs       Name")
        for task in tasks():
            print("  %-3d %-5d %-8s %-10d %s" % (task["id"], task["nr"],
                  STATES[task["state"]], task["runs"], task["name"]))


class Task(gdb.Command):
    """muk-task ID|NAME [COMMAND]: run a command, bt without, as if that task were selected."""

    def __init__(self):
        super().__init__("muk-task", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        words = argument.split(None, 1)
        if not words:
            raise gdb.GdbError("muk-task ID|NAME [COMMAND]")
        run_as(select(words[0]), words[1] if len(words) > 1 else "bt")


class AllTasks(gdb.Command):
    """The stacks of all tasks."""

    def __init__(self):
        super().__init__("muk-bt", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        for task in list(tasks()):
            print("\nTask %d (%s)" % (task["id"], task["name"]))
            run_as(task, "bt")


InfoTasks()
Task()
AllTasks()
print("info muk-tasks lists the tasks, muk-task ID shows one's stack, muk-bt all of them")
