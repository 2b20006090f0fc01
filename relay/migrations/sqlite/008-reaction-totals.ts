/** How often each emoji was chosen, kept as reactions come and go: a row for each that somebody has chosen. */
export const reactionTotals = `
CREATE TABLE reaction_totals (
  emoji TEXT NOT NULL,
  -- PostgreSQL's alone: 0.
  part INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (emoji, part)
) STRICT, WITHOUT ROWID;
INSERT INTO reaction_totals (emoji, part, value) SELECT emoji, 0, COUNT(*) FROM reactions GROUP BY emoji;
`;
