"""Makes a small Python package index (PEP 503) in the folder given, and serves it on loopback; prints its port."""
import base64, hashlib, http.server, os, sys, tarfile, zipfile

root = sys.argv[1]

SERVER = '''
import json, sys
from gatehouse_greeting import greeting

def answer(message):
    method = message.get("method")
    if method == "initialize":
        return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "weather", "version": "1.2.0"}}
    if method == "tools/list":
        return {"tools": [{"name": greeting(), "description": sys.argv[0], "inputSchema": {"type": "object"}}]}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": " ".join([sys.argv[0], *sys.argv[1:], sys.prefix])}]}
    return {}

class Program:
    def run():
        for line in sys.stdin:
            message = json.loads(line)
            if "id" in message:
                print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": answer(message)}), flush=True)
'''


def wheel(name, version, files, requires=(), scripts=""):
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {one}\n" for one in requires)
    files = {**files, f"{about}/METADATA": metadata, f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    if scripts:
        files[f"{about}/entry_points.txt"] = scripts
    sums = [(path, base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode(), len(text.encode())) for path, text in files.items()]
    files[f"{about}/RECORD"] = "".join(f"{path},sha256={digest},{size}\n" for path, digest, size in sums) + f"{about}/RECORD,,\n"
    file = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(root, "files", file), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return file


def page(project, files, lie=False):
    os.makedirs(os.path.join(root, "simple", project), exist_ok=True)
    with open(os.path.join(root, "simple", project, "index.html"), "w") as out:
        for file in files:
            digest = hashlib.sha256(open(os.path.join(root, "files", file), "rb").read()).hexdigest()
            digest = "0" * 64 if lie else digest
            out.write(f'<a href="../../files/{file}#sha256={digest}">{file}</a>\n')


os.makedirs(os.path.join(root, "files"), exist_ok=True)
greeting = wheel("gatehouse_greeting", "1.0", {"gatehouse_greeting.py": "def greeting():\n    return 'forecast'\n"})
weather = [
    wheel("gatehouse_weather", version, {"gatehouse_weather/__init__.py": "", "gatehouse_weather/main.py": SERVER},
          ["gatehouse-greeting>=1"], "[console_scripts]\ngatehouse-weather = gatehouse_weather.main:Program.run\nother = gatehouse_weather.main:answer\n")
    for version in ("1.1.0", "1.2.0")
]
lied = wheel("gatehouse_lied", "1.0", {"gatehouse_lied.py": ""})
with tarfile.open(os.path.join(root, "files", "gatehouse_built-1.0.tar.gz"), "w:gz") as archive:
    setup = os.path.join(root, "setup.py")
    open(setup, "w").write("open('/tmp/built', 'w')\n")
    archive.add(setup, "gatehouse_built-1.0/setup.py")
page("gatehouse-greeting", [greeting])
page("gatehouse-weather", weather)
page("gatehouse-lied", [lied], lie=True)
page("gatehouse-built", ["gatehouse_built-1.0.tar.gz"])


class Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=root)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
print(server.server_address[1], flush=True)
server.serve_forever()
