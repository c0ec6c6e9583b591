PYTHON ?= python3
LAUNCHER = @$(PYTHON) -m launcher

help: ## Show this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1 \t\2/p' Makefile | expand -t 18

run: ## Install what is missing, train if needed, start everything and show the addresses
	$(LAUNCHER) run

test: ## Run the whole test suite (ARGS="-k queue" picks from it)
	$(LAUNCHER) test $(ARGS)

lint: ## Check style and types
	$(LAUNCHER) lint

audit: ## Look for secrets, list what it is made of, and ask what is known against it
	$(LAUNCHER) audit $(ARGS)

train: ## Train the assistant if its training data changed
	$(LAUNCHER) train $(ARGS)

validate: ## Check the training data
	$(LAUNCHER) validate

evaluate: ## Let the assistant sit the exam: print, draw and compare how well it understands (ARGS=--accept keeps it)
	$(LAUNCHER) evaluate $(ARGS)

bench: ## Measure speed and understanding beside a stock Rasa assistant (ARGS="--sentences 4" is quicker)
	$(LAUNCHER) bench $(ARGS)

simulate: ## Let a day pass at the desk: waits, promises kept, one agent more or fewer (ARGS="--agents 8")
	$(LAUNCHER) simulate $(ARGS)

torture: ## Kill the service at work and account for every word (ARGS="--seed 7 --kills 1000 --database postgresql")
	$(LAUNCHER) torture $(ARGS)

load: ## Put customers and messages on the service: does it carry what is promised? (ARGS="--only ack,memory --quick")
	$(LAUNCHER) load $(ARGS)

judge: ## Show when a person is called on labelled conversations, and what a change would change
	$(LAUNCHER) judge $(ARGS)

doctor: ## Check settings and installation, and say how to mend what is missing
	$(LAUNCHER) doctor

lock: ## Write the lock files anew (ARGS=--upgrade takes the newest versions)
	$(LAUNCHER) lock $(ARGS)

.PHONY: help run test lint audit train validate evaluate bench simulate torture load judge doctor lock
