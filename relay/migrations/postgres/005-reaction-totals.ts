/**
 * How often each emoji was chosen, as in SQLite, in parts as the counters are. A reaction's part follows from its id, so that
 * it is taken back where it was counted, and a part that has come to nothing can go.
 */
export const reactionTotals = `
CREATE TABLE reaction_totals (
  emoji text COLLATE "C" NOT NULL,
  part integer NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (emoji, part)
);
INSERT INTO reaction_totals (emoji, part, value)
SELECT emoji, ascii(right(id, 1)) % 16, COUNT(*) FROM reactions GROUP BY emoji, ascii(right(id, 1)) % 16;
`;
