# Everything a day needs. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help build run cluster migrate reencrypt test fmt lint audit reset bench clean

MVN := scripts/maven.sh -B

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## Build all modules without running tests
	@$(MVN) -DskipTests package

run: ## Build and run everything in one process, with nothing else to install
	@scripts/run.sh

cluster: ## Build and run the services as a cluster of processes on this machine
	@scripts/foreground.sh scripts/cluster.sh

migrate: ## Bring the database at DATABASE_URL to the newest schema (ARGS=adopt: one of the reference)
	@scripts/migrate.sh $(ARGS)

reencrypt: ## Seal all stored tokens with the present key (beside a running system; may be run again)
	@scripts/reencrypt.sh $(ARGS)

test: ## Run every check: unit, property and integration tests, format, lint
	@$(MVN) verify

fmt: ## Repair the format of the sources
	@$(MVN) -q spotless:apply

lint: ## Check format, compiler rules and dependencies, without tests
	@$(MVN) -q -DskipTests verify

audit: ## Look for newer releases of the libraries, and write the bill of materials (needs the network)
	@scripts/audit.sh

reset: ## Remove .run: the embedded data, keys and logs
	@scripts/reset.sh

bench: ## Run the benchmarks and print ratios (ARGS="..." for one of them)
	@scripts/bench.sh $(ARGS)

clean: ## Remove what the build made
	@$(MVN) -q clean
