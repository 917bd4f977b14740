# The portal's image: one static binary, no shell, not root. It needs DATABASE_URL; /data holds the key file.
# It runs with a read-only root:  docker run --read-only --env DATABASE_URL=… --volume portal:/data …
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w" -o /out/portal ./cmd/portal \
 && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/portal /portal
COPY --from=build --chown=65532:65532 /out/data /data
ENV PORTAL_ADDR=:8080 PORTAL_DATA_DIR=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s CMD ["/portal", "healthcheck"]
ENTRYPOINT ["/portal"]
CMD ["serve"]
