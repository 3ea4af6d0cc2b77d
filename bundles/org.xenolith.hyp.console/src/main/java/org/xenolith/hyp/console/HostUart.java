// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import java.util.Arrays;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * The hypervisor's driver of its console's UART, a PL011 (Arm DDI 0183G) or the subset of it that SBSA demands: the one that the
 * option {@code dtuart} in {@code /chosen/xen,xen-bootargs} names, and no other; or without that the one of {@code stdout-path}, or the
 * first. The hypervisor reaches it as any program would, by its registers. Sources: Xen's command line options
 * ({@code docs/misc/xen-command-line}, dtuart).
 */
final class HostUart {
  private static final String DTUART = "dtuart=";
  private static final int DR = 0x000;
  private static final int FR = 0x018;
  private static final int LCR_H = 0x02C;
  private static final int CR = 0x030;
  private static final int IMSC = 0x038;
  private static final int ICR = 0x044;
  private static final int FR_TXFF = 1 << 5;
  private static final int FR_RXFE = 1 << 4;
  /** Enabled, transmitter and receiver on. */
  private static final int ENABLED = 1 | 1 << 8 | 1 << 9;
  /** 8 bits, queues on. */
  private static final int EIGHT_BITS = 3 << 5 | 1 << 4;
  /** Receive and receive time-out. */
  private static final int RECEIVE = 1 << 4 | 1 << 6;
  /** How often a full queue is looked at before a byte is given up. */
  private static final int PATIENCE = 1000;
  private static final int FIRST_SPI = 32;

  private final PhysicalBus bus;
  private final long base;
  private final int intid;
  private final boolean present;
  private final String path;
  private HostInterrupt served;

  /** @param bus of the boot CPU */
  HostUart(Platform platform, PhysicalBus bus) {
    this.bus = bus;
    PlatformNode node = node(platform).orElse(null);
    present = node != null;
    path = present ? node.path() : "";
    base = present ? node.windows().getFirst().base() : 0;
    int[] cells = present && !node.interrupts().isEmpty() ? node.interrupts().getFirst().cells() : new int[0];
    intid = cells.length >= 3 && cells[0] == 0 ? cells[1] + FIRST_SPI : -1;
  }

  /** The UART's node, if it is of a kind that this driver knows. */
  private static Optional<PlatformNode> node(Platform platform) {
    Optional<String> option = chosen(platform, "xen,xen-bootargs").flatMap(HostUart::dtuart);
    if (option.isPresent()) {
      return named(platform, option.get());
    }
    return chosen(platform, "stdout-path").flatMap(text -> named(platform, text))
        .or(() -> platform.nodes().stream().filter(HostUart::known).findFirst());
  }

  private static Optional<String> chosen(Platform platform, String property) {
    return platform.source().node("/chosen").flatMap(n -> n.property(property)).filter(FdtProperty::looksLikeStrings)
        .map(FdtProperty::string);
  }

  /** The option's value; if it is there several times, the last one's. */
  private static Optional<String> dtuart(String line) {
    return Arrays.stream(line.strip().split("\\s+")).filter(word -> word.startsWith(DTUART)).reduce((first, last) -> last)
        .map(word -> word.substring(DTUART.length()));
  }

  /** @param text path or alias, and options of the line behind a colon */
  private static Optional<PlatformNode> named(Platform platform, String text) {
    Fdt tree = platform.source();
    String place = text.replaceFirst(":.*", "");
    return (place.startsWith("/") ? tree.fullPath(place) : tree.alias(place)).flatMap(platform::node).filter(HostUart::known);
  }

  /** Path of its node; empty if there is no UART that this driver knows. */
  String path() {
    return path;
  }

  private static boolean known(PlatformNode node) {
    return node.enabled() && !node.windows().isEmpty() && (node.isCompatible("arm,pl011") || node.isCompatible("arm,sbsa-uart"));
  }

  /** Sets the UART up; its interrupt calls {@code received}. */
  void begin(VirtualGicPort gic, Runnable received, DeviceContext owner) {
    if (present) {
      write(LCR_H, EIGHT_BITS);
      write(CR, ENABLED);
      write(IMSC, RECEIVE);
      listen(gic, received, owner);
    }
  }

  /** Takes the interrupt of a UART that is set up already. */
  void listen(VirtualGicPort gic, Runnable received, DeviceContext owner) {
    if (present && intid >= 0) {
      served = (cpu, id) -> {
        received.run();
        write(ICR, RECEIVE);
      };
      gic.claimHost(intid, false, served, owner);
    }
  }

  /** Gives the interrupt back: what is received from now on waits in the UART. */
  void end(VirtualGicPort gic) {
    if (served != null) {
      gic.releaseHost(intid, served);
    }
  }

  void send(byte b) {
    if (present) {
      for (int tries = 0; tries < PATIENCE && (read(FR) & FR_TXFF) != 0; tries++) {
        // The model empties its queue at once; a real one would need the wait.
      }
      write(DR, b & 0xFF);
    }
  }

  /** The next received byte, or -1. */
  int receive() {
    return !present || (read(FR) & FR_RXFE) != 0 ? -1 : (int) read(DR) & 0xFF;
  }

  private long read(int register) {
    try {
      return bus.read(base + register, 4);
    } catch (ExternalAbort vanished) {
      return -1;
    }
  }

  private void write(int register, long value) {
    try {
      bus.write(base + register, 4, value);
    } catch (ExternalAbort vanished) {
      // A UART that was taken out swallows what is sent.
    }
  }
}
