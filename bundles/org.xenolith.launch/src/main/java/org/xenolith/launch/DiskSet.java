// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** The disks of one boot: opened images and the transports they go behind. */
final class DiskSet implements AutoCloseable {
  private static final String VIRTIO_BLOCK = "virtio:2";
  private static final String PCI = "pci=";
  private final List<String> texts;
  /** Places of those that are at home somewhere, which come last. */
  private final List<String> homes;
  private final List<BlockDevice> devices = new ArrayList<>();
  private final List<String> nodes = new ArrayList<>();

  /**
   * Opens them.
   *
   * @param texts  disks that are to be placed
   * @param atHome disks whose place is given: texts of the same form by {@link BlockPlace}
   */
  DiskSet(Installed installed, List<String> texts, Map<String, String> atHome) {
    this.texts = List.copyOf(texts);
    homes = List.copyOf(atHome.keySet());
    try {
      for (String text : texts) {
        devices.add(open(installed, text));
      }
      for (String home : homes) {
        devices.add(open(installed, atHome.get(home)));
      }
    } catch (BadInput e) {
      close();
      throw e;
    }
  }

  private static BlockDevice open(Installed installed, String text) {
    String[] parts = text.split(",");
    Mode mode = Mode.OVERLAY;
    for (int i = 1; i < parts.length; i++) {
      mode = switch (parts[i]) {
        case "write" -> Mode.WRITE_THROUGH;
        case "readonly" -> Mode.READ_ONLY;
        default -> {
          if (parts[i].startsWith(PCI)) {
            yield mode;
          }
          throw new BadInput(option("disk") + " '" + text + "': '" + parts[i] + "' is unknown; expected write, readonly or pci=SLOT");
        }
      };
    }
    BlockDeviceFactory raw = installed.disks().stream().findFirst()
        .orElseThrow(() -> new BadInput(option("disk") + ": no bundle for disk images is installed"));
    try {
      return raw.open(Path.of(parts[0]), mode);
    } catch (IOException e) {
      throw new BadInput(option("disk") + " '" + parts[0] + "': " + e.getMessage());
    }
  }

  /**
   * Chooses a transport for each disk: the highest free virtio-mmio window first, as other emulators do.
   *
   * @param taken nodes that have another use
   */
  Map<String, String> place(Platform platform, Set<String> taken) {
    Map<String, String> functions = new LinkedHashMap<>();
    List<PlatformNode> free = platform.nodes().stream()
        .filter(n -> n.enabled() && !taken.contains(n.path()) && n.isCompatible("virtio,mmio") && !n.windows().isEmpty())
        .sorted((a, b) -> Long.compareUnsigned(b.windows().get(0).base(), a.windows().get(0).base())).toList();
    Iterator<PlatformNode> transports = free.iterator();
    for (String text : texts) {
      String slot = slot(text);
      if (!slot.isEmpty()) {
        PlatformNode card = card(platform, text, slot);
        if (nodes.contains(card.path())) {
          throw new BadInput(option("disk") + " '" + text + "': the device in slot " + slot + " has a disk already");
        }
        nodes.add(card.path());
        if (TransportNodes.CARDS.stream().anyMatch(card::isCompatible)) {
          functions.put(card.path(), VIRTIO_BLOCK);
        }
      } else if (transports.hasNext()) {
        String node = transports.next().path();
        nodes.add(node);
        functions.put(node, VIRTIO_BLOCK);
      } else {
        throw new BadInput(option("disk") + " '" + text + "': " + platform.name() + " has " + free.size()
            + " free virtio transports, not enough for the disks");
      }
    }
    return functions;
  }

  /** The slot of a PCI device that the disk is for; empty for a disk of its own. */
  private static String slot(String text) {
    return Arrays.stream(text.split(",")).filter(part -> part.startsWith(PCI)).map(part -> part.substring(PCI.length())).findFirst().orElse(
        "");
  }

  private static PlatformNode card(Platform platform, String text, String slot) {
    return platform.nodes().stream().filter(n -> n.slot().filter(slot::equals).isPresent()).findFirst()
        .orElseThrow(() -> new BadInput(option("disk") + " '" + text + "': there is no PCI device in slot "
            + slot + "; plug one in with " + option("pci") + " " + slot + "=nvme"));
  }

  /** Attaches the disks to their places. */
  void attach(Machine machine) {
    for (int i = 0; i < devices.size(); i++) {
      String node = i < nodes.size() ? nodes.get(i) : homes.get(i - nodes.size());
      BlockPlace.of(node).port(machine::port).attach(devices.get(i), "");
    }
  }

  /** Where those are that were placed, in the order of the texts. */
  List<String> nodes() {
    return List.copyOf(nodes);
  }

  /** Gives the images back. */
  @Override
  public void close() {
    for (int i = 0; i < devices.size(); i++) {
      try {
        devices.get(i).close();
      } catch (IOException e) {
        String disk = i < texts.size() ? option("disk") + " '" + texts.get(i) + "'" : "the disk of " + homes.get(i - texts.size());
        throw new BadInput(disk + ": what was written may be lost: " + e.getMessage());
      }
    }
  }
}
