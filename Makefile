# Each target is one line that calls a script, so the product also starts without make.
.PHONY: run test bench proof up down build migrate makemigrations seed lint format shell createsuperuser logs clean

run: ; @scripts/run
test: ; @scripts/test
bench: ; @scripts/bench
proof: ; @scripts/proof

up: ; docker compose up -d
down: ; docker compose down
build: ; docker compose build
migrate: ; @scripts/manage migrate
makemigrations: ; @scripts/makemigrations
seed: ; @scripts/manage seed
lint: ; @scripts/lint
format: ; @scripts/lint --fix
shell: ; @scripts/manage shell
createsuperuser: ; @scripts/manage createsuperuser
logs: ; @scripts/logs
clean: ; @scripts/clean
