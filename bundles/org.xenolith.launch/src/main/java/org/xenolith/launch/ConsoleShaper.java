// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Gives a machine virtio consoles: puts the function behind a virtio transport.
 *
 * <p>Option of a request: {@code virtio-console}, consoles as {@code pci=SLOT}, or a comma for one behind the lowest free virtio-mmio
 * window, with blanks between them.
 */
@Component(property = "service.ranking:Integer=-20")
public final class ConsoleShaper implements LaunchShaper {
  static final String OPTION = "virtio-console";
  static final String FUNCTION = "virtio:3";
  private static final String SLOT = "pci=";

  @Override
  public boolean serves(LaunchRequest request) {
    return request.options().containsKey(OPTION);
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    TransportNodes nodes = new TransportNodes(tree, request);
    Fdt edited = tree;
    for (String text : request.options().get(OPTION).trim().split("\\s+")) {
      edited = edited.edit(place(nodes, text).path(), node -> node.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, FUNCTION)));
    }
    return edited;
  }

  private static TransportNodes.Place place(TransportNodes nodes, String text) {
    if (text.equals(",")) {
      return nodes.window("--virtio-console", "--virtio-console");
    }
    String slot = text.startsWith(SLOT) ? text.substring(SLOT.length()) : "";
    String said = "--virtio-console '" + text + "'";
    if (slot.isEmpty()) {
      throw new BadInput(said + ": expected pci=SLOT, or nothing for a virtio-mmio transport");
    }
    return nodes.card(slot, true, said);
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }
}
