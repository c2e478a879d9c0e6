FROM node:20-bookworm-slim AS interface
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.11-slim-bookworm
# requirements.txt leaves the test tools out; with them `docker compose exec backend pytest` works.
ARG REQUIREMENTS=requirements.txt
ENV PYTHONUNBUFFERED=1 CLINIC_TEST_CACHE=/tmp/clinic-test-cache
WORKDIR /app/backend
COPY backend/requirements*.txt ./
RUN pip install --no-cache-dir --require-hashes -r "$REQUIREMENTS"
COPY backend ./
COPY deploy ./deploy
COPY docker-compose.yml env.example /app/
COPY --from=interface /app/frontend/dist /app/frontend/dist
RUN useradd --system --create-home --uid 10001 clinic && mkdir /data /keys && chown clinic /data
USER clinic
