"""Run one command and print what it took as JSON: wall and processor seconds, peak memory.

A small process of its own, because a child counts the memory of the process it was forked from.
python -m benchmarks.measure LOG COMMAND...
"""

import json
import os
import subprocess
import sys
import time


def main(log: str, argv: list[str]) -> int:
    start = time.perf_counter()
    with open(log, "wb") as out:  # noqa: PTH123 (pathlib would add to the memory)
        process = subprocess.Popen(argv, stdout=out, stderr=out)
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "memory_mb": used.ru_maxrss / unit}))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
