"""Serve Milvus until standard input closes: run by the interpreter of Milvus's own environment, prints the port."""

import fcntl
import os
import socket
import sys
from pathlib import Path

from milvus import MilvusServer  # type: ignore[import-not-found]

PORTS = (
    "root_coord_port", "proxy_port", "proxy_internal_port", "query_coord_port", "query_node_port",
    "index_coord_port", "index_node_port", "data_coord_port", "data_node_port",
)  # fmt: skip
# Tests wait for what the server does by the clock (milliseconds), again and again; few channels make the looks cheap.
SOONER = {
    "dmlChannelNum: 16": 2, "timeTickInterval: 200": 40, "checkInterval: 1000": 200, "distPullInterval: 500": 100,
}  # fmt: skip


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def main(folder: str) -> None:
    """Start the server with its files in `folder`, and stop it once nobody needs it any more."""
    # The package unpacks its program (half a minute) where the server's files are: once is enough.
    program = Path(sys.prefix) / "server"
    program.mkdir(exist_ok=True)
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "bin").symlink_to(program)
    client, peer, *ports = free_ports(len(PORTS) + 2)
    urls = {"client": f"http://127.0.0.1:{client}", "peer": f"http://127.0.0.1:{peer}"}
    settings = [f"{what}-{kind}-urls: {url}" for kind, url in urls.items() for what in ("listen", "advertise")]
    etcd = Path(folder) / "etcd.yaml"
    etcd.write_text(
        "\n".join(settings).replace("advertise-peer", "initial-advertise-peer")
        + f"\ninitial-cluster: default={urls['peer']}\n"
    )
    os.environ["ETCD_CONFIG_PATH"] = str(etcd)
    server = MilvusServer()
    server.set_base_dir(folder)
    server.config.set("etcd_port", client)
    for name, port in zip(PORTS, ports, strict=True):
        server.config.set(name, port)
    for usual, here in SOONER.items():
        assert usual in server.config.template_text
        server.config.template_text = server.config.template_text.replace(usual, f"{usual.partition(':')[0]}: {here}")
    with (program / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once would unpack into each other's program
        server.start()
    sys.stdout.write(f"{server.listen_port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
