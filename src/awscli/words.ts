/** The AWS CLI's words for AWS's names: `DescribeVpcs` is `describe-vpcs`. */

/** As botocore's `xform_name` does it, so that each word is the one that the AWS CLI has. */
export function kebab(name: string): string {
  return name
    .replace(/[A-Z]{2,}s$/, (plural) => `-${plural.toLowerCase()}`)
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
