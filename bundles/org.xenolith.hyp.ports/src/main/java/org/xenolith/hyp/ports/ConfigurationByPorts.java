// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ports;

import java.util.List;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.PortTrap;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Configuration space of segment 0 by ports, for the hardware domain: mechanism #1 (PCI Local Bus 3.0, 3.2.2.3.2). An access becomes one of the same width in the bridge's window of configuration
 * space, where that is trapped, so that whoever answers there says what the domain sees and may change. The registers behind the first 256 bytes of a function aren't reached this way.
 */
final class ConfigurationByPorts implements PortTrap {
  /** CONFIG_ADDRESS, by whole words only. */
  static final int ADDRESS = 0xCF8;
  /** CONFIG_DATA, first and last byte. */
  static final int DATA = 0xCFC;
  static final int LAST = 0xCFF;
  private static final int WORD = 4;
  private static final long ENABLE = 1L << 31;
  /** Bits that aren't there read as 0. */
  private static final long WRITABLE = 0x80FF_FFFCL;
  private static final int BUS_SHIFT = 16;
  private static final int FUNCTION_SHIFT = 8;
  private static final int BYTE = 0xFF;
  /** Of an address in the window (PCI Express Base 4.0, 7.2.2). */
  private static final int ECAM_BUS = 20;
  private static final int ECAM_FUNCTION = 12;
  private static final long NOWHERE = -1;

  private final LongCell latch;
  private final HostBridgesPort bridges;
  private final GuestTrapsPort traps;

  ConfigurationByPorts(DeviceState state, DeviceContext context) {
    latch = state.cell("CONFIG_ADDRESS", 0);
    bridges = context.port(HostBridgesPort.class);
    traps = context.port(GuestTrapsPort.class);
  }

  @Override
  public long read(Vcpu vcpu, int port, int size) {
    long nothing = -1L >>> 64 - 8 * size;
    if (vcpu.domain().kind() != DomainSpec.Kind.DOM0) {
      return nothing;
    }
    if (port < DATA) {
      return port == ADDRESS && size == WORD ? latch.value : nothing;
    }
    GuestTrapsPort.Claim<GuestMmio> window = window(vcpu, port, size);
    if (window != null) {
      try {
        return window.handler().read(vcpu, place(port), size) & nothing;
      } catch (Throwable bug) {
        failed(window, bug);
      }
    }
    return nothing;
  }

  @Override
  public void write(Vcpu vcpu, int port, int size, long value) {
    if (vcpu.domain().kind() != DomainSpec.Kind.DOM0) {
      return;
    }
    if (port < DATA) {
      // Narrower accesses are none to the latch (PCI Local Bus 3.0, 3.2.2.3.2).
      if (port == ADDRESS && size == WORD) {
        latch.value = value & WRITABLE;
      }
      return;
    }
    GuestTrapsPort.Claim<GuestMmio> window = window(vcpu, port, size);
    if (window != null) {
      try {
        window.handler().write(vcpu, place(port), size, value);
      } catch (Throwable bug) {
        failed(window, bug);
      }
    }
  }

  /** Who answers where the latch and the port lead; null if it is nowhere, or nobody does. */
  private GuestTrapsPort.Claim<GuestMmio> window(Vcpu vcpu, int port, int size) {
    boolean whole = (port & size - 1) == 0 && port + size - 1 <= LAST;
    long place = whole && (latch.value & ENABLE) != 0 ? place(port) : NOWHERE;
    return place == NOWHERE ? null : traps.window(vcpu.domain(), place);
  }

  /** The address in the window of configuration space. */
  private long place(int port) {
    int rid = (int) (latch.value >>> FUNCTION_SHIFT) & 0xFFFF;
    HostBridgePort bridge = bridges.of(rid);
    List<AddressWindow> windows = bridge == null ? List.of() : bridge.configuration();
    if (windows.isEmpty()) {
      return NOWHERE;
    }
    AddressWindow ecam = windows.getFirst();
    long bus = (latch.value >>> BUS_SHIFT & BYTE) - bridge.firstBus();
    long offset = bus << ECAM_BUS | (rid & BYTE) << ECAM_FUNCTION | latch.value & BYTE | port & WORD - 1;
    return offset < ecam.size() ? ecam.base() + offset : NOWHERE;
  }

  private void failed(GuestTrapsPort.Claim<GuestMmio> window, Throwable bug) {
    RolePort.rethrowMemory(bug);
    traps.release(window.handler());
    window.owner().failed(bug);
  }
}
