/** The style sheet of exported pages, for both themes and for paper. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--back:#f4f3f8;--sheet:#fff;--text:#1c1a27;--soft:#625e72;--line:#dcd9e6;--mine:#e4e1ff;--link:#4338ca;--warn:#7a4b00;--warn-back:#fff1d6}
@media (prefers-color-scheme:dark){:root{--back:#15131c;--sheet:#211e2b;--text:#eceaf4;--soft:#a8a3ba;--line:#3a3648;--mine:#37317a;--link:#b4b0ff;--warn:#ffd591;--warn-back:#3b2c10}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;padding:2rem 1rem 3rem;background:var(--back);color:var(--text);font:16px/1.45 system-ui,"Segoe UI",sans-serif}
h1{margin:0;font-size:1.5rem;overflow-wrap:anywhere}
header p,small,time,nav,.nothing{color:var(--soft)}
header p{margin:.25rem 0 1.5rem}
h2{margin:2rem 0 1rem;color:var(--soft);font-size:.875rem;font-weight:600;text-align:center}
a{color:var(--link);overflow-wrap:anywhere}
.warning{margin:0 0 1.5rem;padding:.75rem 1rem;border-radius:.75rem;background:var(--warn-back);color:var(--warn)}
nav{display:flex;justify-content:space-between;gap:1rem;margin:1rem 0}
.nothing{text-align:center;padding:3rem 0}
article{width:fit-content;min-width:6rem;max-width:85%;margin:.75rem auto 0 0;padding:.5rem .75rem;border-radius:1rem;background:var(--sheet);overflow-wrap:anywhere;content-visibility:auto;contain-intrinsic-size:auto 4rem}
article.mine{margin:.75rem 0 0 auto;background:var(--mine)}
article.follows{margin-top:.2rem}
article p{margin:.1rem 0;white-space:pre-wrap}
.sender{display:block;font-size:.8125rem}
.emoji{font-size:2rem;line-height:1.2}
blockquote{margin:.25rem 0;padding-inline-start:.75rem;border-inline-start:3px solid var(--line);white-space:pre-wrap}
pre,code{font-family:ui-monospace,Consolas,monospace;font-size:.875em}
pre{overflow:auto;margin:.25rem 0;padding:.5rem;border-radius:.5rem;background:var(--back);white-space:pre-wrap}
.reply{margin:.25rem 0;padding-inline-start:.6rem;border-inline-start:3px solid var(--link);color:var(--soft);font-size:.875rem}
.host{color:var(--warn)}
.picture{display:block;margin:.35rem 0}
img,video{display:block;max-width:100%;max-height:28rem;border-radius:.75rem}
audio{display:block;width:min(20rem,100%);margin-top:.35rem}
.file{display:flex;flex-direction:column;margin:.35rem 0;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.75rem}
ul{display:flex;flex-wrap:wrap;gap:.25rem;margin:.35rem 0 0;padding:0;list-style:none}
li{padding:0 .5rem;border:1px solid var(--line);border-radius:1rem;font-size:.875rem}
time{display:block;margin-top:.15rem;font-size:.75rem;text-align:end}
@media print{body{background:none;max-width:none}article{break-inside:avoid;border:1px solid var(--line);content-visibility:visible}}
`;
