// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamIds;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Tells of what an SMMU refused, and of its own errors: as events, and in the hypervisor's log. */
final class Faults implements FaultQueue.Listener {
  static final String FAULT = "iommu-fault";
  static final String ERROR = "iommu-error";

  private final String path;
  private final DeviceContext context;
  private final DomainsPort domains;
  private final HypervisorLogPort log;
  private final StreamIds ids;
  private final StreamAttachments attachments;
  private final FaultQueue queue;
  private final LongCell count;

  Faults(String path, Registers registers, MachineMemory memory, DeviceContext context, DeviceState state, StreamIds ids,
      StreamAttachments attachments, Runnable again) {
    this.path = path;
    this.context = context;
    this.ids = ids;
    this.attachments = attachments;
    domains = context.port(DomainsPort.class);
    log = context.port(HypervisorLogPort.class);
    queue = new FaultQueue(registers, memory, context, state, path, this, again);
    count = state.cell(path + ".faults", 0);
  }

  void queue(long base, int log2) {
    queue.at(base, log2);
  }

  void serve() {
    queue.serve();
  }

  /** The SMMU itself, or the way to it, is not as it should be. */
  void error(String text) {
    report(ERROR, text);
  }

  private void report(String kind, String text) {
    context.events().report(kind, path, text);
    log.add("SMMU " + path + ": " + text);
  }

  @Override
  public void fault(int kind, long stream, boolean hasAddress, boolean write, long address) {
    count.value++;
    StringBuilder text = new StringBuilder("stream 0x").append(Long.toHexString(stream));
    List<StreamAttachments.Attachment> attached = attachments.stream(stream);
    String function = attached.isEmpty() ? ids.function(path, stream) : Sbdf.text(attached.getFirst().sbdf());
    if (!function.isEmpty()) {
      text.append(", function ").append(function);
    }
    text.append(attached.isEmpty() ? ", of no domain" : ", of " + domain(attached.getFirst().serial())).append(": ").append(name(kind));
    if (hasAddress) {
      text.append(write ? ", write to 0x" : ", read of 0x").append(Long.toHexString(address));
    }
    report(FAULT, text.toString());
  }

  private String domain(int serial) {
    Domains core = domains.domains();
    if (core != null) {
      for (Domain domain : core.all()) {
        if (domain.serial() == serial) {
          return "d" + domain.id() + " " + domain.name();
        }
      }
    }
    return "a domain that is gone";
  }

  @Override
  public void more(int skipped, boolean lost) {
    count.value += skipped;
    report(FAULT, skipped + " further accesses were refused" + (lost ? ", and more that were not recorded" : ""));
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
