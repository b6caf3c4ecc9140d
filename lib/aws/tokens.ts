/** Whether only Terraform knows what it is: such a value may go to no other than Terraform. */
export function isToken(value: string): boolean {
  return typeof value === 'string' && value.includes('${');
}
