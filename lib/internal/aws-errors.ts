import { fail, show } from './bento-error';

/** Errors of what Terraform makes. */
export const awsErrors = {
  missingPackage: (name: string, needs: string, got: string, remedy: string) =>
    fail('MissingPackage', `'aws' must find the package ${name} ${needs}, got ${got}`, remedy),

  noStack: () =>
    fail(
      'NoStack',
      'a construct of aws must lie in a TerraformStack, got none above it',
      "make it beneath `new TerraformStack(app, 'name')` of cdktf",
    ),

  missingBackend: (stack: string, got: string) =>
    fail(
      'MissingBackend',
      `the stack ${show(stack)} must say where its state lies, got ${got}`,
      'state aws.StateBackend.s3(stack, { bucket, key, region }) or aws.StateBackend.local(stack, { path })',
    ),

  nameTakenInAccount: (name: string, first: string, second: string) =>
    fail(
      'NameTakenInAccount',
      `clusters must have names of their own, but ${first} and ${second} are both ${show(name)}`,
      'state `name`: roles of IAM are called after it, and belong to no region',
    ),
};
