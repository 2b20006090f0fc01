/** One thing that the doctor looked at. */
export interface Finding {
  state: 'ok' | 'warning' | 'problem';
  text: string;
}
