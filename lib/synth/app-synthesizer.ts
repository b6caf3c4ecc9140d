import type { App } from 'cdk8s';
import { synthesize, synthesizeYaml } from './synthesize';

/**
 * Synthesizes any `App` of cdk8s in linear time, for apps that cannot be a `ServingApp`.
 *
 * @see https://github.com/cdk8s-bento/cdk8s-bento/blob/main/docs/speed.md
 *
 * @example
 * new BentoDeployment(new Chart(app, 'summarizer', { namespace: 'ml' }), 'Summarizer', { bento });
 * AppSynthesizer.synth(app);
 */
export class AppSynthesizer {
  /**
   * Writes what `app.synth()` of cdk8s writes, to the same files.
   *
   * @param app the app; its own `synth()` is not called
   * @throws what validations say, and how dependencies form a cycle, in the words of cdk8s
   */
  public static synth(app: App): void {
    synthesize(app);
  }

  /**
   * What `app.synthYaml()` of cdk8s returns: all objects of all charts as one YAML text.
   *
   * @param app the app; its own `synthYaml()` is not called
   * @throws what validations say, and how dependencies form a cycle, in the words of cdk8s
   */
  public static synthYaml(app: App): string {
    return synthesizeYaml(app);
  }

  private constructor() {}
}
