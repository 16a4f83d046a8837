"""The assertions of compose-check; needs PyYAML."""

import pathlib
import re
import tomllib

import yaml

problems = []


def expect(what, seen, wanted):
    if seen != wanted:
        problems.append(f"{what}: expected {wanted!r}, found {seen!r}")


services = yaml.safe_load(pathlib.Path("docker-compose.yml").read_text())["services"]
expect("docker-compose.yml: services", list(services), ["stend"])
stend = services["stend"]
expect("docker-compose.yml: build", stend.get("build"), ".")
expect("docker-compose.yml: ports", stend.get("ports"), ["127.0.0.1:6896:6896"])
expect("docker-compose.yml: read_only", stend.get("read_only"), True)
expect("docker-compose.yml: cap_drop", stend.get("cap_drop"), ["ALL"])
expect("docker-compose.yml: security_opt", stend.get("security_opt"), ["no-new-privileges:true"])

# One instruction a line, as [name, rest].
text = re.sub(r"\\\n", " ", pathlib.Path("Dockerfile").read_text())
dockerfile = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]


def instructions(name):
    return [re.sub(r"\s+", " ", rest) for keyword, rest in dockerfile if keyword == name]


healthcheck = '--interval=5s --timeout=2s --start-period=5s --start-interval=100ms CMD ["/stend", "healthcheck"]'
toolchain = tomllib.loads(pathlib.Path("rust-toolchain.toml").read_text())["toolchain"]["channel"]
expect("Dockerfile: FROM", instructions("FROM"), [f"rust:{toolchain}-slim-bookworm AS build", "scratch"])
expect("Dockerfile: USER", instructions("USER"), ["65534:65534"])
expect("Dockerfile: ENV", instructions("ENV"), ["STEND_HOST=0.0.0.0"])
expect("Dockerfile: EXPOSE", instructions("EXPOSE"), ["6896"])
expect("Dockerfile: HEALTHCHECK", instructions("HEALTHCHECK"), [healthcheck])
expect("Dockerfile: ENTRYPOINT", instructions("ENTRYPOINT"), ['["/stend"]'])

for copy in instructions("COPY"):
    *sources, _ = copy.split()
    for source in sources:
        if not copy.startswith("--from=") and not pathlib.Path(source).exists():
            problems.append(f"Dockerfile: COPY of {source!r}, which is not there")

if problems:
    raise SystemExit("\n".join(problems))
print("compose-check: ok")
