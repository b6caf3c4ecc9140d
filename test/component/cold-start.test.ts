import { Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { coldStartSeconds, coldStartTerms, defaultWaitSeconds, type Sleeper } from '../../lib/component/cold-start';
import { InstanceSize } from '../../lib/sizing/instance-size';

const cpu = InstanceSize.named('cpu.2')._model;
const gpu = InstanceSize.named('gpu.l4.1')._model;
const terms = (options: Parameters<typeof coldStartTerms>[1], size = cpu, downloads = false) =>
  coldStartTerms('apiServer.startup', options, size, downloads);

describe('coldStartTerms', () => {
  // 1 GiB and 6 GiB at 60 MiB/s are 17.07 and 102.4 s.
  it('are assumed where nobody states them', () => {
    const assumed = ['node', 'image', 'model'];
    expect(terms(undefined)).toEqual({ node: 90, image: 18, model: 0, server: 10, assumed });
    expect(terms({}, gpu)).toEqual({ node: 180, image: 103, model: 0, server: 10, assumed });
  });

  it('are those that are stated', () => {
    const stated = {
      nodeStart: Duration.seconds(45),
      imageSize: Size.mebibytes(600),
      modelSize: Size.mebibytes(3000),
    };
    expect(terms(stated)).toEqual({ node: 45, image: 10, model: 10, server: 10, assumed: [] });
    // From elsewhere at 100 MiB/s, then from the disk at 300.
    expect(terms(stated, cpu, true).model).toBe(40);
  });

  it('round up: a byte takes a second', () => {
    const one = terms({ imageSize: Size.kibibytes(1), modelSize: Size.kibibytes(1) });
    expect([one.image, one.model]).toEqual([1, 1]);
  });

  it('may have a node that is there', () => {
    expect(terms({ nodeStart: Duration.seconds(0) })).toMatchObject({ node: 0, assumed: ['image', 'model'] });
    expect(terms({ nodeStart: Duration.hours(1) }).node).toBe(3600);
  });

  it.each([
    ['nodeStart', { nodeStart: Duration.seconds(3601) }, 'must be a whole number from 0 to 3600, got 3601'],
    ['nodeStart', { nodeStart: Duration.millis(1500) }, 'must be a whole number from 0 to 3600, got 1.5'],
    ['imageSize', { imageSize: Size.kibibytes(0) }, 'must be a size of at least one byte'],
    ['modelSize', { modelSize: Size.kibibytes(0) }, 'must be a size of at least one byte'],
  ])('fail on a bad %s', (key, options, rule) => {
    expect(() => terms(options)).toThrow(`[OutOfRange] 'apiServer.startup.${key}' ${rule}`);
  });
});

describe('coldStartSeconds', () => {
  const sleeper = (name: string, [node, image, model]: [number, number, number], ...waitFor: string[]): Sleeper => ({
    bentoService: name,
    model: {
      coldStart: { node, image, model, server: 10, assumed: [] },
      waitFor: waitFor.map((pool) => ({ name: pool, host: pool, port: 3000 })),
      identity: { name } as Sleeper['model']['identity'],
    },
  });

  it.each<[string, Sleeper[], number]>([
    // 2 to notice, and its own terms.
    ['of a function alone is the sum of its terms', [sleeper('root', [90, 18, 5])], 2 + 90 + 18 + 5 + 10],
    ['of what is there already is the server', [sleeper('root', [0, 0, 0])], 12],
    [
      'with a slower pool is that of the pool, and then its own model and server',
      [sleeper('root', [90, 18, 5], 'pool'), sleeper('pool', [180, 103, 20])],
      2 + (180 + 103 + 20 + 10) + 5 + 10,
    ],
    [
      'with a faster pool is its own',
      [sleeper('root', [180, 103, 5], 'pool'), sleeper('pool', [0, 0, 0])],
      2 + 180 + 103 + 5 + 10,
    ],
    [
      'with two pools is that of the slower one',
      [sleeper('root', [0, 0, 0], 'a', 'b'), sleeper('a', [50, 0, 0]), sleeper('b', [70, 0, 0])],
      2 + 80 + 10,
    ],
    [
      'of a chain adds its servers',
      [sleeper('root', [0, 0, 0], 'a'), sleeper('a', [0, 0, 7], 'b'), sleeper('b', [70, 0, 0])],
      2 + (70 + 10 + 7 + 10) + 10,
    ],
    ['leaves out pools that nobody waits for', [sleeper('root', [0, 0, 0]), sleeper('a', [500, 0, 0])], 12],
  ])('%s', (_, all, expected) => {
    expect(coldStartSeconds(all[0]!, all)).toBe(expected);
  });
});

describe('defaultWaitSeconds', () => {
  // Half as much again in half minutes, at least a minute.
  it.each([
    [0, 60],
    [40, 60],
    [41, 90],
    [60, 90],
    [61, 120],
    [120, 180],
    [295, 450],
  ])('for a start of %d s is %d s', (start, wait) => {
    expect(defaultWaitSeconds(start)).toBe(wait);
  });
});
