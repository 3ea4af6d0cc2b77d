// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamFaults;
import org.xenolith.hyp.pci.kit.StreamIds;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;

/** Tells of what an IOMMU refused, and of its own errors: as events, and in the hypervisor's log. */
final class IommuFaults extends StreamFaults implements IommuEventLog.Listener {
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

  IommuFaults(String path, DeviceContext context, DeviceState state, StreamIds ids, StreamAttachments attachments) {
    super("IOMMU", path, context, state, ids, attachments);
  }

  @Override
  public void event(long first, long second) {
    int code = (int) (first >>> CODE);
    if (code == ILLEGAL_COMMAND_ERROR || code == COMMAND_HARDWARE_ERROR) {
      error("%s at 0x%x".formatted(code == ILLEGAL_COMMAND_ERROR ? "an illegal command" : "a command could not be done", second));
      return;
    }
    long stream = first & 0xFFFF;
    StringBuilder text = new StringBuilder(name(code, first, !isAttached(stream)));
    boolean message = code == IO_PAGE_FAULT && (first & INTERRUPT) != 0;
    if (code == IO_PAGE_FAULT || code == INVALID_DEVICE_REQUEST) {
      text.append(message ? ", a message to 0x" : (first & WRITE) != 0 ? ", write to 0x" : ", read of 0x").append(Long.toHexString(second));
    }
    refused(stream, text.toString());
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
