"""Pulling from a hub of our own over loopback, with huggingface_hub's own code."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.models.pull import pull
from grounding_ros.perception.models.store import CHECKSUMS, find

CARD = CARDS["owlv2"]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class FakeHub:
    """What huggingface_hub asks of a hub, for one repository; `served` counts the files sent."""

    def __init__(self, files):
        self.files = dict(files)
        self.gated = False
        self.served = []
        self.asked_for = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _handler(hub):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            def do_GET(self):
                path = self.path.partition("?")[0]
                hub.asked_for.append(path)
                if hub.gated:
                    return self.answer(403, X_Error_Code="GatedRepo")
                repository = f"/{CARD.hub_id}"
                if path.startswith(f"/api/models{repository}/revision/"):
                    names = [{"rfilename": name} for name in hub.files]
                    told = {"id": CARD.hub_id, "modelId": CARD.hub_id, "sha": COMMIT}
                    return self.answer(200, json.dumps({**told, "siblings": names}).encode())
                if path.startswith(f"/api/models{repository}/tree/{COMMIT}"):
                    tree = [
                        {"type": "file", "path": name, "size": len(text), "oid": oid(text)}
                        for name, text in hub.files.items()
                    ]
                    return self.answer(200, json.dumps(tree).encode())
                name = path.removeprefix(f"{repository}/resolve/{COMMIT}/")
                if name not in hub.files:
                    return self.answer(404, X_Error_Code="EntryNotFound")
                if self.command == "GET":
                    hub.served.append(name)
                text = hub.files[name]
                return self.answer(200, text, ETag=f'"{oid(text)}"', X_Repo_Commit=COMMIT)

            do_HEAD = do_GET

        return Handler


def oid(text):
    return hashlib.sha1(text).hexdigest()


def sha256(text):
    return hashlib.sha256(text).hexdigest()


@pytest.fixture
def hub(monkeypatch):
    hub_library = pytest.importorskip("huggingface_hub.constants", reason="needs the extra models")
    monkeypatch.setattr(hub_library, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hub_library, "HF_HUB_DISABLE_PROGRESS_BARS", True)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    files = {name: name.encode() for name in CARD.files}
    one = FakeHub({**files, "pytorch_model.bin": b"pickle", "modeling.py": b"code"})
    yield one
    one.close()


def test_the_needed_files_come_without_pickles_and_code_and_are_recorded(hub, tmp_path):
    made = pull("owlv2", tmp_path, hub.endpoint)
    assert (made.hub_id, made.commit) == (CARD.hub_id, COMMIT)
    assert made.files == {name: sha256(name.encode()) for name in sorted(CARD.files)}
    there = {path.name for path in (tmp_path / "owlv2").iterdir()}
    assert there == {*CARD.files, CHECKSUMS}
    assert sorted(hub.served) == sorted(CARD.files)
    assert find("owlv2", tmp_path) == tmp_path / "owlv2"


def test_what_is_there_is_not_asked_for_again(hub, tmp_path):
    first = pull("owlv2", tmp_path, hub.endpoint)
    hub.asked_for.clear()
    assert pull("owlv2", tmp_path, hub.endpoint) == first
    assert hub.asked_for == []


def test_a_lost_file_comes_back_only_as_it_was(hub, tmp_path):
    pull("owlv2", tmp_path, hub.endpoint)
    (tmp_path / "owlv2" / "vocab.json").unlink()
    pull("owlv2", tmp_path, hub.endpoint)
    assert (tmp_path / "owlv2" / "vocab.json").read_bytes() == b"vocab.json"
    (tmp_path / "owlv2" / "model.safetensors").unlink()
    hub.files["model.safetensors"] = b"somebody else's"
    with pytest.raises(BackendError, match=r"expected .*model\.safetensors with the SHA-256"):
        pull("owlv2", tmp_path, hub.endpoint)
    with pytest.raises(BackendError, match="SHA-256"):
        find("owlv2", tmp_path)


def test_a_repository_without_safetensors_is_refused(hub, tmp_path):
    del hub.files["model.safetensors"]
    with pytest.raises(BackendError, match=r"expected model\.safetensors in .*, got none"):
        pull("owlv2", tmp_path, hub.endpoint)
    assert not (tmp_path / "owlv2" / CHECKSUMS).exists()


def test_weights_in_several_files_come_all(hub, tmp_path):
    del hub.files["model.safetensors"]
    shards = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    index = {"weight_map": {"a": shards[0], "b": shards[1], "c": shards[0]}}
    hub.files["model.safetensors.index.json"] = json.dumps(index).encode()
    hub.files[shards[0]] = b"first"
    with pytest.raises(BackendError, match=f"expected {shards[1]} in"):
        pull("owlv2", tmp_path / "half", hub.endpoint)
    hub.files[shards[1]] = b"second"
    assert set(pull("owlv2", tmp_path, hub.endpoint).files) >= set(shards)
    find("owlv2", tmp_path)


def test_gated_weights_say_how_to_get_them(hub, tmp_path):
    hub.gated = True
    with pytest.raises(BackendError, match=r"GatedRepoError.*accept its terms.*copy the files"):
        pull("owlv2", tmp_path, hub.endpoint)


def test_without_a_network_the_files_and_their_place_are_named(hub, tmp_path, monkeypatch):
    hub_library = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(hub_library, "HF_HUB_OFFLINE", True)
    folder = tmp_path / "owlv2"
    folder.mkdir()
    (folder / "config.json").write_text("{}")  # half filled is not good
    with pytest.raises(BackendError) as raised:
        pull("owlv2", tmp_path, hub.endpoint)
    sentence = str(raised.value)
    assert "model.safetensors" in sentence
    assert "config.json" not in sentence.replace("preprocessor_config.json", "").replace(
        "tokenizer_config.json", ""
    )
    assert f"{CARD.hub_id} from the hub" in sentence
    assert str(folder) in sentence
    assert hub.asked_for == []
