# The handoff service. Build from the project's root:
#   docker build -f deploy/service.Dockerfile -t relevo/service:local .
# It holds no setting and no secret. All it writes is under /data; the rest of its file system may be read-only.

FROM python:3.11-slim AS environment
COPY requirements/services.txt requirements/tracing.txt /requirements/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /requirements/services.txt \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /requirements/tracing.txt

FROM python:3.11-slim
# The number is fixed, so that rights on volumes and on files from outside can be given to it.
RUN groupadd --gid 10001 relevo \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin relevo \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
WORKDIR /app
COPY --from=environment /opt/venv /opt/venv
COPY handoff_service ./handoff_service
# What the switchboard says, agents' ready replies, and whom the demo site lets one log in as.
COPY data/switchboard.yml data/canned.yml ./data/
COPY actions/backend/demo_customers.json ./actions/backend/
COPY deploy/healthcheck.py ./deploy/
RUN python -m compileall -q handoff_service deploy
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "deploy.healthcheck", "service"]
CMD ["python", "-m", "handoff_service"]
