#!/bin/sh
# Runs Electron as an ordinary account, for a test driver that is root and can only name a program:
# LAMPLIGHT_ACCOUNT names the account, LAMPLIGHT_ELECTRON the program.
exec setpriv --reuid="$LAMPLIGHT_ACCOUNT" --regid="$LAMPLIGHT_ACCOUNT" --clear-groups -- "$LAMPLIGHT_ELECTRON" "$@"
