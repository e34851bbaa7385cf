# The versions of Home Assistant and their virtual environments; source this file.

# What the test stack of requirements_test.txt brings; the oldest that is supported.
FLOOR_VERSION=2026.10.4
# What the demo and the end-to-end run use.
DEMO_VERSION=2026.11.0
DEMO_VENV=.venv-demo

# What the tests run on.
HOME_ASSISTANT="${HOME_ASSISTANT:-$FLOOR_VERSION}"
TEST_VENV=.venv
if [ "$HOME_ASSISTANT" != "$FLOOR_VERSION" ]; then
  TEST_VENV=".venv-$HOME_ASSISTANT"
fi

# Home Assistant starts in a third of the time when its bytecode is kept.
unset PYTHONDONTWRITEBYTECODE
