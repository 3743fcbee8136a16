# A small glibc image that runs as an ordinary user. Dependencies are installed by hash, then the wheel on top.
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir uv
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY schemas schemas
COPY handlers handlers
COPY consumers consumers
COPY service service
COPY sandbox sandbox
RUN uv venv /app \
    && uv pip compile pyproject.toml --no-header --no-emit-index-url --constraint requirements.lock --output-file /tmp/runtime.txt \
    && uv pip install --python /app/bin/python -r /tmp/runtime.txt \
    && uv build --wheel --out-dir /tmp/wheel \
    && uv pip install --python /app/bin/python --no-deps /tmp/wheel/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home ledgerhook
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER ledgerhook
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
CMD ["ledgerhook", "--help"]
