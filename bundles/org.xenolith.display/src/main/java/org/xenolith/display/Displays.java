// SPDX-License-Identifier: EPL-2.0
package org.xenolith.display;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Optional;
import org.xenolith.console.api.DisplayPort;
import org.xenolith.console.api.Picture;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.PlatformNode;

/** Finds a machine's displays. On the machine's thread, or while it stands still. */
final class Displays {
  private Displays() {}

  /**
   * What a display shows.
   *
   * @param node path of its node; empty: the machine's only one
   * @return empty if it is off
   * @throws IllegalArgumentException if there is no such display, or several; says which there are
   */
  static Optional<Picture> picture(Machine machine, String node) {
    List<String> there = machine.platform().nodes().stream().filter(PlatformNode::enabled).map(PlatformNode::path).filter(path -> machine
        .port(path, DisplayPort.class).present()).toList();
    if (there.isEmpty()) {
      throw new IllegalArgumentException("this machine has no display, or nothing that serves it is installed; boot with " + option(
          "display") + " ramfb");
    }
    if (node.isEmpty() ? there.size() > 1 : !there.contains(node)) {
      throw new IllegalArgumentException((node.isEmpty() ? "there are several displays" : node + " has no display") + "; say one of "
          + String.join(", ", there));
    }
    return machine.port(node.isEmpty() ? there.getFirst() : node, DisplayPort.class).picture();
  }
}
