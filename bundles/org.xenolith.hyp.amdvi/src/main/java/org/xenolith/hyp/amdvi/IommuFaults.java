// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamAttachments.Attachment;
import org.xenolith.hyp.pci.kit.StreamIds;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Tells of what an IOMMU refused, and of its own errors: as events, and in the hypervisor's log. */
final class IommuFaults implements IommuEventLog.Listener {
  static final String FAULT = "iommu-fault";
  static final String ERROR = "iommu-error";
  // Event codes and flags of 48882, 2.5.
  private static final int CODE = 60;
  private static final int ILLEGAL_DEV_TABLE_ENTRY = 1;
  private static final int IO_PAGE_FAULT = 2;
  private static final int PAGE_TAB_HARDWARE_ERROR = 4;
  private static final int ILLEGAL_COMMAND_ERROR = 5;
  private static final int COMMAND_HARDWARE_ERROR = 6;
  private static final int INVALID_DEVICE_REQUEST = 8;
  private static final long INTERRUPT = 1L << 51;
  private static final long PRESENT = 1L << 52;
  private static final long WRITE = 1L << 53;
  private static final long RESERVED = 1L << 55;

  private final String path;
  private final DeviceContext context;
  private final DomainsPort domains;
  private final HypervisorLogPort log;
  private final StreamIds ids;
  private final StreamAttachments attachments;
  private final LongCell count;

  IommuFaults(String path, DeviceContext context, DeviceState state, StreamIds ids, StreamAttachments attachments) {
    this.path = path;
    this.context = context;
    this.ids = ids;
    this.attachments = attachments;
    domains = context.port(DomainsPort.class);
    log = context.port(HypervisorLogPort.class);
    count = state.cell(path + ".faults", 0);
  }

  /** The IOMMU itself, or the way to it, is not as it should be. */
  void error(String text) {
    report(ERROR, text);
  }

  /** A line of the hypervisor's log. */
  void note(String text) {
    log.add("IOMMU " + path + ": " + text);
  }

  private void report(String kind, String text) {
    context.events().report(kind, path, text);
    note(text);
  }

  @Override
  public void event(long first, long second) {
    int code = (int) (first >>> CODE);
    if (code == ILLEGAL_COMMAND_ERROR || code == COMMAND_HARDWARE_ERROR) {
      report(ERROR, "%s at 0x%x".formatted(code == ILLEGAL_COMMAND_ERROR ? "an illegal command" : "a command could not be done", second));
      return;
    }
    count.value++;
    long stream = first & 0xFFFF;
    StringBuilder text = new StringBuilder("stream 0x").append(Long.toHexString(stream));
    List<Attachment> attached = attachments.stream(stream);
    String function = attached.isEmpty() ? ids.function(path, stream) : Sbdf.text(attached.getFirst().sbdf());
    if (!function.isEmpty()) {
      text.append(", function ").append(function);
    }
    text.append(attached.isEmpty() ? ", of no domain" : ", of " + domain(attached.getFirst().serial())).append(": ")
        .append(name(code, first, attached.isEmpty()));
    boolean message = code == IO_PAGE_FAULT && (first & INTERRUPT) != 0;
    if (code == IO_PAGE_FAULT || code == INVALID_DEVICE_REQUEST) {
      text.append(message ? ", a message to 0x" : (first & WRITE) != 0 ? ", write to 0x" : ", read of 0x").append(Long.toHexString(second));
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

  /** What an event means, with its name in 48882, 2.5. */
  private static String name(int code, long first, boolean nobodys) {
    if (code == IO_PAGE_FAULT && (first & RESERVED) != 0) {
      return "its tables are wrong (IO_PAGE_FAULT)";
    } else if (code == IO_PAGE_FAULT && nobodys) {
      return "not attached (IO_PAGE_FAULT)";
    } else if (code == IO_PAGE_FAULT && (first & INTERRUPT) != 0) {
      return "not one of its messages (IO_PAGE_FAULT)";
    } else if (code == IO_PAGE_FAULT) {
      return (first & PRESENT) != 0 ? "not permitted (IO_PAGE_FAULT)" : "nothing is mapped there (IO_PAGE_FAULT)";
    }
    return switch (code) {
      case ILLEGAL_DEV_TABLE_ENTRY -> "it has no entry (ILLEGAL_DEV_TABLE_ENTRY)";
      case PAGE_TAB_HARDWARE_ERROR -> "a table could not be read (PAGE_TAB_HARDWARE_ERROR)";
      case INVALID_DEVICE_REQUEST -> "no such request (INVALID_DEVICE_REQUEST)";
      default -> "event " + code;
    };
  }
}
