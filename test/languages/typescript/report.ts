import { writeFileSync } from 'node:fs';
import type { Duration } from 'cdk8s';

/** What a program reads from its objects; written at the end, so that languages can be compared. */
export class Report {
  private readonly lines: string[] = [];

  public text(name: string, value: string | undefined): void {
    this.lines.push(`${name}: ${value ?? 'none'}`);
  }

  public number(name: string, value: number | undefined): void {
    this.text(name, value === undefined ? undefined : String(value));
  }

  public flag(name: string, value: boolean): void {
    this.text(name, String(value));
  }

  public duration(name: string, value: Duration | undefined): void {
    this.text(name, value?.toHumanString());
  }

  public texts(name: string, values: string[]): void {
    this.text(name, values.join(', '));
  }

  /** Other languages lose the order of maps. */
  public map(name: string, values: { [key: string]: string }): void {
    for (const key of Object.keys(values).sort()) this.text(`${name}.${key}`, values[key]);
  }

  public numbers(name: string, values: { [key: string]: number }): void {
    for (const key of Object.keys(values).sort()) this.number(`${name}.${key}`, values[key]);
  }

  public write(file: string): void {
    writeFileSync(file, `${this.lines.join('\n')}\n`);
  }
}
