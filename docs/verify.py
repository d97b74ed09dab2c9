"""Checks evidence folders: python3 verify.py DIR ... (Python 3.9, openssl 3). docs/verify.md explains every rule."""
import base64, datetime, hashlib, json, os, re, subprocess, sys, tempfile; __debug__ or sys.exit("-O would skip the checks")
sha, raw, b64 = lambda data: hashlib.sha256(data).hexdigest(), bytes.fromhex, base64.b64decode
canon = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
time, TMP = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp(), tempfile.TemporaryDirectory()
DOCS, SHOWN = ("receipt", "consent", "manifest", "acceptance", "witness"), ("notice.txt", "window.png", "ink.json", "answers.json")
FILES = {"ca.pem", "checkpoint", "receipt.pdf", *SHOWN, *(n + e for n in DOCS[1:] for e in (".json", ".p7s"))}
CMS = "30 L 06092a864886f70d010702a0 L 30 L 020101310f SHA 300b06092a864886f70d010701a0 L CERT 31 L 30 L 02010130 ANY SHA a0 ANY 300a06082a8648ce3d04030204 L 30 ANY"
def check(folder, tmp):
    f = {n: open(f"{folder}/{n}", "rb").read() for n in os.listdir(folder) if n not in ("summary.json", "screens")}
    r, c, m, a, w = docs = [json.loads(f[n + ".json"]) for n in DOCS]; at = int(time(r["madeAt"]))
    def openssl(command, **data):  # words in capitals are files: written first, or left by the call before
        for name, content in data.items(): open(f"{tmp}/{name}", "wb").write(content)
        done = subprocess.run(["openssl", *(f"{tmp}/{x}" if x.isupper() else x for x in command.split())], capture_output=True)
        assert done.returncode == 0, f"openssl {command}"; return done.stdout
    def signed(content, cms, role):  # returns the signer's certificate
        openssl(f"cms -verify -binary -inform der -in P7S -content BODY -CAfile CA -purpose any -attime {at} -signer CERT -out OUT", P7S=cms, BODY=content)
        der = b64(b"".join(open(f"{tmp}/CERT", "rb").read().split(b"-----")[2].split()))
        shape = {"L": rb"(?:[\0-\x7f]|\x81.|\x82..)", "SHA": raw("300d06096086480165030402010500"), "ANY": b".+", "CERT": re.escape(der)}
        assert len(cms) == 4 + int.from_bytes(cms[2:4], "big") and re.fullmatch(b"".join(shape.get(x) or re.escape(raw(x)) for x in CMS.split()), cms, re.S), "a CMS of another shape"
        assert b"OU=" + role in openssl("x509 -in CERT -noout -subject -nameopt rfc2253"), "signed by another"; return der
    def pdf(name):
        p = re.fullmatch(rb"(%PDF-.*/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\].*/Contents\s*)<([0-9a-f]+)>(.*)", f[name], re.S)
        cms = raw(p[5].decode()); size = 4 + int.from_bytes(cms[2:4], "big")  # zeros fill the rest
        assert [len(p[1]), len(p[1]) + len(p[5]) + 2, len(p[6])] == [int(p[i]) for i in (2, 3, 4)] and f[name].count(b"/ByteRange") == 1, name
        assert not any(cms[size:]) and signed(p[1] + p[6], cms[:size], b"device") == device, name
    def logged(proof, action):  # returns the entry's facts and the tree's root
        e, i, n, node = proof["entry"], proof["index"], proof["size"] - 1, hashlib.sha256(b"\0" + canon(proof["entry"])).digest()
        for step in map(raw, proof["proof"]):  # RFC 9162 section 2.1.3.2
            node = hashlib.sha256(b"\1" + (step + node if i % 2 or i == n else node + step)).digest()
            while i == n and i and not i % 2: i, n = i // 2, n // 2
            i, n = i // 2, n // 2
        text, _, own, seen = re.fullmatch(r"((\S+)\n\d+\n\S+\n)\n— \2 (\S+)\n— zhiqing/central/witness (\S+)\n", proof["checkpoint"]).groups()
        ed, own, seen, body = w["witnessKey"].split("+", 2), b64(own), b64(seen), text.encode()
        assert [n, text, own[:4], seen[:4], e["action"], e["seq"], e["consentId"], e["sessionId"]] == [0, f"zhiqing/audit/{e['device']}\n"
            f"{proof['size']}\n{base64.b64encode(node).decode()}\n", keyid, raw(ed[1]), action, proof["index"], id, c["sessionId"]], action
        said, ed25519 = b"cosignature/v1\ntime %d\n" % int.from_bytes(seen[4:12], "big") + body, raw("302a300506032b6570032100") + b64(ed[2])[1:]
        openssl("dgst -sha256 -verify KEY -signature SIG TEXT", SIG=own[4:], TEXT=body)
        openssl("pkeyutl -verify -pubin -keyform der -inkey ED -rawin -in AT -sigfile SIG", SIG=seen[12:], ED=ed25519, AT=said)
        return e["facts"], node.hex()
    report, id, e, s, h = "report" in r, c["header"]["recordId"], c["evidence"], c["scope"], {n: sha(b) for n, b in f.items()}
    assert FILES | {*["report.pdf"] * report} == set(r["files"]) == set(f) - {"receipt.json", "receipt.p7s", "audit.jsonl", "audit.checkpoint"}, "files"
    assert all(h[n] == x for n, x in r["files"].items()) and [canon(d) for d in docs] == [f[n + ".json"] for n in DOCS], "bytes"
    openssl("version", CA=f["ca.pem"]); device = signed(f["consent.json"], f["consent.p7s"], b"device")
    openssl("x509 -in CERT -pubkey -noout -out KEY"); keyid = raw(sha(openssl("pkey -pubin -in KEY -outform der")))[:4]
    for n in DOCS: assert signed(f[n + ".json"], f[n + ".p7s"], b"device" if n in DOCS[:2] else b"central") == device or n in DOCS[2:], n
    pdf("receipt.pdf"); facts, root = logged(r["audit"], "lookup-answered")
    if report: pdf("report.pdf"); x, y = logged(r["report"]["audit"], "report-made")[0], r["report"]; assert [x["sha256"], y["sha256"], x["pages"]] == [*2 * [h["report.pdf"]], y["pages"]]
    text, sig = r["qr"].split(" S:"); openssl("dgst -sha256 -verify KEY -signature SIG TEXT", SIG=raw(sig), TEXT=text.encode())
    assert time(c["events"][0]["at"]) - 300 <= time(a["acceptedAt"]) <= time(m["answeredAt"]) < time(s["expiresAt"]), "times"
    assert [sha(device), r["consent"], b64(r["consentCms"]), a["consentId"], m["consentId"], a["consentHash"], m["consentHash"], m["scope"], m["scopeHash"],
            e["scopeSha256"], r["manifestSha256"], c["withdrawalCodeSha256"], r["audit"]["checkpoint"].encode(), c["events"][0]["validUntil"],
            *(facts[k] for k in ("lookupId", "rows", "merkleRoot")), *(e[k + "Sha256"] for k in ("notice", "picture", "ink", "answers")), text] == \
        [m["device"], c, f["consent.p7s"], id, id, *2 * [h["consent.json"]], s, *2 * [sha(canon(s))], h["manifest.json"], sha(r["withdrawal"]["code"].encode()),
            f["checkpoint"], s["expiresAt"], m["lookupId"], m["rows"], m["merkleRoot"], *(h[n] for n in SHOWN), "ZHIQING/1 " + (
            f"C:{h['consent.json']} M:{h['manifest.json']} T:{r['audit']['size']}:{root} K:{keyid.hex()}").upper()], "links"
def holds(folder):
    try: check(folder, TMP.name); return not print("ok  ", folder)
    except Exception as error: return bool(print("FAIL", folder, type(error).__name__, str(error)[:60]))
sys.exit(not all([holds(folder) for folder in sys.argv[1:]]))
