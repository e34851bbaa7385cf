"""Start the demo: python -m scripts.demo_home --help."""

import signal
import sys

if __name__ == "__main__":
    # While it loads, Ctrl-C ends it without a word; there is nothing to clean up yet.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from .demo import main

    sys.exit(main())
