/** Why the counter does not start, for the people who can change it. */
export class StartRefusal extends Error {
  override readonly name = 'StartRefusal';
  readonly zh: string;
  readonly en: string;
  /** Both say what is wrong and what to do; neither holds a secret or a customer's value. SECURITY: S12 */
  constructor(zh: string, en: string) {
    super(en);
    this.zh = zh;
    this.en = en;
  }
}
