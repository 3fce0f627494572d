/** The two lines that stand above a picture and a report. */
export interface Heading {
  readonly title: string;
  readonly subtitle: string;
}
