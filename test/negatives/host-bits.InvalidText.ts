import { NetworkPeer } from '../../lib';

NetworkPeer.cidr('10.0.0.1/16');
