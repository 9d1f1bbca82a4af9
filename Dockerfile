# The image of a release: `make dist-binaries ALL=1`, then
#   docker buildx build --platform linux/amd64,linux/arm64 .
# The token is mounted as /run/secrets/containarium_token, never passed as a variable.
FROM gcr.io/distroless/cc-debian12:nonroot
ARG TARGETARCH
ARG VERSION=0.0.0
ARG REPOSITORY=containarium/mcp-server
ARG REGISTRY_NAME=io.github.containarium/mcp-server
LABEL io.modelcontextprotocol.server.name="${REGISTRY_NAME}" \
  org.opencontainers.image.title="mcp-server for Containarium" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.source="https://github.com/${REPOSITORY}" \
  org.opencontainers.image.version="${VERSION}"
# dist/oci has each binary under what Docker calls its system.
COPY --chmod=755 dist/oci/${TARGETARCH}/mcp-server /usr/local/bin/mcp-server
# A path, not the token.
# hadolint ignore=DL3064
ENV CONTAINARIUM_JWT_TOKEN_FILE=/run/secrets/containarium_token
# Its nonroot, by number: Kubernetes checks that.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/mcp-server"]
