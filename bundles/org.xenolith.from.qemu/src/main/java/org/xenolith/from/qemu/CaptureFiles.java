// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.xenolith.from.qemu.QemuLine.Option;

/**
 * The object {@code filter-dump} of the option {@code object}: the file that what passes behind a card is written to. Other objects say nothing to the guest.
 * Source: QEMU 7.2, System Emulation, Invocation, Generic object creation.
 */
final class CaptureFiles {
  private record Capture(Option option, String file) {}

  private final BootLine boot;
  /** By the name of what is behind the card. */
  private final Map<String, Capture> captures = new LinkedHashMap<>();

  CaptureFiles(BootLine boot) {
    this.boot = boot;
  }

  void object(Option option) {
    KeyValues said = new KeyValues(option.value(), "qom-type");
    if (!said.take("qom-type", "").equals("filter-dump")) {
      boot.silent(option);
      return;
    }
    String file = said.take("file", "");
    String id = said.take("netdev", "");
    String length = said.take("maxlen", "");
    if (said.take("status", "on").equals("off")) {
      boot.missing(option, "frames are written from the beginning, and nothing turns that on later; pcap=FILE of --nic does it");
    } else if (file.isEmpty() || id.isEmpty()) {
      boot.missing(option, "it names no " + (file.isEmpty() ? "file" : "netdev"));
    } else if (file.contains(",")) {
      boot.missing(option, "--nic takes no file's name with a comma");
    } else if (captures.containsKey(id)) {
      boot.missing(option, "a card's frames are written to one file");
    } else {
      captures.put(id, new Capture(option, file));
      boot.otherwise(option, "the file is pcapng, in the guest's time" + (length.isEmpty() ? "" : ", and has each frame whole"));
    }
  }

  /**
   * The file of a card, asked for once.
   *
   * @param id      of what is behind it; empty of what has no name
   * @param outside whether anything is
   * @return empty if there is none
   */
  Optional<String> of(String id, boolean outside) {
    Capture capture = outside ? captures.remove(id) : null;
    return Optional.ofNullable(capture).map(Capture::file);
  }

  /** All cards have asked: what is left is of none. */
  void end() {
    captures.values().forEach(each -> boot.missing(each.option(),
        "no card of this line has that netdev and something outside; --trace FILE.pcapng has the frames of all ports"));
  }
}
