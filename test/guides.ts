/** Puts what a test has made between the two marks of that name in a guide; throws where the guide has none. */
export function fill(guide: string, name: string, content: string): string {
  const marked = new RegExp(`(<!-- ${name} -->\n)(?:.|\\n)*?(<!-- end of ${name} -->)`);
  if (!marked.test(guide)) throw new Error(`the guide has no place for ${name}`);
  return guide.replace(marked, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
}
