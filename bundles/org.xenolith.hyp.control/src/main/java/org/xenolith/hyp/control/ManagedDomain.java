// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xenolith.hyp.kit.HostNotes;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * What the tools keep of a domain that they built, so that it can be built again: its configuration is a note of the host, because it
 * names files; here are the names that {@link HostNotes} gives them.
 */
final class ManagedDomain {
  private final DeviceState state = new DeviceState();
  /** A device is being detached until this virtual time: kind and number. */
  final LongCell doomed = state.cell("doomed", 0);
  /** Open images by the device's number: those of the configuration, and those attached later. */
  private final Map<String, DiskSpec> disks = new TreeMap<>();
  private String file = "";

  ManagedDomain() {
    state.varying("file", () -> file = "", () -> file.getBytes(StandardCharsets.UTF_8), bytes -> file = new String(bytes,
        StandardCharsets.UTF_8));
    state.varying("disks", disks::clear, this::saveDisks, this::restoreDisks);
  }

  private byte[] saveDisks() {
    return disks.values().stream().map(d -> d.target() + '\n' + d.device() + '\n' + d.access() + '\n').collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private void restoreDisks(byte[] saved) {
    disks.clear();
    String[] lines = new String(saved, StandardCharsets.UTF_8).split("\n");
    for (int i = 0; i + 2 < lines.length; i += 3) {
      opened(new DiskSpec(lines[i], lines[i + 1], lines[i + 2]));
    }
  }

  DeviceState state() {
    return state;
  }

  void begin(String newFile) {
    file = newFile;
  }

  void opened(DiskSpec disk) {
    disks.put(Integer.toString(disk.number()), disk);
  }

  void closed(String number) {
    disks.remove(number);
  }

  Collection<DiskSpec> disks() {
    return disks.values();
  }

  /** Name of its file. */
  String file() {
    return file;
  }
}
