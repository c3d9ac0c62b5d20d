-- How a picture looks, so that twins are found without decoding it again: the digest of its pixels, the difference hash,
-- and the tiny picture beside it. Bytes that are no picture have a row, too, with nothing in it: they are not tried again.
CREATE TABLE picture_print (
  project text   NOT NULL,
  blob    text   NOT NULL,
  pixels  text   NOT NULL,
  bits    bigint NOT NULL,
  small   ${blob} NOT NULL,
  PRIMARY KEY (project, blob)
);
