// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.NetifRxRequest;
import org.xenolith.xen.abi.NetifTxRequest;
import org.xenolith.xen.abi.SharedRing;
import org.xenolith.xen.abi.XenbusState;

/** The back end of a PV network interface: 256 requests of each ring, a page each. */
@DeviceNumber(12)
final class WorkingPvInterface extends FrontEnd {
  private static final int SLOTS = 256;
  private static final int TRANSMIT_RING = 8;
  private static final int RECEIVE_RING = 9;
  private static final int TRANSMIT_REF = 100;
  private static final int RECEIVE_REF = 200;
  private static final int BUFFERS = 24;
  private static final int TRANSMIT_PAGE = 2;
  private static final int RECEIVE_PAGE = TRANSMIT_PAGE + BUFFERS;

  private final SharedRing transmit = new SharedRing();
  private final SharedRing receive = new SharedRing();
  private final NetifTxRequest sent = new NetifTxRequest();
  private final NetifRxRequest given = new NetifRxRequest();
  private int port;
  private int produced;
  private int offered;

  WorkingPvInterface() {
    super("PV network interface", 2L * SLOTS * MAPPED, "vif", "0");
    hypervisor.install("switch", factory("net.bridge.BridgeComponent"));
    hypervisor.install("netback", factory("hyp.netback.NetbackComponent"));
    node(back + "/bridge", "xenbr0");
    plug();
    connect();
  }

  private void connect() {
    grant(TRANSMIT_RING, 0, false);
    grant(RECEIVE_RING, 1, false);
    for (int i = 0; i < BUFFERS; i++) {
      grant(TRANSMIT_REF + i, TRANSMIT_PAGE + i, true);
      grant(RECEIVE_REF + i, RECEIVE_PAGE + i, false);
    }
    transmit.at(domain.memory(), domain.page(0));
    receive.at(domain.memory(), domain.page(1));
    for (SharedRing ring : List.of(transmit, receive)) {
      ring.reqEvent(1);
      ring.rspEvent(1);
    }
    port = hypervisor.eventChannels().allocateUnbound(domain, ServiceEventsPort.DOMID);
    node(front + "/tx-ring-ref", Integer.toString(TRANSMIT_RING));
    node(front + "/rx-ring-ref", Integer.toString(RECEIVE_RING));
    node(front + "/event-channel", Integer.toString(port));
    node(front + "/request-rx-copy", "1");
    node(front + "/feature-sg", "1");
    state(XenbusState.XenbusStateConnected);
  }

  /** Many requests of both rings: frames of as many parts as the input says, of any length, empty ones among them. */
  @Override
  void step(InputBytes input) {
    int count = (int) (input.next(2) % (SLOTS + 2));
    int parts = 1 + input.next() % 22;
    int length = (int) input.next(2);
    int first = (int) input.next(2);
    int offset = (int) (input.next(2) & 0xFFF);
    int flags = input.next() & (NetInterface.NETTXF_csum_blank | NetInterface.NETTXF_data_validated | NetInterface.NETTXF_extra_info);
    for (int i = 0; i < count; i++) {
      sent.at(domain.memory(), domain.page(0) + SharedRing.SIZE + (long) (produced++ & SLOTS - 1) * NetifTxRequest.SIZE);
      boolean last = i % parts == parts - 1 || i == count - 1;
      sent.gref(TRANSMIT_REF + i % BUFFERS);
      sent.offset(offset);
      sent.flags((last ? 0 : NetInterface.NETTXF_more_data) | (i % parts == 0 ? flags : 0));
      sent.id(i);
      sent.length(i % parts == 0 ? first : length);
    }
    int room = (int) (input.next(2) % (SLOTS + 1));
    for (int i = 0; i < room; i++) {
      given.at(domain.memory(), domain.page(1) + SharedRing.SIZE + (long) (offered++ & SLOTS - 1) * NetifRxRequest.SIZE);
      given.id(i);
      given.gref(RECEIVE_REF + i % BUFFERS);
    }
    transmit.reqProd(produced);
    receive.reqProd(offered);
    event(port);
  }
}
