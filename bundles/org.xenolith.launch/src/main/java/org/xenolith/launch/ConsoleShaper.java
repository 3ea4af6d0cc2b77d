// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Gives a machine virtio consoles: puts the function behind a virtio transport.
 *
 * <p>Its option takes {@code pci=SLOT}, or nothing or a comma for one behind the lowest free virtio-mmio window.
 */
@Component(property = "service.ranking:Integer=-20")
public final class ConsoleShaper implements LaunchShaper, LaunchOption {
  static final String OPTION = "virtio-console";
  static final String FUNCTION = "virtio:3";
  private static final String SLOT = "pci=";

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(OPTION).isEmpty();
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.TEXT, "Disks and cards", 320).value("pci=SLOT").bareToo().repeated().words("Virtio consoles",
        "A virtio console, Linux' hvc0, or that of a PCI device that is one; " + option("console") + " NODE shows it. May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    LaunchOption.words(texts).forEach(ConsoleShaper::slot);
    request.option(OPTION, texts);
  }

  /** The slot of the PCI device; empty for a window of virtio-mmio. */
  private static String slot(String text) {
    if (text.isEmpty() || text.equals(",")) {
      return "";
    }
    if (!text.startsWith(SLOT) || text.equals(SLOT)) {
      throw BadInput.at(OPTION, text, "expected pci=SLOT, or nothing for a virtio-mmio transport");
    }
    return text.substring(SLOT.length());
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    TransportNodes nodes = new TransportNodes(tree, request);
    Fdt edited = tree;
    for (String text : LaunchOption.words(request.option(OPTION))) {
      edited = edited.edit(place(nodes, text).path(), node -> node.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, FUNCTION)));
    }
    return edited;
  }

  private static TransportNodes.Place place(TransportNodes nodes, String text) {
    String slot = slot(text);
    return slot.isEmpty() ? nodes.window(option(OPTION), option(OPTION)) : nodes.card(slot, true, option(OPTION) + " '" + text + "'");
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }
}
