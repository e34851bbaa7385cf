# Progress and failure lines of the scripts; source this file.

# Print one progress line on standard error.
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# Print what the user can do about a failed step, and stop.
fail() {
  printf '\033[31mStopped:\033[0m %s\n' "$*" >&2
  exit 1
}
