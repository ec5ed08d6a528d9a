# The production server, `idp serve`, as a user without rights. Settings come from IDP_* variables (docs/settings.md).

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/idp/source
RUN python -m venv /opt/idp
COPY requirements.lock ./
RUN /opt/idp/bin/pip install --require-hashes -r requirements.lock
# The program runs from its source folder, where it finds its migrations beside it.
COPY . .
RUN /opt/idp/bin/pip install --no-deps --no-build-isolation --editable .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/idp idp
COPY --from=build /opt/idp /opt/idp
ENV PATH=/opt/idp/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    IDP_HOST=0.0.0.0 \
    IDP_PORT=9229 \
    IDP_DATA=/var/lib/idp
USER idp
WORKDIR /var/lib/idp
VOLUME /var/lib/idp
EXPOSE 9229
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$IDP_PORT/readyz', timeout=4)"
STOPSIGNAL SIGTERM
ENTRYPOINT ["idp"]
CMD ["serve"]
