// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Drives the machine's ITS (Arm IHI 0069H, chapter 5 and 12.19) by MMIO; its tables are flat and in frames of the hypervisor's, and
 * stay for good. Collection n leads to processor n. Left alone until a domain wants messages.
 */
final class HostIts {
  private static final String COMPATIBLE = "arm,gic-v3-its";
  private static final int CTLR = 0x00;
  private static final int TYPER = 0x08;
  private static final int CBASER = 0x80;
  private static final int CWRITER = 0x88;
  private static final int CREADR = 0x90;
  private static final int BASER0 = 0x100;
  private static final int BASERS = 8;
  private static final long ENABLED = 1;
  private static final long STALLED = 1;
  private static final long VALID = 1L << 63;
  /** Inner cacheable, read- and write-allocate; inner shareable. */
  private static final long ATTRIBUTES = 7L << 59 | 1 << 10;
  private static final long TYPER_PTA = 1 << 19;
  private static final int DEVICES = 1;
  private static final int COLLECTIONS = 4;
  /** GITS_BASER.Page_Size: 64 KiB. */
  private static final long LARGE_PAGES = 2 << 8;
  private static final long PAGE_SIZE = 3 << 8;
  private static final int LARGE_PAGE = 0x1_0000;
  private static final int FRAMES_OF_LARGE_PAGE = 16;
  private static final int QUEUE_BYTES = 4096;
  private static final int MOST_DEVICE_BITS = 16;

  private final DeviceContext context;
  private final PhysicalBus bus;
  private final MachineMemory memory;
  private final FrameHeap heap;
  private final PlatformNode node;
  private final long base;
  private final int processors;
  /** Machine address of the command queue; 0 before the ITS was brought up. */
  private final LongCell queue;
  private boolean broken;

  /** @param processors how many CPUs the machine has */
  HostIts(DeviceContext context, DeviceState state, PhysicalBus bus, MachineMemory memory, int processors) {
    this.context = context;
    this.bus = bus;
    this.memory = memory;
    this.processors = processors;
    heap = context.port(FrameHeapPort.class);
    node = context.platform().nodes().stream().filter(PlatformNode::enabled)
        .filter(n -> n.isCompatible(COMPATIBLE) && !n.windows().isEmpty()).findFirst().orElse(null);
    base = node == null ? 0 : node.windows().getFirst().base();
    queue = state.cell("queue", 0);
  }

  /** Its node; null if the machine has no ITS. */
  PlatformNode node() {
    return node;
  }

  /** Machine address of its control frame. */
  long base() {
    return base;
  }

  boolean started() {
    return queue.isSet();
  }

  private void report(String what) {
    context.events().report("its-host", context.instance(), node.path() + ": " + what);
  }

  /** Brings it up, if it isn't. @return false if there is none or it can't be driven, which was reported */
  boolean start() {
    if (started() || node == null || broken) {
      return started();
    }
    try {
      String fault = bringUp();
      if (!fault.isEmpty()) {
        broken = true;
        report("isn't driven: " + fault);
      }
    } catch (ExternalAbort nobody) {
      report("doesn't answer");
    }
    return started();
  }

  private String bringUp() {
    long typer = bus.read(base + TYPER, 8);
    if ((typer & TYPER_PTA) != 0) {
      return "it names redistributors by address (GITS_TYPER.PTA), processor numbers are expected";
    }
    bus.write(base + CTLR, 4, 0);
    int deviceBits = Math.min((int) (typer >>> 13 & 0x1F) + 1, MOST_DEVICE_BITS);
    for (int i = 0; i < BASERS; i++) {
      long baser = bus.read(base + BASER0 + 8L * i, 8);
      int type = (int) (baser >>> 56) & 7;
      int entry = (int) (baser >>> 48 & 0x1F) + 1;
      if ((type == DEVICES || type == COLLECTIONS) && !table(i, baser, (type == DEVICES ? 1L << deviceBits : processors) * entry)) {
        return "no frames for its tables";
      }
    }
    long frame = frames(QUEUE_BYTES, 1);
    if (frame < 0) {
      return "no frame for its command queue";
    }
    bus.write(base + CBASER, 8, VALID | ATTRIBUTES | frame << 12);
    bus.write(base + CWRITER, 8, 0);
    bus.write(base + CTLR, 4, ENABLED);
    queue.value = frame << 12;
    for (int i = 0; i < processors; i++) {
      command(ItsCommand.mapCollection(i, i));
      command(ItsCommand.sync(i));
    }
    return "";
  }

  private boolean table(int index, long baser, long bytes) {
    long at = base + BASER0 + 8L * index;
    long pages = (bytes + LARGE_PAGE - 1) / LARGE_PAGE;
    long frame = frames(pages * LARGE_PAGE, FRAMES_OF_LARGE_PAGE);
    if (frame < 0) {
      return false;
    }
    long fixed = baser & 0x071F_0000_0000_0000L;
    bus.write(at, 8, VALID | ATTRIBUTES | fixed | frame << 12 | LARGE_PAGES | pages - 1);
    long size = bus.read(at, 8) & PAGE_SIZE;
    if (size != LARGE_PAGES) {
      // Its pages are of another size, which it keeps; the table has the same bytes in more of them.
      long count = pages * (size == 0 ? 16 : 4);
      bus.write(at, 8, VALID | ATTRIBUTES | fixed | frame << 12 | size | Math.min(count, 256) - 1);
    }
    return true;
  }

  /** Zeroed frames of the hypervisor's; -1 if there aren't so many. */
  long frames(long bytes, int alignment) {
    int count = (int) (bytes + 4095 >>> 12);
    long frame = heap.allocate(FrameHeap.HYPERVISOR, count, alignment);
    for (int i = 0; frame >= 0 && i < count; i++) {
      memory.clear(frame + i << 12);
    }
    return frame;
  }

  /** Gives frames back. */
  void free(long frame, long bytes) {
    for (int i = 0; i < bytes + 4095 >>> 12; i++) {
      heap.free(FrameHeap.HYPERVISOR, frame + i);
    }
  }

  /** Bytes of a table for events of so many bits. */
  long tableBytes(int bits) {
    try {
      return ((bus.read(base + TYPER, 8) >>> 4 & 15) + 1) << bits;
    } catch (ExternalAbort nobody) {
      return 16L << bits;
    }
  }

  /** Gives it a command. @return false if it takes none, which was reported */
  boolean command(ItsCommand command) {
    try {
      long at = bus.read(base + CWRITER, 8) & QUEUE_BYTES - ItsCommand.BYTES;
      long next = at + ItsCommand.BYTES & QUEUE_BYTES - 1;
      long read = bus.read(base + CREADR, 8);
      if ((read & STALLED) != 0 || (read & QUEUE_BYTES - ItsCommand.BYTES) == next) {
        report("takes no commands: GITS_CREADR is 0x" + Long.toHexString(read));
        return false;
      }
      memory.write64(queue.value + at, command.word0());
      memory.write64(queue.value + at + 8, command.word1());
      memory.write64(queue.value + at + 16, command.word2());
      memory.write64(queue.value + at + 24, command.word3());
      bus.write(base + CWRITER, 8, next);
      return true;
    } catch (ExternalAbort nobody) {
      report("doesn't answer");
      return false;
    }
  }
}
