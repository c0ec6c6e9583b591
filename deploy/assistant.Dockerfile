# Rasa with the trained model, and the action server: one environment, so one image with two commands.
#   docker build -f deploy/assistant.Dockerfile -t relevo/assistant:local .
# The model is trained here, of the data that stands beside the code: what is tried is what runs, a release is one image,
# and going back is the image before. Nothing trains on a machine that serves customers.
# It holds no setting and no secret. All it writes is under /data and /tmp; the rest may be read-only.

FROM python:3.10-slim AS environment
COPY requirements/rasa.txt /requirements/
# docopt is only there as source; its hash is checked like every other.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --no-binary docopt \
       -r /requirements/rasa.txt

FROM environment AS model
WORKDIR /app
COPY config.yml domain.yml ./
COPY data ./data
COPY bot ./bot
RUN /opt/venv/bin/python -m bot.train

FROM python:3.10-slim
# The number is fixed, so that rights on volumes and on files from outside can be given to it.
RUN groupadd --gid 10001 relevo \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin relevo \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
WORKDIR /app
COPY --from=environment /opt/venv /opt/venv
COPY endpoints.yml credentials.yml ./
# The actions' own sentences: the text message with the code, and the invoice.
COPY data ./data
COPY bot ./bot
COPY actions ./actions
COPY deploy/healthcheck.py ./deploy/
RUN /opt/venv/bin/python -m compileall -q bot actions deploy
COPY --from=model /app/models ./models
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib DATA_DIR=/data
USER 10001:10001
VOLUME ["/data"]
EXPOSE 5005 5055
# The action server's container sets its own: compose files name `actions` in place of `assistant`.
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=3 CMD ["python", "-m", "deploy.healthcheck", "assistant"]
CMD ["python", "-m", "bot.run"]
