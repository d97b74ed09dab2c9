"""Checks evidence folders: python3 verify.py DIR ... (Python 3.9, openssl 3). docs/verify.md explains every rule."""
import base64, datetime, functools, hashlib, json, os, re, subprocess, sys, tempfile; __debug__ or sys.exit("-O would skip the checks")
digest, raw, b64, en64 = lambda data: hashlib.sha256(data).digest(), bytes.fromhex, base64.b64decode, lambda data: base64.b64encode(data).decode(); sha = lambda data: digest(data).hex(); canon, load = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(), lambda text: json.loads(text, parse_float=bytes)
DOCS, SHOWN, TMP = ("receipt", "consent", "manifest", "acceptance", "witness"), ("notice.txt", "window.png", "ink.json", "answers.json"), tempfile.TemporaryDirectory()
PEM, FILES = rb"-----BEGIN CERTIFICATE-----\n(?:[\w+/]{64}\n)*[\w+/=]{1,64}\n-----END CERTIFICATE-----\n", {"ca.pem", "checkpoint", "receipt.pdf", *SHOWN, *(n + e for n in DOCS[1:] for e in (".json", ".p7s"))}
CMS = "30 L P7 02a0 L 30 L 020101310f SHA 300b P7 01a0 L CERT 31 L 30 L 02010130 L SID SHA a0 L 3018 P9 03310b P7 01 TIME 302f P9 0431220420 BODY 3037060b2a864886f70d010910022f31283026302430220420 HASH 300a06082a8648ce3d04030204 L 30 L SIG"
PDF = rb"(%PDF-.*<<\s+/Type /Sig\s+/Filter /Adobe\.PPKLite\s+/SubFilter /ETSI\.CAdES\.detached\s+/ByteRange \[0 (\d+)\s+(\d+)\s+(\d+)\s*\]\s+/Contents )<([0-9a-f]+)>(\s+/M \(D:(\d{14})Z\)\s+/Reason \(([\w ]+)\)\s+>>.*)"
SAME = """r.consent=c r.consentCms=x.cms r.manifestSha256=h.manifest_json r.language=c.processing.privacyNotice.language r.qr=x.qr r.audit.checkpoint=x.head a.consentId=c.header.recordId a.consentHash=h.consent_json
    m.consentId=c.header.recordId m.consentHash=h.consent_json m.scope=c.scope m.scopeHash=x.scope m.device=x.device m.policyVersion=c.processing.privacyNotice.policyVersion c.evidence.scopeSha256=x.scope c.processing.recipients=x.to
    c.evidence.noticeSha256=h.notice_txt c.evidence.pictureSha256=h.window_png c.evidence.inkSha256=h.ink_json c.evidence.answersSha256=h.answers_json c.withdrawalCodeSha256=x.code c.header.principalId=c.scope.subscriber
    c.processing.reason=c.scope.purpose c.scope.recipients=x.to x.answers.grants=x.grants x.asked=x.ticked x.principal=x.subscriber x.counter=x.cn x.controller=c.processing.controllers x.event.by=x.by x.schemas=x.all x.event.validUntil=c.scope.expiresAt"""
def time(text):  # seconds; there is one spelling
    d = datetime.datetime.fromisoformat(text[:-1] + "+00:00"); assert d.isoformat(timespec="milliseconds")[:-6] + "Z" == text, text; return d.timestamp()
