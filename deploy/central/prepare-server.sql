-- Once, as PostgreSQL's superuser in database postgres:
--   psql -v ON_ERROR_STOP=1 -v it_password="$(cat it.password)" -f prepare-server.sql
-- Makes IT's login, which owns the hospital's database and is no superuser, and the database itself. Then IT fills it from a
-- machine with Lamplight, as that login: LAMPLIGHT_OWNER_URL=postgresql://hospital_it:…@db1.hospital.example:6432/lamplight_it
CREATE ROLE hospital_it LOGIN CREATEROLE NOSUPERUSER PASSWORD :'it_password';
CREATE DATABASE lamplight OWNER hospital_it TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
\connect lamplight
-- All workstations share one login. PostgreSQL lets every login store large objects and end the connections of its own name;
-- only a superuser can take that away.
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea),
  pg_catalog.pg_terminate_backend(integer, bigint), pg_catalog.pg_cancel_backend(integer) FROM PUBLIC;
