#!/usr/bin/env python3
"""Holds `gongkai serve` to its promises on a large archive, and measures it.

    serve.py GONGKAI ROOT [edits N] [checkout N]

ROOT is a site of many reports; it is edited, so use a copy. Prints: start-up to the first answer; the time
from saving a report to the answer that shows it (median of 20, asked once each, right after saving);
memory before and after N edits (1000); the time a `git checkout` between two branches that are N files
apart (5000) needs until all is taken in; each time all pages are compared with a fresh build; the time
from Ctrl-C to the end, with browsers that wait for events.
"""
import http.client, os, random, re, shutil, signal, statistics, subprocess, sys, tempfile, time, urllib.parse

program, root = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
option = lambda name, usual: int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else usual
EDITS, CHECKOUT, PORT = option("edits", 1000), option("checkout", 5000), option("port", 1911)
BLOCK = re.compile(rb'<script id="gongkai-live" type="application/json">.*?</script><script src="/_gongkai/live.js" defer></script>', re.S)


class Client:
    def __init__(self): self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)

    def get(self, path):
        for _ in range(2):
            try:
                self.connection.request("GET", "/" + urllib.parse.quote(path))
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, OSError):
                self.connection.close()
        return 0, b""


def compare(client):
    """Compares every file of a fresh build with what is served."""
    out = tempfile.mkdtemp(prefix="gongkai-fresh-", dir=os.path.dirname(root)); shutil.rmtree(out)
    subprocess.run([program, "-q", "build", "--root", root, "-o", out], check=True, stdout=subprocess.DEVNULL)
    count, wrong = 0, []
    for directory, _, names in os.walk(out):
        for name in names:
            path = os.path.relpath(os.path.join(directory, name), out)
            if path.startswith(".gongkai"): continue
            with open(os.path.join(directory, name), "rb") as file: built = file.read()
            status, served = client.get(path)
            count += 1
            if status != 200 or BLOCK.sub(b"", served) != built: wrong.append(path)
    shutil.rmtree(out)
    print(f"  {count} files compared with a fresh build, {len(wrong)} differ {wrong[:3]}", flush=True)
    return not wrong


def memory(process):
    with open(f"/proc/{process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) // 1024


def main():
    reports = sorted(os.path.join(d, n) for d, _, names in os.walk(os.path.join(root, "content")) for n in names if re.fullmatch(r"\d{4}\.md", n))
    page = lambda path: os.path.relpath(path, os.path.join(root, "content"))[:-3] + "/"
    start = time.time()
    server = subprocess.Popen([program, "serve", "--root", root, "--port", str(PORT)], stdout=subprocess.DEVNULL)
    client, fine = Client(), True
    while client.get(page(reports[0]))[0] != 200: time.sleep(0.005)
    print(f"{len(reports)} reports: {time.time() - start:.2f} s to the first answer, {memory(server)} MiB", flush=True)
    time.sleep(3)
    dice, lat = random.Random(7), []
    for number in range(20):
        path = dice.choice(reports)
        with open(path, encoding="utf-8") as file: text = file.read()
        start = time.time()
        with open(path, "w", encoding="utf-8") as file: file.write(text + f"\n记号{number}甲\n")
        shown = f"记号{number}甲".encode() in client.get(page(path))[1]
        lat.append((time.time() - start) * 1000)
        fine &= shown
        with open(path, "w", encoding="utf-8") as file: file.write(text)
        time.sleep(0.3)
    print(f"save to page: median {statistics.median(lat):.1f} ms, most {max(lat):.1f} ms; seen by the first request: {fine}", flush=True)

    before = memory(server)
    for number in range(EDITS):
        path = dice.choice(reports)
        with open(path, encoding="utf-8") as file: text = file.read()
        with open(path, "w", encoding="utf-8") as file: file.write(re.sub(r"licensing = \[\d+\]", f"licensing = [{dice.randrange(9000)}]", text))
        if number % 10 == 0: client.get(page(path))
    client.get(page(reports[0]))
    print(f"{EDITS} edits: {before} MiB before, {memory(server)} MiB after", flush=True)
    fine &= compare(client)

    git = lambda *arguments: subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", "-c", "gc.auto=0", *arguments], cwd=root, check=True, stdout=subprocess.DEVNULL)
    git("init", "-q", "-b", "one"); git("add", "-A"); git("commit", "-q", "-m", "one"); git("checkout", "-q", "-b", "two")
    for number, path in enumerate(dice.sample(reports, min(CHECKOUT, len(reports)))):
        if number % 3 == 0: os.remove(path)
        elif number % 3 == 1: os.rename(path, path.replace("/unit", "/office", 1)) if os.path.isdir(os.path.dirname(path.replace("/unit", "/office", 1))) else (os.makedirs(os.path.dirname(path.replace("/unit", "/office", 1))), os.rename(path, path.replace("/unit", "/office", 1)))
        else:
            with open(path, "a", encoding="utf-8") as file: file.write("\n另一支。\n")
    git("add", "-A"); git("commit", "-q", "-m", "two")
    for branch in ("one", "two", "one"):
        start = time.time(); git("checkout", "-q", branch); took = time.time() - start
        client.get(page(reports[0])); answered = time.time() - start
        print(f"checkout of {branch}: git {took:.2f} s, taken in {answered - took:.2f} s later, {memory(server)} MiB", flush=True)
        fine &= compare(client)

    waiting = [http.client.HTTPConnection("127.0.0.1", PORT) for _ in range(5)]
    for connection in waiting: connection.request("GET", "/_gongkai/live?page=/"); connection.getresponse()
    start = time.time(); server.send_signal(signal.SIGINT); code = server.wait()
    print(f"Ctrl-C with 5 browsers waiting: ended after {(time.time() - start) * 1000:.0f} ms with {code}")
    sys.exit(0 if fine and code == 0 else 1)


main()
