import { requireLabels } from '../internal/labels';
import { TaintEffect } from './toleration';

/**
 * Keeps pods off a node that do not tolerate it.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export class Taint {
  /**
   * Pods without a toleration are not scheduled there.
   *
   * @throws InvalidLabel
   */
  public static noSchedule(key: string, value: string): Taint {
    return new Taint(key, value, TaintEffect.NO_SCHEDULE);
  }

  /**
   * Pods without a toleration are scheduled there only if there is no other place.
   *
   * @throws InvalidLabel
   */
  public static preferNoSchedule(key: string, value: string): Taint {
    return new Taint(key, value, TaintEffect.PREFER_NO_SCHEDULE);
  }

  /**
   * Pods without a toleration are not scheduled there, and those that run there are evicted.
   *
   * @throws InvalidLabel
   */
  public static noExecute(key: string, value: string): Taint {
    return new Taint(key, value, TaintEffect.NO_EXECUTE);
  }

  private constructor(
    /** Its key. */
    public readonly key: string,
    /** Its value; may be empty. */
    public readonly value: string,
    /** What it does to pods that do not tolerate it. */
    public readonly effect: TaintEffect,
  ) {
    requireLabels('key', { [key]: value });
  }
}
