-- Rows are read by ranges of their keys, which SQLite compares byte by byte; a database made for a language would not.
alter table core_rows alter column row_key type varchar(512) collate "C";
