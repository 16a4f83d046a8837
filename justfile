# `just` lists the recipes; `just ci` is everything that must hold before a change lands.

# List the recipes.
default:
    @just --list

# Everything .ci/run runs: the quick checks first.
ci: fmt-check compose deny lint docs image guard test recipes browser contracts clients schemathesis fuzz

# Format the source.
fmt:
    cargo fmt

# Is the source formatted?
fmt-check:
    cargo fmt --check

# Clippy, on everything that is compiled; a warning fails. Cargo counts some benches to no set of targets.
lint:
    cargo clippy --locked --all-targets -- -D warnings
    cargo clippy --locked --bench peers --bench soak -- -D warnings

# All tests, by the README's own command.
test:
    cargo test

# The API documentation builds; a broken link fails.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Dependencies: bans, licences, sources (deny.toml).
deny:
    cargo deny --locked check --hide-inclusion-graph bans licenses sources

# Builds the image's static binary, and runs it alone in an empty root.
image:
    .ci/image-check

# docker-compose.yml and Dockerfile say what the README promises.
compose:
    .ci/compose-check

# The recipes of docs/parallel-tests.md, each with its own tool, against one server.
recipes:
    cargo build --locked
    .ci/recipes "${CARGO_TARGET_DIR:-target}/debug/stend"

# The contract documents pass an OpenAPI linter; needs npm.
contracts:
    npx --yes @redocly/cli@2.77.0 lint

# The instructions of hot paths, held against benches/guard/baseline.json; needs valgrind.
guard:
    .ci/instructions

# Take the instructions as they are now for the baseline; then say in the commit why.
guard-accept:
    .ci/instructions --accept

# Every page in headless Chromium, used as a person would; needs npm.
browser:
    cargo build --locked
    .ci/browser "${CARGO_TARGET_DIR:-target}/debug/stend"

# Schemathesis over the four documents, against a live stend; needs python3 with pip.
schemathesis:
    cargo build --locked
    .ci/schemathesis "${CARGO_TARGET_DIR:-target}/debug/stend"

# Clients generated from the four documents, in Python and in TypeScript, against a live stend; needs pip and npm.
clients:
    cargo build --locked
    .ci/clients "${CARGO_TARGET_DIR:-target}/debug/stend"

# Fuzz each target of fuzz/ for so many seconds; needs a nightly compiler. `just fuzz 600` before a release.
fuzz seconds="20" *targets:
    .ci/fuzz {{seconds}} {{targets}}

# Measure what the documents claim about speed.
bench:
    cargo bench

# stend beside WireMock, Mockoon, Prism, json-server and httpmock; needs npm, and Java for WireMock.
bench-peers *options:
    cargo bench --bench peers -- {{options}}

# Three million mixed requests: does anything grow, slow down or go wrong?
soak requests="3000000":
    cargo bench --bench soak -- {{requests}}

# Rewrite the golden files; then read the diff.
accept:
    UPDATE=1 cargo test
