import type { Duration } from 'cdk8s';
import { ReleaseStage, StageEnd, type StageModel, spanned, type VersionShare } from './release-stage';

/**
 * What happens in the release of a definition, one stage after the other: who answers requests, with how many replicas, what
 * ends each stage, and what happens when it fails. Where nobody changes anything but the version, that is; of components
 * that are replaced in place at the same time each has stages of its own.
 *
 * @example
 * console.error(rag.releasePlan.toMarkdown());
 */
export class ReleasePlan {
  /** @internal */
  public static _of(owner: string, stages: readonly StageModel[]): ReleasePlan {
    return new ReleasePlan(owner, stages);
  }

  /** Its stages in order. */
  public readonly stages: ReleaseStage[];

  private constructor(
    private readonly owner: string,
    private readonly models: readonly StageModel[],
  ) {
    this.stages = models.map((model) => ReleaseStage._of(model));
  }

  /** A table in Markdown: a row for each stage. */
  public toMarkdown(): string {
    const rows = this.stages.map(row);
    return [HEADER, HEADER.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  }

  /**
   * A picture as a Gantt chart in Mermaid, which GitHub and many wikis draw. A stage that lasts until something happens has a
   * nominal length, and says so; one that a human ends has another colour.
   */
  public toMermaid(): string {
    const known = this.models.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
    const waits = this.models.filter(({ seconds }) => seconds === undefined).length;
    const nominal = Math.max(60, Math.ceil(known / NOMINAL_SHARE / 60) * 60);
    const lines = [
      'gantt',
      `  title Release of ${this.owner}${waits > 0 ? `, what lasts until something happens drawn as ${spanned(nominal)}` : ''}`,
      // Times are local to who looks at them: a day without a change of the clock.
      '  dateFormat YYYY-MM-DD HH:mm:ss',
      `  axisFormat ${known + waits * nominal > DAY_SECONDS ? 'day %-j, %H:%M' : '%H:%M'}`,
    ];
    let section: string | undefined;
    this.models.forEach((model, index) => {
      if (model.component !== section) lines.push(`  section ${plain(model.component)}`);
      section = model.component;
      const begins = index === 0 || model.atOnce === true ? BEGIN : `after s${index - 1}`;
      const tag = model.current === true ? 'active, ' : HUMANS.includes(model.endsBy) ? 'crit, ' : '';
      lines.push(`  ${plain(label(this.stages[index]!))} :${tag}s${index}, ${begins}, ${model.seconds ?? nominal}s`);
    });
    return lines.join('\n');
  }
}

/** What waits is still seen beside what lasts for hours. */
const NOMINAL_SHARE = 12;
const DAY_SECONDS = 86_400;
const BEGIN = '2001-01-01 00:00:00';
const HUMANS: readonly StageEnd[] = [StageEnd.HUMAN, StageEnd.EDIT];

const HEADER = [
  'what',
  'stage',
  'what happens',
  'lasts',
  'requests',
  'replicas',
  'gates',
  'until',
  'on failure, or back',
];

function row(stage: ReleaseStage): string[] {
  const { component, name, action, versions, gates, end, onFailure, current } = stage;
  return [
    component,
    current ? `**${name}** (here)` : name,
    action,
    text(stage.duration),
    versions.flatMap(requests).join(', '),
    versions.flatMap(replicas).join(', '),
    gates.join(', '),
    end,
    onFailure,
  ].map((cell) => cell.replaceAll('|', '\\|'));
}

function text(duration: Duration | undefined): string {
  return duration === undefined ? '' : spanned(duration.toSeconds());
}

function requests({ version, percent, besides }: VersionShare): string[] {
  const parts = [...(percent === undefined ? [] : [`${percent} %`]), ...(besides === undefined ? [] : [besides])];
  return parts.length === 0 ? [] : [`${version} ${parts.join(' and ')}`];
}

function replicas({ version, fewestReplicas, mostReplicas }: VersionShare): string[] {
  if (fewestReplicas === undefined) return [];
  return [`${version} ${fewestReplicas}${fewestReplicas === mostReplicas ? '' : ` to ${mostReplicas}`}`];
}

/** As short as a bar: how long, or that nobody knows. */
function label({ name, duration, endsBy }: ReleaseStage): string {
  return `${name}, ${duration === undefined ? WAITS[endsBy] : text(duration)}`;
}

const WAITS: { readonly [end in StageEnd]: string } = {
  [StageEnd.TIME]: '',
  [StageEnd.PODS]: 'as long as pods take',
  [StageEnd.GATES]: 'as long as gates take',
  [StageEnd.HUMAN]: 'until a human promotes',
  [StageEnd.EDIT]: 'until an edit',
};

/** Of Mermaid: what ends a name, or begins a comment. */
function plain(name: string): string {
  return name.replace(/[:;#]/g, ' ');
}
