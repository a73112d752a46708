#!/usr/bin/env python3
"""Checks a journal of Rutter without any of its code.

    verify_journal.py JOURNAL [ANCHORS]     OK | TORN | BAD, number of good records, hash of the last, anchors
    verify_journal.py - [ANCHORS]           many journals on stdin, each as: length in bytes, newline, the bytes
"""
import hashlib, json, re, sys

SEAL = re.compile(rb',"h":"([0-9a-f]{64})"\}\Z')
ANCHOR = re.compile(r'\{"run":"[^"\\]*","seq":\d+,"h":"[0-9a-f]{64}",.*\}\n?')  # a line torn by a crash anchors nothing
FIELDS = {"v": int, "run": str, "seq": int, "prev": str, "at": str, "mono_ns": int, "boot": str, "by": dict, "events": list}

def no_key_twice(pairs):
    if len(dict(pairs)) != len(pairs): raise ValueError("a key stands there twice")
    return dict(pairs)

def whole(digits):
    if digits == "-0" or not -2**63 <= int(digits) < 2**64: raise ValueError("a number nobody else can read")
    return int(digits)
def refuse(text): raise ValueError("not a whole number: " + text)
def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)

def record(line, number, before, run):
    """Returns (hash, run) of the record in this line, or None if it does not hold at this place."""
    seal = SEAL.search(line)
    if not seal or len(line) >= 65536: return None
    body = line[:seal.start()]
    sealed = b"rutter.journal.v1\n" + bytes.fromhex(before) + len(body).to_bytes(8, "big") + body
    if hashlib.sha256(sealed).hexdigest() != seal[1].decode(): return None
    try:
        r = json.loads(line.decode(), object_pairs_hook=no_key_twice, parse_int=whole, parse_float=refuse, parse_constant=refuse)
        json.dumps(r, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError): return None
    if depth(r) > 16 or any(type(r.get(name)) is not kind for name, kind in FIELDS.items()): return None
    if (r["v"], r["seq"], r["prev"]) != (1, number, before) or run not in (None, r["run"]): return None
    return seal[1].decode(), r["run"]

def verify(data, anchors):
    lines, head, run, hashes = data.split(b"\n"), "0" * 64, None, []
    for line in lines[:-1]:
        found = record(line, len(hashes), head, run)
        if not found: break
        head, run = found
        hashes.append(head)
    rest = lines[len(hashes):]  # the last of them is what follows the last newline
    torn = rest[-1] and not any(SEAL.search(line) for line in rest[:-1])
    end = "OK" if rest == [b""] else "TORN" if torn else "BAD"
    known = [a for a in anchors if run in (None, a["run"])]
    wrong = any(hashes[a["seq"]:a["seq"] + 1] != [a["h"]] for a in known)
    reach = "CONTRADICTED" if wrong else max((a["seq"] + 1 for a in known), default=0)
    return f"{end} {len(hashes)} {head} {reach}"

lines = open(sys.argv[2], errors="replace") if len(sys.argv) > 2 else []
anchors = [json.loads(line) for line in lines if ANCHOR.fullmatch(line)]
if sys.argv[1] == "-":
    while size := sys.stdin.buffer.readline(): print(verify(sys.stdin.buffer.read(int(size)), anchors), flush=True)
else:
    print(verify(open(sys.argv[1], "rb").read(), anchors))
