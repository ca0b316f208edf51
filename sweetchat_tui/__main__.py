"""`python -m sweetchat_tui` is `sweetchat`."""

from sweetchat_tui.cli import main

if __name__ == "__main__":
    main()
