// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamFaults;
import org.xenolith.hyp.pci.kit.StreamIds;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;

/** Tells of what an SMMU refused, and of its own errors: as events, and in the hypervisor's log. */
final class Faults extends StreamFaults implements FaultQueue.Listener {
  private final FaultQueue queue;

  Faults(String path, Registers registers, MachineMemory memory, DeviceContext context, DeviceState state, StreamIds ids,
      StreamAttachments attachments, Runnable again) {
    super("SMMU", path, context, state, ids, attachments);
    queue = new FaultQueue(registers, memory, context, state, path, this, again);
  }

  void queue(long base, int log2) {
    queue.at(base, log2);
  }

  void serve() {
    queue.serve();
  }

  @Override
  public void fault(int kind, long stream, boolean hasAddress, boolean write, long address) {
    StringBuilder text = new StringBuilder(name(kind));
    if (hasAddress) {
      text.append(write ? ", write to 0x" : ", read of 0x").append(Long.toHexString(address));
    }
    refused(stream, text.toString());
  }

  /** Names of 7.3. */
  private static String name(int kind) {
    return switch (kind) {
      case 0x02 -> "not attached (C_BAD_STREAMID)";
      case 0x03 -> "the stream table could not be read (F_STE_FETCH)";
      case 0x04 -> "not attached (C_BAD_STE)";
      case 0x0B -> "a table of stage 2 could not be read (F_WALK_EABT)";
      case 0x10 -> "nothing is mapped there (F_TRANSLATION)";
      case 0x11 -> "an address of too many bits (F_ADDR_SIZE)";
      case 0x12 -> "no access flag (F_ACCESS)";
      case 0x13 -> "not permitted (F_PERMISSION)";
      default -> "event 0x" + Integer.toHexString(kind);
    };
  }
}
