// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Gives a PC the device, at ports that nothing else of its board has. */
@Component(service = {LaunchShaper.class, LaunchOption.class}, property = "service.ranking:Integer=-40")
public final class DebugExitOption implements LaunchShaper, LaunchOption {
  static final String NAME = "debug-exit";
  private static final int STANDARD_PORT = 0x501;
  /** How many ports it has: an access of 4 bytes fits, as guests make it that were written for {@code iosize=0x04}. */
  private static final int PORTS = 4;
  /** From here on a PCI host bridge may have its ports. */
  private static final int END = 0x1000;
  /** Configuration space of PCI, by ports. */
  private static final int CONFIGURATION = 0xCF8;
  private static final int CONFIGURATION_PORTS = 8;
  private static final String BUS = "isa";
  /** In an address on that bus: that it is a port. */
  private static final int IO = 1;
  /** Cells of a window: what it is, the first port, how many. */
  private static final int CELLS = 3;
  private static final int HEX = 16;

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Guest", 270).value("PORT").bareToo().words("Debug exit",
        "A PC's guest ends the run with an exit code of its own, as with QEMU's isa-debug-exit: what it writes to PORT (default: 0x501),"
            + " doubled, and 1 more.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    port(texts.getFirst());
    request.option(NAME, texts);
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      return STANDARD_PORT;
    }
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    String digits = hex ? text.substring(2) : text;
    if (digits.matches(hex ? "[0-9a-fA-F]{1,6}" : "[0-9]{1,6}")) {
      int port = Integer.parseInt(digits, hex ? HEX : 10);
      if (port <= END - PORTS) {
        return port;
      }
    }
    throw BadInput.at(NAME, text, "expected an I/O port up to 0xffc, for example 0x501 or 0xf4");
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(NAME).isEmpty();
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    int port = port(request.option(NAME).getFirst());
    FdtNode bus = tree.root().children().stream().filter(DebugExitOption::isBus).findFirst().orElseThrow(() -> new BadInput(option(NAME)
        + ": the board has no I/O ports, which PCs have; on Arm boards guests end a run by " + option("semihosting")));
    for (FdtNode node : bus.children()) {
      int[] windows = node.property("reg").map(FdtProperty::cells).orElse(new int[0]);
      for (int i = 0; i + CELLS <= windows.length; i += CELLS) {
        if (windows[i] == IO) {
          refuseOverlap(port, windows[i + 1], windows[i + 2], node.name());
        }
      }
    }
    refuseOverlap(port, CONFIGURATION, CONFIGURATION_PORTS, "configuration space of PCI");
    FdtNode node = new FdtNode("debug-exit@1," + Integer.toHexString(port), List.of(FdtProperty.ofStrings("compatible",
        DebugExitComponent.COMPATIBLE), FdtProperty.ofCells("reg", IO, port, PORTS)), List.of());
    return tree.edit("/" + bus.name(), each -> each.withChild(node));
  }

  private static void refuseOverlap(int port, int first, int count, String whose) {
    if (port < first + count && first < port + PORTS) {
      throw BadInput.at(NAME, "0x" + Integer.toHexString(port), "its " + PORTS + " ports would be in those of " + whose + ", 0x" + Integer
          .toHexString(first) + " to 0x" + Integer.toHexString(first + count - 1) + "; take others");
    }
  }

  private static boolean isBus(FdtNode node) {
    return node.property("compatible").map(names -> names.strings().contains(BUS)).orElse(false);
  }
}
