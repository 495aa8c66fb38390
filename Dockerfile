# One image for every role (`python -m config.roles web|live|worker|beat|migrate`). No secret is baked in.
FROM python:3.11-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/prod.txt requirements/prod.txt
RUN python -m venv /venv && /venv/bin/pip install --no-deps -r requirements/prod.txt
COPY manage.py ./
COPY config config
COPY apps apps
COPY locale locale
# Values that only this one command sees: collecting files needs settings, not secrets.
RUN ENVIRONMENT=production SECRET_KEY=build FIELD_ENCRYPTION_KEYS=build ALLOWED_HOSTS=build \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 --ignore redoc

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home comanda && install -d -o comanda -g comanda /data/media
WORKDIR /app
ENV PATH=/venv/bin:$PATH ENVIRONMENT=production PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
COPY --from=build /app /app
USER comanda
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "config.roles"]
CMD ["web"]
