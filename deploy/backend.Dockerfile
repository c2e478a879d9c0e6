FROM node:20-bookworm-slim AS interface
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.11-slim-bookworm
WORKDIR /app/backend
COPY backend/requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY backend ./
COPY deploy ./deploy
COPY --from=interface /app/frontend/dist /app/frontend/dist
RUN useradd --system --uid 10001 clinic && mkdir /data /keys && chown clinic /data
USER clinic
