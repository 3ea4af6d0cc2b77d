// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Optional;
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
 * Puts a virtio function of which nothing else is to be said behind a transport.
 *
 * <p>Its option takes {@code pci=SLOT}, or nothing or a comma for the lowest free virtio-mmio window.
 */
abstract class FunctionShaper implements LaunchShaper, LaunchOption, GuestModules {
  private static final String SLOT = "pci=";
  private final String name;
  private final String function;
  private final List<String> modules;

  /**
   * One function.
   *
   * @param name     of the option
   * @param function as nodes say it, {@code virtio:ID}
   * @param modules  what a guest loads for it, by Linux' names
   */
  FunctionShaper(String name, String function, List<String> modules) {
    this.name = name;
    this.function = function;
    this.modules = List.copyOf(modules);
  }

  /** The option's description. @param place among the others */
  final OptionDescription describe(int place, String label, String help) {
    return OptionDescription.of(name, Form.TEXT, "Disks and cards", place).value("pci=SLOT").bareToo().repeated().words(label, help);
  }

  @Override
  public final boolean serves(LaunchRequest request) {
    return !request.option(name).isEmpty();
  }

  @Override
  public final List<String> modules(LaunchRequest request) {
    return serves(request) || NodeFunctions.of(request).containsValue(function) ? modules : List.of();
  }

  @Override
  public final void use(List<String> texts, LaunchRequest.Builder request) {
    LaunchOption.words(texts).forEach(this::slot);
    request.option(name, texts);
  }

  /** The slot of the PCI device; empty for a window of virtio-mmio. */
  private String slot(String text) {
    if (text.isEmpty() || text.equals(",")) {
      return "";
    }
    if (!text.startsWith(SLOT) || text.equals(SLOT)) {
      throw BadInput.at(name, text, "expected pci=SLOT, or nothing for a virtio-mmio transport");
    }
    return text.substring(SLOT.length());
  }

  @Override
  public final Fdt shape(Fdt tree, LaunchRequest request) {
    TransportNodes nodes = new TransportNodes(tree, request);
    Fdt edited = tree;
    for (String text : LaunchOption.words(request.option(name))) {
      edited = edited.edit(place(nodes, text).path(), node -> node.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, function)));
    }
    return edited;
  }

  private TransportNodes.Place place(TransportNodes nodes, String text) {
    String slot = slot(text);
    return slot.isEmpty() ? nodes.window(option(name), option(name)) : nodes.card(slot, true, option(name) + " '" + text + "'");
  }

  @Override
  public final boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }
}
