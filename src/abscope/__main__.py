"""`python -m abscope` is `abscope`."""

from abscope.cli import main

if __name__ == "__main__":
    main()
