-- How many questions a queue gathers before it closes by itself; null for one whose pictures are chosen once.
ALTER TABLE label_queue ADD COLUMN gathers bigint;
CREATE INDEX label_item_of_answer ON label_item (project, prediction);
