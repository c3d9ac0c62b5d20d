-- Some pictures of a queue come twice, so that people see how sure their own names are: the number of the picture that is
-- repeated, and after which other one it is asked. A repeat is no picture of its own, and its name goes nowhere else.
ALTER TABLE label_item ADD COLUMN repeats bigint;
ALTER TABLE label_item ADD COLUMN asked_after bigint;
CREATE INDEX label_item_repeats ON label_item (project, repeats, by_id);
