/** The origin of a URL as scheme and host; `URL.origin` is "null" for schemes other than the web's. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return 'null';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
