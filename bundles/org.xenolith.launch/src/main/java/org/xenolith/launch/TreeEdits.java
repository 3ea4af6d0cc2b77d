// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.PlatformNode;

/** What a boot changes in a board's tree before the guest sees it. */
final class TreeEdits {
  private static final String OURS = "xenolith,";

  private TreeEdits() {}

  /** Leaves out devices that were plugged in, and what else is only between our parts. */
  static Fdt withoutCards(Fdt tree) {
    return tree.withRoot(withoutCards(tree.root()));
  }

  /** What has a name beside ours is hardware that guests know by that name; so is a CPU by whatever name. */
  private static boolean hidden(FdtNode node) {
    boolean cpu = node.property("device_type").map(type -> type.string().equals("cpu")).orElse(false);
    return node.has(PlatformNode.PLUGGED) || !cpu && node.property("compatible").map(names -> names.strings())
        .map(names -> !names.isEmpty() && names.stream().allMatch(name -> name.startsWith(OURS))).orElse(false);
  }

  private static FdtNode withoutCards(FdtNode node) {
    FdtNode less = node;
    for (FdtProperty property : node.properties()) {
      less = property.name().startsWith(OURS) ? less.withoutProperty(property.name()) : less;
    }
    for (FdtNode child : node.children()) {
      FdtNode edited = withoutCards(child);
      if (hidden(child)) {
        less = less.withoutChild(child.name());
      } else if (edited != child) {
        less = less.withChild(edited);
      }
    }
    return less;
  }

  /**
   * Marks nodes as disabled: the hardware that no model serves. They lose their name too, because Linux finds some devices
   * by {@code compatible} or phandle alone, whatever their status, and dies of the abort: the frames of messages, system
   * controllers, the identification registers of a SoC.
   */
  static Fdt disabled(Fdt tree, List<String> paths) {
    Fdt edited = tree;
    for (String path : paths) {
      edited = edited.edit(path, node -> node.withProperty(FdtProperty.ofStrings("status", "disabled"))
          .withoutProperty("compatible"));
    }
    return edited;
  }

  /** Writes command line, initrd and modules into {@code /chosen}. */
  static Fdt chosen(Fdt tree, DeviceTreeFacts facts) {
    Fdt edited = tree.node("/chosen").isPresent() ? tree
        : tree.withRoot(tree.root().withChild(new FdtNode("chosen", List.of(), List.of())));
    edited = edited.edit("/chosen", node -> {
      FdtNode chosen = node.withProperty(FdtProperty.ofStrings("bootargs", facts.bootArguments()))
          .withoutProperty("linux,initrd-start").withoutProperty("linux,initrd-end");
      if (facts.initrd().isPresent()) {
        chosen = chosen.withProperty(FdtProperty.ofU64("linux,initrd-start", facts.initrd().get().base()))
            .withProperty(FdtProperty.ofU64("linux,initrd-end", facts.initrd().get().end()));
      }
      return chosen;
    });
    for (DeviceTreeFacts.Module module : facts.modules()) {
      int slash = module.kind().lastIndexOf('/');
      String parent = slash < 0 ? "/chosen" : "/chosen/" + module.kind().substring(0, slash);
      if (edited.node(parent).isEmpty()) {
        throw new BadInput(option("module") + " '" + module.kind() + "': the board's tree has no node " + parent
            + "; add one that describes the domain (compatible = \"xen,domain\")");
      }
      edited = edited.edit(parent, node -> node.withProperty(FdtProperty.ofCells("#address-cells", 2))
          .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(node(module, module.kind().substring(slash + 1))));
    }
    return edited;
  }

  /** A module's node by the Multiboot binding for devicetrees (Xen, docs/misc/arm/device-tree/booting.txt). */
  private static FdtNode node(DeviceTreeFacts.Module module, String kind) {
    FdtNode node = new FdtNode("module@" + Long.toHexString(module.range().base()), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "multiboot," + kind, "multiboot,module"))
        .withProperty(FdtProperty.ofU64("reg", module.range().base(), module.range().size()));
    return module.arguments().isEmpty() ? node
        : node.withProperty(FdtProperty.ofStrings("bootargs", module.arguments()));
  }
}
