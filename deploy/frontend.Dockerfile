FROM node:20-bookworm-slim AS interface
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM nginx:1.27
COPY deploy/nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=interface /app/frontend/dist/assets /usr/share/nginx/html/static/assets
