/** How nodes reach the internet. */
export enum NatGateways {
  /** A gateway in each zone: a zone that fails takes no other with it, and no traffic between zones is paid for. */
  ONE_PER_ZONE = 'one-per-zone',
  /** One for all zones: cheaper, and without it nodes pull no images. */
  SINGLE = 'single',
}