def up(i, n, path, leaf): k = 1 << (n - 1).bit_length() >> 1; return digest(b"\1" + (up(i, k, path[:-1], leaf) + path[-1] if i < k else path[-1] + up(i - k, n - k, path[:-1], leaf))) if path or n > 1 else leaf
def grown(m, n, path, old, new): k = 1 << (n - 1).bit_length() >> 1; low = m <= k; x = (lambda y: y)(*path, *old) if m == n else grown(*((m, k) if low else (m - k, n - k)), path[:-1], old if low else [], new); return x if m == n or low and not new else digest(b"\1" + (x + path[-1] if low else path[-1] + x))
def check(folder, tmp):
    there = [x for x in os.scandir(folder) if x.name not in ("summary.json", "screens")]; assert all(x.is_file(follow_symlinks=False) for x in there), "no regular file"; f = {x.name: open(x, "rb").read() for x in there}; h = {n: sha(b) for n, b in f.items()}
    r, c, m, a, w = docs = [load(f[n + ".json"]) for n in DOCS]; e, s, p, id, made = c["evidence"], c["scope"], c["processing"], c["header"]["recordId"], r["madeAt"]
    def openssl(command, **data):  # words in capitals are files: written first, or left by the call before
        for name, content in data.items(): open(f"{tmp}/{name}", "wb").write(content)
        return subprocess.run(["openssl", *(f"{tmp}/{x}" if x.isupper() else x for x in command.split())], capture_output=True, check=True).stdout
    def signed(content, cms, role, at):  # returns the signer's certificate and its CN; a time with M is a paper's, and stands in no attribute
        stated = b"" if at[-1] == "M" else raw("301c06092a864886f70d010905310f170d") + re.sub(r"[-T:]|\..+", "", at)[2:].encode() + b"Z"; at = int(time(at.replace("M", "Z")))
        openssl(f"cms -verify -binary -inform der -in P7S -content BODY -CAfile CA -no-CApath -no-CAstore -purpose any -attime {at} -signer CERT -out OUT", P7S=cms, BODY=content)
        der = b64(b"".join(open(f"{tmp}/CERT", "rb").read().split(b"-----")[2].split())); known = {"CERT": der, "TIME": stated, "BODY": digest(content), "HASH": digest(der), "SHA": raw("300d06096086480165030402010500")}
        known.update(P7=raw("06092a864886f70d0107"), P9=raw("06092a864886f70d0109")); free = {"L": rb"(?:[\0-\x7f]|\x81[\x80-\xff]|\x82[\1-\xff].)", "SID": rb"0.{9,200}\x02.{2,21}", "SIG": b".{64,70}"}
        assert len(cms) == 4 + int.from_bytes(cms[2:4], "big") and re.fullmatch(b"".join(free.get(x) or re.escape(known[x] if x in known else raw(x)) for x in CMS.split()), cms, re.S), "a CMS of another shape"
        names = re.findall(rb"[=,+]([\w.]+)=((?:\\.|[^,+\\])*)", openssl("x509 -in CERT -noout -subject -nameopt rfc2253").strip()); called = [v.decode() for k, v in names if k == b"CN"]
        assert [v for k, v in names if k == b"OU"] == [role] and len(called) == 1 and raw("2a8648ce3d020106082a8648ce3d030107034200") in der, "signed by another"; return der, called[0]
    def pdf(name, reason, low, high):
        x = re.fullmatch(PDF, f[name], re.S); cms = raw(x[5].decode()); size = 4 + int.from_bytes(cms[2:4], "big"); at = re.sub(r"(....)(..)(..)(..)(..)(..)", r"\1-\2-\3T\4:\5:\6.000", x[7].decode())
        assert [len(x[1]), len(x[1]) + len(x[5]) + 2, len(x[6]), reason] == [*(int(x[i]) for i in (2, 3, 4)), x[8]] and f[name].count(b"/ByteRange") == 1 and not any(cms[size:]), name
        assert int(time(low)) <= time(at + "Z") <= time(high) and signed(x[1] + x[6], cms[:size], b"device", at + "M")[0] == device, name
    def logged(proof, action, low, **facts):  # returns the tree's root
        x, i, size, own, seen = proof["entry"], proof["index"], proof["size"], *map(b64, re.findall(r"\n— \S+ (\S+)", proof["checkpoint"])); root = up(i, size, [*map(raw, proof["proof"])], digest(b"\0" + canon(x)))
        (name, kid, key), text, at = w["witnessKey"].split("+", 2), f"zhiqing/audit/{cn}\n{size}\n{en64(root)}\n", int.from_bytes(seen[4:12], "big"); openssl("dgst -sha256 -verify KEY -signature SIG TEXT", SIG=own[4:], TEXT=text.encode())
        openssl("pkeyutl -verify -pubin -keyform der -inkey ED -rawin -in AT -sigfile SIG", SIG=seen[12:], ED=raw("302a300506032b6570032100") + b64(key)[1:], AT=b"cosignature/v1\ntime %d\n" % at + text.encode())
        assert i < size and x == {**x, "action": action, "consentId": id, "sessionId": c["sessionId"], "device": cn, "staffId": staff, "seq": i, "facts": {**x["facts"], **facts}}, action
        assert name == "zhiqing/central/witness" and proof["checkpoint"] == f"{text}\n— zhiqing/audit/{cn} {en64(own)}\n— {name} {en64(seen)}\n" and b64(key)[0] == 4 and seen[:4].hex() == kid == sha(name.encode() + b"\n" + b64(key))[:8]
        assert own[:4] == keyid and max(time(x["at"]) - 300, int(time(w["validFrom"]))) <= at <= time(made) + 300 and time(low) <= time(x["at"]) <= time(made), "times"; return root.hex()
    report, event, q, ticks, answers = r.get("report"), c["events"][0], c["representation"], {x["purpose"]: x["given"] for x in p["purposes"]}, load(f["answers.json"])
    assert re.fullmatch(PEM, f["ca.pem"]) and FILES | {*["report.pdf"] * bool(report)} == set(r["files"]) == set(f) - {"receipt.json", "receipt.p7s", "audit.jsonl", "audit.checkpoint"}, "files"
    assert all(h[n] == x for n, x in r["files"].items()) and [canon(d) for d in docs] + [canon(answers)] == [f[n + ".json"] for n in (*DOCS, "answers")] and f["notice.txt"].decode(), "bytes"
    openssl("version", CA=f["ca.pem"]); device, cn = signed(f["consent.json"], f["consent.p7s"], b"device", event["at"]); openssl("x509 -in CERT -pubkey -noout -out KEY")
    keyid, (staff,) = raw(sha(openssl("pkey -pubin -in KEY -outform der")))[:4], [x["id"] for x in c["parties"] if x["role"] == "staff"]
    signers = {n: signed(f[n + ".json"], f[n + ".p7s"], b"device" if n in DOCS[:2] else b"central", at)[0] for n, at in zip(DOCS, (made, event["at"], m["answeredAt"], a["acceptedAt"], w["validFrom"]))}; assert signers["receipt"] == device
    root = logged(r["audit"], "lookup-answered", event["at"], lookupId=m["lookupId"], rows=m["rows"], merkleRoot=m["merkleRoot"]); at = r["audit"]["entry"]["at"]; pdf("receipt.pdf", b"Receipt of a consent", at, made)
    if report: x, *path = report["audit"], *map(raw, report["consistency"]); (n, low), (size, top) = sorted([(r["audit"]["size"], root), (x["size"], logged(x, "report-made", at, sha256=h["report.pdf"], pages=report["pages"]))]); assert [grown(n, size, path, [raw(low)], new).hex() for new in (0, 1)] == [low, top], "two logs"; pdf("report.pdf", b"Report on communication records", at, x["entry"]["at"]); assert report["sha256"] == h["report.pdf"]
    code, sig = f"ZHIQING/1 C:{h['consent.json']} M:{h['manifest.json']} T:{r['audit']['size']}:{root} K:{keyid.hex()}".upper(), raw(r["qr"].split(" S:")[1]); openssl("dgst -sha256 -verify KEY -signature SIG TEXT", SIG=sig, TEXT=code.encode())
    given, accepted, answered, ends = map(time, (event["at"], a["acceptedAt"], m["answeredAt"], s["expiresAt"])); assert given - 300 <= accepted <= answered < ends <= given + 14400 and abs(time(at) - answered) <= 300 and time(made) < ends + 300, "times"
    x = {"scope": sha(canon(s)), "cms": en64(f["consent.p7s"]), "device": sha(device), "code": sha(r["withdrawal"]["code"].encode()), "qr": f"{code} S:{sig.hex().upper()}", "grants": {**dict.fromkeys(answers["grants"], False), **ticks}, "answers": answers,
         "to": ["subject", *["staff-released-rows"] * ticks.get("release", False)], "cn": [cn], "head": f["checkpoint"].decode(), "event": event, **{k: [y["id"] for y in c["parties"] if y["role"] == k] for k in ("principal", "counter", "controller")},
         "subscriber": [s["subscriber"]], "asked": [y["purpose"] for y in p["purposes"]], "ticked": [*ticks], "by": "principal" if q["kind"] == "self" else "representative", "schemas": [y["schema"] for y in (r, c["header"], m, a, w)], "all": [f"zhiqing-{n}/1" for n in DOCS]}
    world = {**dict(zip("rcmaw", docs)), "x": x, "h": {n.replace(".", "_"): y for n, y in h.items()}}; get = lambda path: functools.reduce(lambda value, key: value[key], path.split("."), world)
    for rule in SAME.split(): assert get(rule.split("=")[0]) == get(rule.split("=")[1]), rule
    assert ticks["lookup"] and [1, "given"] == [len(p["controllers"]), *(y["type"] for y in c["events"])] and {*m["counts"]["byCategory"]} <= {*s["categories"]} <= {y["category"] for y in p["piiCategories"]} and s["period"]["from"] <= s["period"]["to"] <= datetime.datetime.fromtimestamp(given + 28800, datetime.timezone.utc).isoformat()[:10], "scope"
def holds(folder):
    try: check(folder, TMP.name); return not print("ok  ", folder)
    except Exception as error: return bool(print("FAIL", folder, type(error).__name__, str(error)[:60]))
sys.exit(not all([holds(folder) for folder in sys.argv[1:]]))
