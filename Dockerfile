# workshop-sync as a container: non-root, on a read-only root, with a volume for the configuration and one for the state.
#
#   docker build -t workshop-sync .
#   docker run -d --name workshop-sync --read-only --cap-drop ALL --security-opt no-new-privileges \
#     --stop-timeout 60 -p 127.0.0.1:8080:8080 --env-file workshop-sync.env \
#     -v /etc/workshop-sync:/config:ro -v workshop-sync-state:/state workshop-sync
#
# - Published ports reach only what listens on all addresses: set `server.host: 0.0.0.0` in the configuration.
#   Without it the probes below still work, and nothing outside the container reaches the server.
# - `docker stop` sends SIGTERM: nothing new is sent to Workshop, what is in flight is settled, exit code 143. That takes at
#   most `workshop.timeout` (30 s), so give it more than Docker's 10 s: `--stop-timeout 60`, or `stop_grace_period` in Compose.
# - Everything that is written goes to /state, temporary files too. It needs a real disk: the database must not be on a
#   network file system. A directory of the host that is mounted there must belong to uid 1000.
# - To pin what is built byte for byte, write the digest behind the tag, node:24.21-bookworm-slim@sha256:…, as
#   `docker buildx imagetools inspect node:24.21-bookworm-slim` prints it, and let a bot raise both.

FROM node:24.21-bookworm-slim AS build
# Only for packages without a prebuilt binary for this platform.
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21-bookworm-slim
ENV NODE_ENV=production \
    WORKSHOP_SYNC_CONFIG=/config/workshop-sync.yaml \
    STATE_DIRECTORY=/state \
    TMPDIR=/state \
    SQLITE_TMPDIR=/state \
    HEALTH_URL=http://127.0.0.1:8080/healthz
WORKDIR /app
COPY package.json LICENSE ./
COPY config ./config
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN mkdir /config /state && chown node:node /state && chmod 700 /state
VOLUME ["/config", "/state"]
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
# Alive, not ready: a container that waits for an approval must not be restarted. Another `server.port` needs another
# HEALTH_URL; `server: null` and one-off commands need `--no-healthcheck`.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
