# Every target is a script in scripts/; this file only names them.
.DEFAULT_GOAL := help
.PHONY: help run build test watch check bench fuzz openapi

help: ## print this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: ## install what is missing, build the release, serve http://localhost:3000
	@scripts/run.sh

test: ## install what is missing, run every test: Rust on both databases, then the browser suite
	@scripts/test.sh

build: ## leave a self-contained release in dist/
	@scripts/setup.sh build
	@scripts/build.sh

watch: ## rebuild and reload at every change, for development
	@scripts/watch.sh

check: ## formatting, lints, types, dependencies
	@scripts/check.sh

bench: ## measure sizes, requests per second, start-up and memory beside their targets
	@scripts/bench.sh

fuzz: ## throw bytes at what reads keys, for a minute
	@scripts/fuzz.sh

openapi: ## write server/openapi.json anew, after a change of /v1 that is meant
	@scripts/openapi.sh
