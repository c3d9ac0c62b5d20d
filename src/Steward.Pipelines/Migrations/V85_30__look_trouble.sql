-- Why the place where its files arrive cannot be looked at; null while it can.
ALTER TABLE pipeline ADD COLUMN look_trouble text;
