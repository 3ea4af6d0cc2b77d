// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import java.util.Arrays;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * The hypervisor's console's UART, a PL011 or on a PC a 16550A: the one that the option {@code dtuart} in {@code /chosen/xen,xen-bootargs} names, and no other; or without that the one of
 * {@code stdout-path}, or the first. The hypervisor reaches it as any program would, by its registers. Sources: Xen's command line options ({@code docs/misc/xen-command-line}, dtuart).
 */
final class HostUart {
  private static final String DTUART = "dtuart=";
  /** How often a full queue is looked at before a byte is given up. */
  private static final int PATIENCE = 1000;

  private final PlatformNode node;
  private final UartDriver driver;
  private HostInterrupt served;

  /** @param bus of the boot CPU */
  HostUart(Platform platform, PhysicalBus bus) {
    node = node(platform).orElse(null);
    driver = node == null ? null : driver(node, bus);
  }

  private static UartDriver driver(PlatformNode node, PhysicalBus bus) {
    long base = node.windows().getFirst().base();
    return isPl011(node) ? new Pl011Driver(bus, base) : new Ns16550Driver(bus, base);
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
    return node == null ? "" : node.path();
  }

  private static boolean isPl011(PlatformNode node) {
    return node.isCompatible("arm,pl011") || node.isCompatible("arm,sbsa-uart");
  }

  /** Boards of Arm's that have a 16550A leave it to the hardware domain. */
  private static boolean known(PlatformNode node) {
    return node.enabled() && !node.windows().isEmpty()
        && (isPl011(node) || node.isCompatible("ns16550a") && node.windows().getFirst().ports());
  }

  /** Sets the UART up; its interrupt calls {@code received}. */
  void begin(HostInterruptsPort lines, Runnable received, DeviceContext owner) {
    if (driver != null) {
      driver.begin();
      listen(lines, received, owner);
    }
  }

  /** Takes the interrupt of a UART that is set up already. */
  void listen(HostInterruptsPort lines, Runnable received, DeviceContext owner) {
    if (driver != null) {
      served = (cpu, id) -> {
        received.run();
        driver.acknowledge();
      };
      if (!node.interrupts().isEmpty()) {
        lines.claim(node.interrupts().getFirst().cells(), served, owner);
      }
    }
  }

  /** Gives the interrupt back: what is received from now on waits in the UART. */
  void end(HostInterruptsPort lines) {
    if (served != null && !node.interrupts().isEmpty()) {
      lines.release(node.interrupts().getFirst().cells(), served);
    }
  }

  void send(byte b) {
    if (driver != null) {
      for (int tries = 0; tries < PATIENCE && driver.full(); tries++) {
        // The model empties its queue at once; a real one would need the wait.
      }
      driver.send(b & 0xFF);
    }
  }

  /** The next received byte, or -1. */
  int receive() {
    return driver == null ? -1 : driver.receive();
  }
}
