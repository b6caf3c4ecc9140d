import { NetworkPeer } from '../../lib';

NetworkPeer.pods({ labels: { team: 'search and find' } });
