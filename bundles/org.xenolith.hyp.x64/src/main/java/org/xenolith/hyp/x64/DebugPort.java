// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.nio.charset.StandardCharsets;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.PortTrap;

/** The I/O port 0xe9, XEN_HVM_DEBUGCONS_IOPORT: what guests write there, before they have another console, are lines of the hypervisor's log (Xen's docs/misc/hvm-emulated-unplug.pandoc, public header {@code hvm/hvm_info_table.h}). */
final class DebugPort implements PortTrap {
  static final int PORT = 0xE9;
  private static final int MOST = 199;

  private final HypervisorLogPort log;

  DebugPort(HypervisorLogPort log) {
    this.log = log;
  }

  @Override
  public long read(Vcpu vcpu, int port, int size) {
    return -1L >>> 64 - 8 * size;
  }

  @Override
  public void write(Vcpu vcpu, int port, int size, long value) {
    X64GuestVcpu writer = (X64GuestVcpu) vcpu;
    int c = (int) value & 0xFF;
    if (c == '\n' || writer.line.size() == MOST) {
      log.add("d%d: %s".formatted(vcpu.domain().id(), writer.line.toString(StandardCharsets.US_ASCII)));
      writer.line.reset();
    }
    if (c >= ' ' && c < 0x7F || c == '\t') {
      writer.line.write(c);
    }
  }
}
