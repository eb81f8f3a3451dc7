# One image that builds releases and serves them. docs/operations.md says how; compose.yaml does both.
FROM python:3.13-slim AS packages
COPY requirements.txt /
RUN python -m venv /venv && /venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps -r /requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home lod && install --directory --owner=lod /releases
COPY --from=packages /venv /venv
WORKDIR /app
COPY LICENSE README.md ./
COPY ontology ontology
COPY shapes shapes
COPY loaders loaders
COPY service service
USER lod
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LOD_RELEASES=/releases LOD_HOST=0.0.0.0 LOD_PORT=8000
VOLUME /releases
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
ENTRYPOINT ["python", "-m"]
CMD ["service"]
