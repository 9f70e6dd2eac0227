-- A round's context is 135 characters, sha512: among them. SQLite takes what a column was not made for; PostgreSQL does
-- not, and a node could seal nothing.
alter table budget_charges alter column ctx type varchar(135);
