// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.xenolith.hyp.api.Domain;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.Offload;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.NetifExtraInfo;
import org.xenolith.xen.abi.NetifTxRequest;
import org.xenolith.xen.abi.NetifTxResponse;

/**
 * Frames from a front end. A frame is a chain: its first slot tells its length as a whole, then come extra slots, then the slots
 * of its other parts. What can only be a broken front end (chains that end nowhere, parts beyond their page) is a fault, after
 * which the ring isn't looked at any more; other mistakes are answered with an error.
 */
final class TransmitRing {
  /** Slots that a frame may have (XEN_NETIF_NR_SLOTS_MIN). */
  static final int MOST_PARTS = 18;
  /** A chain with more than these isn't even answered. */
  private static final int FATAL_PARTS = 20;

  private final RingEnd ring;
  private final GrantedPages pages;
  private final MulticastFilter filter;
  private final NetifTxRequest request = new NetifTxRequest();
  private final NetifTxResponse response = new NetifTxResponse();
  private final NetifExtraInfo extra = new NetifExtraInfo();
  private final byte[] frame;
  private AbiMemory memory;
  private String fault;
  // The chain that is being looked at.
  private final int[] refs = new int[FATAL_PARTS];
  private final int[] offsets = new int[FATAL_PARTS];
  private final int[] sizes = new int[FATAL_PARTS];
  private final int[] ids = new int[FATAL_PARTS];
  private int parts;
  private int extras;
  private int flags;
  private int segmentType;
  private int segmentSize;
  private int filterChange;
  private long filterAddress;

