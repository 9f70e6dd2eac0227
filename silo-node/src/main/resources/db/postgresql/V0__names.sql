-- The common scripts call a string of bytes a blob; PostgreSQL calls it bytea.
create domain blob as bytea;
