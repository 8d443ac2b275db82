# One image for every process: `serve` (the default), `worker`, `migrate`, `doctor`. See docs/operators.md.
FROM python:3.13-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/anypeople
# The dependencies first: they change seldom, and their layer is kept.
COPY requirements.lock ./
RUN /opt/anypeople/bin/pip install --require-hashes --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY app ./app
COPY schema ./schema
COPY workers ./workers
COPY migrations ./migrations
# What built the project goes again: the next stage takes the folder as it is.
RUN /opt/anypeople/bin/pip install --no-deps --no-build-isolation . \
    && /opt/anypeople/bin/pip uninstall --yes hatchling editables pip


FROM python:3.13-slim-bookworm

ENV PATH=/opt/anypeople/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ANYPEOPLE_MODE=production \
    ANYPEOPLE_HOST=0.0.0.0 \
    ANYPEOPLE_PORT=8000 \
    ANYPEOPLE_VAR=/var/lib/anypeople \
    ANYPEOPLE_LOG_JSON=true
# A fixed number, so that a volume keeps its owner from image to image.
RUN groupadd --gid 10001 anypeople \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/anypeople --shell /usr/sbin/nologin anypeople \
    && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/anypeople
COPY --from=build /opt/anypeople /opt/anypeople
USER 10001:10001
WORKDIR /var/lib/anypeople
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of `serve`. Not urllib: that would ask a proxy of the environment.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["python", "-ISc", "import http.client, os; web = http.client.HTTPConnection('127.0.0.1', int(os.environ['ANYPEOPLE_PORT']), timeout=2); web.request('GET', '/healthz'); raise SystemExit(web.getresponse().status != 200)"]
ENTRYPOINT ["anypeople"]
CMD ["serve"]
