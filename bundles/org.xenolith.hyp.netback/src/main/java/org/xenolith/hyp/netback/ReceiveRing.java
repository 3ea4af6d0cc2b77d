// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.xenolith.hyp.api.Domain;
import org.xenolith.net.api.Offload;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.NetifExtraInfo;
import org.xenolith.xen.abi.NetifRxRequest;
import org.xenolith.xen.abi.NetifRxResponse;

/** Frames to a front end, which gives pages to copy them into. */
final class ReceiveRing {
  private final RingEnd ring;
  private final GrantedPages pages;
  private final NetifRxRequest request = new NetifRxRequest();
  private final NetifRxResponse response = new NetifRxResponse();
  private final NetifExtraInfo extra = new NetifExtraInfo();
  private AbiMemory memory;
  private String fault;

  ReceiveRing(LongCell next, GrantedPages pages) {
    ring = new RingEnd(next, NetifRxRequest.SIZE);
    this.pages = pages;
  }

  RingEnd ring() {
    return ring;
  }

  void at(AbiMemory newMemory, long page) {
    memory = newMemory;
    ring.at(newMemory, page);
  }

  /** What is wrong with the ring; null while nothing is. */
  String fault() {
    return fault;
  }

  /**
   * Gives the front end a frame that begins at an offset; it isn't told before {@link RingEnd#push}.
   *
   * @return false if there is no room: then it will tell when there is more
   */
  boolean put(Domain domain, byte[] bytes, int offset, int length, int offload, int segmentSize) {
    boolean many = (offload & (Offload.TCP4 | Offload.TCP6)) != 0;
    int waiting = ring.waiting();
    if (waiting < 0) {
      fault = "more receive requests than slots";
      return false;
    }
    int needed = (length + GrantedPages.PAGE - 1) / GrantedPages.PAGE + (many ? 1 : 0);
    if (waiting < needed || !pages.present()) {
      ring.listen(waiting);
      return false;
    }
    int flags = (offload & Offload.CHECKSUM) != 0 ? NetInterface.NETRXF_csum_blank | NetInterface.NETRXF_data_validated
        : (offload & Offload.VALIDATED) != 0 ? NetInterface.NETRXF_data_validated : 0;
    int slot = 0;
    for (int done = 0; done < length;) {
      int part = Math.min(length - done, GrantedPages.PAGE);
      boolean more = done + part < length;
      boolean extraFollows = many && done == 0;
      data(domain, slot++, bytes, offset + done, part, flags | (more ? NetInterface.NETRXF_more_data : 0)
          | (extraFollows ? NetInterface.NETRXF_extra_info : 0));
      if (extraFollows) {
        segments(slot++, (offload & Offload.TCP4) != 0 ? NetInterface.XEN_NETIF_GSO_TYPE_TCPV4
            : NetInterface.XEN_NETIF_GSO_TYPE_TCPV6, segmentSize);
      }
      flags = 0;
      done += part;
    }
    ring.advance(slot);
    return true;
  }

  private void data(Domain domain, int slot, byte[] bytes, int at, int length, int flags) {
    request.at(memory, ring.slot(slot));
    int id = request.id();
    boolean written = pages.write(domain, request.gref(), bytes, at, length);
    response.at(memory, ring.slot(slot));
    response.id(id);
    response.offset(0);
    response.flags(flags);
    response.status(written ? length : NetInterface.NETIF_RSP_ERROR);
  }

  private void segments(int slot, int type, int size) {
    extra.at(memory, ring.slot(slot));
    extra.type(NetInterface.XEN_NETIF_EXTRA_TYPE_GSO);
    extra.flags(0);
    extra.gsoSize(size);
    extra.gsoType(type);
    memory.write8(ring.slot(slot) + NetifExtraInfo.GSO_TYPE + 1, (byte) 0);
    extra.gsoFeatures(0);
  }
}
