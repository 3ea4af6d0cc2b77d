// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.kit.PagedMemory;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.BlkifRequest;
import org.xenolith.xen.abi.BlkifRequestIndirect;
import org.xenolith.xen.abi.BlkifSegment;
import org.xenolith.xen.abi.BlockInterface;
import org.xenolith.xen.abi.SharedRing;
import org.xenolith.xen.abi.XenbusState;

/** The back end of a PV disk with the largest ring: 8,192 sectors, or as many pages mapped, and a request. */
@DeviceNumber(11)
final class WorkingPvDisk extends FrontEnd {
  private static final String NUMBER = "51712";
  private static final int ORDER = 4;
  private static final int PAGES = 1 << ORDER;
  private static final int SLOTS = 512;
  private static final int RING_REF = 8;
  private static final int INDIRECT_REF = 60;
  private static final int INDIRECT_PAGE = PAGES + 1;
  private static final int DATA_REF = 100;
  private static final int DATA_PAGE = PAGES + 4;
  private static final int DATA_PAGES = 32;
  private static final int MOST_SEGMENTS = 256;
  private static final int[] OPERATIONS = {BlockInterface.BLKIF_OP_READ, BlockInterface.BLKIF_OP_WRITE,
      BlockInterface.BLKIF_OP_FLUSH_DISKCACHE, BlockInterface.BLKIF_OP_WRITE_BARRIER, BlockInterface.BLKIF_OP_DISCARD,
      BlockInterface.BLKIF_OP_INDIRECT, BlockInterface.BLKIF_OP_INDIRECT, BlockInterface.BLKIF_OP_INDIRECT};

  private final PagedMemory ringMemory;
  private final SharedRing ring = new SharedRing();
  private final BlkifRequest request = new BlkifRequest();
  private final BlkifRequestIndirect indirect = new BlkifRequestIndirect();
  private int port;
  private int produced;

  WorkingPvDisk() {
    // A sector each in a page each, from disk to memory.
    super("PV disk", (8192L + 2 * MOST_SEGMENTS + SLOTS) * (MAPPED + 8) + (8192 + 2048) * 9, "vbd", NUMBER);
    try {
      hypervisor.port(VirtualDisks.class).attach(domain.serial() + "/" + NUMBER + ":disk.img", new CountedDisk(memory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hypervisor.install("blkback", factory("hyp.blkback.BlockBackendComponent"));
    long[] pages = new long[PAGES];
    for (int i = 0; i < PAGES; i++) {
      pages[i] = hypervisor.p2m().translate(domain, domain.page(i), true);
    }
    ringMemory = new PagedMemory(hypervisor.memory(), pages);
    ring.at(ringMemory, 0);
    node(back + "/mode", "w");
    node(back + "/params", "disk.img");
    plug();
    connect();
  }

  private void connect() {
    for (int i = 0; i < PAGES; i++) {
      grant(RING_REF + i, i, false);
    }
    for (int i = 0; i < DATA_PAGES; i++) {
      grant(DATA_REF + i, DATA_PAGE + i, false);
    }
    grant(INDIRECT_REF, INDIRECT_PAGE, false);
    ring.reqEvent(1);
    ring.rspEvent(1);
    port = hypervisor.eventChannels().allocateUnbound(domain, ServiceEventsPort.DOMID);
    node(front + "/ring-page-order", Integer.toString(ORDER));
    for (int i = 0; i < PAGES; i++) {
      node(front + "/ring-ref" + i, Integer.toString(RING_REF + i));
    }
    node(front + "/event-channel", Integer.toString(port));
    node(front + "/protocol", "arm-abi");
    state(XenbusState.XenbusStateInitialised);
  }

  /** Many requests of a kind, or a step back or ahead in the ring. */
  @Override
  void step(InputBytes input) {
    int kind = input.next();
    int operation = OPERATIONS[kind & 7];
    int inner = input.next() & 1;
    int segments = input.next() + 1;
    // Of which the last may be none.
    int odd = input.next();
    int first = input.next() & 7;
    int last = input.next() & 7;
    long sector = input.next(4);
    int count = (int) (input.next(2) % (SLOTS + 1));
    for (int i = 0; i < count; i++) {
      long at = SharedRing.SIZE + (long) (produced++ & SLOTS - 1) * BlkifRequest.SIZE;
      if (operation == BlockInterface.BLKIF_OP_INDIRECT) {
        indirect.at(ringMemory, at);
        ringMemory.write8(at, (byte) operation);
        ringMemory.write8(at + BlkifRequestIndirect.INDIRECT_OP, (byte) inner);
        indirect.nrSegments(segments);
        indirect.id(i);
        indirect.sectorNumber(sector);
        indirect.indirectGrefs(0, INDIRECT_REF);
      } else {
        request.at(ringMemory, at);
        request.operation(operation);
        request.nrSegments(segments & 15);
        request.id(i);
        request.sectorNumber(sector);
        for (int k = 0; k < BlockInterface.BLKIF_MAX_SEGMENTS_PER_REQUEST; k++) {
          segment(ringMemory, at + BlkifRequest.SEG + (long) BlkifSegment.SIZE * k, k, odd, first, last);
        }
      }
    }
    for (int k = 0; k < MOST_SEGMENTS; k++) {
      segment(domain.memory(), domain.page(INDIRECT_PAGE) + (long) BlkifSegment.SIZE * k, k, odd, first, last);
    }
    ring.reqProd(produced);
    ring.rspEvent(ring.rspProd() + 1);
    event(port);
  }

  private static void segment(AbiMemory to, long at, int number, int odd, int first, int last) {
    to.write32(at, number == odd ? 0xBAD : DATA_REF + number % DATA_PAGES);
    to.write8(at + 4, (byte) first);
    to.write8(at + 5, (byte) last);
  }
}