  /** @param frame room for a frame of any size, shared by all rings */
  TransmitRing(LongCell next, GrantedPages pages, MulticastFilter filter, byte[] frame) {
    ring = new RingEnd(next, NetifTxRequest.SIZE);
    this.pages = pages;
    this.filter = filter;
    this.frame = frame;
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

  /** Sends all frames that wait. @return whether the front end wants to be told of answers */
  boolean serve(Domain domain, StationPort station) {
    // What the front end adds meanwhile makes an event of its own.
    int waiting = ring.waiting();
    if (waiting < 0) {
      fault = "more transmit requests than slots";
    }
    while (waiting > 0 && fault == null && pages.present()) {
      int slots = chain(waiting);
      if (slots > 0) {
        int status = filterChange != 0 ? filter() : send(domain, station);
        answer(status);
        waiting -= slots;
      }
    }
    if (fault != null) {
      return false;
    }
    ring.listen(waiting);
    return ring.push();
  }

  /** Looks at the chain that begins at the next slot. @return how many slots it has; 0 if it is a fault */
  private int chain(int waiting) {
    request.at(memory, ring.slot(0));
    refs[0] = request.gref();
    offsets[0] = request.offset();
    ids[0] = request.id();
    flags = request.flags();
    int left = request.length();
    segmentType = 0;
    segmentSize = 0;
    filterChange = 0;
    parts = 1;
    extras = 0;
    if ((flags & NetInterface.NETTXF_extra_info) != 0 && !extras(waiting)) {
      return 0;
    }
    if (filterChange != 0) {
      return 1 + extras;
    }
    int at = 1 + extras;
    for (int more = flags & NetInterface.NETTXF_more_data; more != 0; at++) {
      if (at >= waiting) {
        return fault("a frame goes on behind the last request");
      }
      if (parts == FATAL_PARTS) {
        return fault("a frame of more than " + FATAL_PARTS + " parts");
      }
      request.at(memory, ring.slot(at));
      int part = parts++;
      refs[part] = request.gref();
      offsets[part] = request.offset();
      sizes[part] = request.length();
      ids[part] = request.id();
      more = request.flags() & NetInterface.NETTXF_more_data;
      if (offsets[part] + sizes[part] > GrantedPages.PAGE) {
        return fault("a part of a frame leaves its page");
      }
      left -= sizes[part];
    }
    // Too many parts, or parts that are more than the whole: an error, no fault.
    sizes[0] = parts <= MOST_PARTS ? left : -1;
    if (offsets[0] + sizes[0] > GrantedPages.PAGE) {
      return fault("a frame leaves its page");
    }
    return at;
  }

  private boolean extras(int waiting) {
    int more;
    do {
      if (1 + extras >= waiting) {
        fault("an extra slot is missing");
        return false;
      }
      long slot = ring.slot(1 + extras);
      extra.at(memory, slot);
      int type = extra.type();
      more = extra.flags() & NetInterface.XEN_NETIF_EXTRA_FLAG_MORE;
      if (type == NetInterface.XEN_NETIF_EXTRA_TYPE_NONE || type >= NetInterface.XEN_NETIF_EXTRA_TYPE_MAX) {
        fault("an extra slot of type " + type);
        return false;
      }
      if (type == NetInterface.XEN_NETIF_EXTRA_TYPE_GSO) {
        segmentType = extra.gsoType();
        segmentSize = extra.gsoSize();
        if (segmentSize == 0 || segmentType != NetInterface.XEN_NETIF_GSO_TYPE_TCPV4
            && segmentType != NetInterface.XEN_NETIF_GSO_TYPE_TCPV6) {
          fault("segments of type " + segmentType + " with " + segmentSize + " bytes");
          return false;
        }
      } else if (type != NetInterface.XEN_NETIF_EXTRA_TYPE_HASH) {
        filterChange = type;
        filterAddress = 0;
        for (int i = 0; i < NetifExtraInfo.MCAST_ADDR_BYTES; i++) {
          filterAddress = filterAddress << 8 | memory.read8(slot + NetifExtraInfo.MCAST_ADDR + i) & 0xFF;
        }
      }
      extras++;
    } while (more != 0);
    return true;
  }

  private int fault(String what) {
    fault = what;
    return 0;
  }

  private int filter() {
    if (filterChange == NetInterface.XEN_NETIF_EXTRA_TYPE_MCAST_DEL) {
      filter.remove(filterAddress);
      return NetInterface.NETIF_RSP_OKAY;
    }
    boolean group = (filterAddress >>> 40 & 1) != 0;
    return group && filter.add(filterAddress) ? NetInterface.NETIF_RSP_OKAY : NetInterface.NETIF_RSP_ERROR;
  }

  /** Sends the frame. @return the status of its answer */
  private int send(Domain domain, StationPort station) {
    int length = 0;
    for (int part = 0; part < parts; part++) {
      if (sizes[part] < 0 || !pages.read(domain, refs[part], offsets[part], frame, length, sizes[part])) {
        return NetInterface.NETIF_RSP_ERROR;
      }
      length += sizes[part];
    }
    if (length < EthernetPort.HEADER) {
      return NetInterface.NETIF_RSP_ERROR;
    }
    int offload = (flags & NetInterface.NETTXF_csum_blank) != 0 ? Offload.CHECKSUM
        : (flags & NetInterface.NETTXF_data_validated) != 0 ? Offload.VALIDATED : 0;
    if (segmentSize != 0) {
      offload |= Offload.CHECKSUM | (segmentType == NetInterface.XEN_NETIF_GSO_TYPE_TCPV4 ? Offload.TCP4 : Offload.TCP6);
    }
    station.send(frame, 0, length, offload, segmentSize);
    return NetInterface.NETIF_RSP_OKAY;
  }

  /** Answers each slot of the chain: parts with the status, extra slots with an answer that is none. */
  private void answer(int status) {
    int at = 0;
    for (int part = 0; part < parts; part++) {
      response.at(memory, ring.slot(at++));
      response.id(ids[part]);
      response.status(status);
      for (int i = 0; part == 0 && i < extras; i++) {
        response.at(memory, ring.slot(at++));
        response.status(NetInterface.NETIF_RSP_NULL);
      }
    }
    ring.advance(at);
  }
}
