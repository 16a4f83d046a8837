# syntax=docker/dockerfile:1

# The tag is the version in rust-toolchain.toml, which .dockerignore keeps out: it would fetch rustfmt and clippy.
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
# Dependencies stay built in the cache mounts. The cache may be newer than this checkout's files, hence the touch.
RUN --mount=type=cache,id=stend-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=stend-target,target=/src/target,sharing=locked \
    touch src/lib.rs src/main.rs && .ci/build-static /stend

FROM scratch
LABEL org.opencontainers.image.title="stend" \
      org.opencontainers.image.description="A test bench for loyalty integrations: LoyalClient, i-bonus.me and ProBonus in one in-memory server with its own clock" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY LICENSE-MIT LICENSE-APACHE /
COPY --from=build /stend /stend
USER 65534:65534
ENV STEND_HOST=0.0.0.0
EXPOSE 6896
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s --start-interval=100ms CMD ["/stend", "healthcheck"]
ENTRYPOINT ["/stend"]
