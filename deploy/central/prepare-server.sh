#!/bin/sh
# Run once by the image, when the cluster is new: IT's login and the hospital's empty database.
set -eu
psql -v ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
  -v it_password="$(cat /run/secrets/it_password)" --file=/opt/lamplight/prepare-server.sql
