// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.DiskHolder;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.ContentPort;
import org.xenolith.machine.control.ContentName;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/**
 * What one machine runs on. Nothing is read and no digest made before somebody records or replays. What a machine was given is known by its bytes until it first runs; memory as it is before the first
 * instruction. One that goes on from a state has that state's digest in their place; one that goes on from a state in memory, as a fork does, what the machine of that state began with, if somebody wanted to know it
 * there. Disks are known by what they had when they were opened, at any time.
 */
public final class StartContents {
  private final Hardware hardware;
  private final Map<String, Given> given = new LinkedHashMap<>();
  private boolean goesOn;
  /** Instructions of the state that it goes on from. */
  private long from;
  /** Whether what it began with is what the machine of that state knew. */
  private boolean inherited;
  /** What the machine began with; null while nobody wanted to know. */
  private List<ContentLine> known;

  private record Given(ContentName what, byte[] content) {}

  public StartContents(Hardware hardware) {
    this.hardware = hardware;
  }

  /** See {@code Machine.given}. What a later start is given is the machine's own: it has kept it. */
  public void given(ContentName what, byte[] content) {
    if (begins()) {
      given.put(what.name(), new Given(what, content));
    }
  }

  /** It runs now. @param kept whether somebody may still want to know what it was given */
  public void runs(boolean kept) {
    if (!kept) {
      given.clear();
    }
  }

  /** It goes on from a state. @param began what the machine of that state began with; null if that isn't known */
  public void goesOn(List<ContentLine> began) {
    given.clear();
    goesOn = true;
    from = hardware.clock.instructions();
    known = began;
    inherited = began != null;
  }

  /** What a machine that goes on from this one's state may know of it. */
  public List<ContentLine> known() {
    return known;
  }

  private boolean begins() { return !goesOn && hardware.clock.instructions() == 0; }

  /** What it runs on, for a recording that begins now. @throws IOException if a disk can't be read */
  public List<ContentLine> now() throws IOException {
    if (begins()) {
      known = started();
      return known;
    }
    if (goesOn && known != null && (inherited || hardware.clock.instructions() == from)) {
      return known;
    }
    List<ContentLine> lines = new ArrayList<>();
    lines.add(state());
    lines.addAll(disks().values());
    if (goesOn && hardware.clock.instructions() == from) {
      known = lines; // forks of it needn't look again
    }
    return lines;
  }

  /** What it began with, for a recording of all of it that is written now: as far as it's known. @throws IOException if a disk can't be read */
  public List<ContentLine> began() throws IOException {
    if (known != null) {
      return known;
    }
    if (goesOn) {
      return List.of();
    }
    List<ContentLine> lines = new ArrayList<>(givens(new IdentityHashMap<>()));
    lines.addAll(disks().values());
    return lines;
  }

  private List<ContentLine> started() throws IOException {
    Map<byte[], ContentLine> digests = new IdentityHashMap<>();
    List<ContentLine> lines = new ArrayList<>(givens(digests));
    lines.addAll(ports(digests).values());
    lines.addAll(disks().values());
    lines.add(memory());
    return List.copyOf(lines);
  }

  /** @param digests what was made of which array, so that each is looked at once */
  private List<ContentLine> givens(Map<byte[], ContentLine> digests) {
    return given.values().stream().map(each -> line(each.what.name(), ContentLine.NOWHERE, each.content, each.what.source(), digests))
        .toList();
  }

  private static ContentLine line(String what, String place, byte[] content, String source, Map<byte[], ContentLine> digests) {
    ContentLine made = digests.computeIfAbsent(content, bytes -> ContentLine.of(what, place, bytes, source));
    return new ContentLine(what, place, made.bytes(), made.digest(), source);
  }

  private long bytes() {
    return hardware.platform.memory().stream().mapToLong(AddressWindow::size).sum();
  }

  ContentLine memory() {
    return new ContentLine(ContentLine.MEMORY, ContentLine.NOWHERE, bytes(), MachineDigest.ofRam(hardware), "");
  }

  ContentLine state() {
    return new ContentLine(ContentLine.STATE, ContentLine.NOWHERE, bytes(), MachineDigest.quick(hardware), "");
  }

  private Map<String, ContentLine> ports(Map<byte[], ContentLine> digests) {
    Map<String, ContentLine> lines = new TreeMap<>();
    visit((node, port) -> {
      if (port instanceof ContentPort contents) {
        contents.contents().forEach((name, content) -> {
          ContentLine line = line(name, node, content, "", digests);
          lines.put(line.key(), line);
        });
      }
    });
    return lines;
  }

  private Map<String, ContentLine> disks() throws IOException {
    Map<String, BlockDevice> disks = new TreeMap<>();
    visit((node, port) -> {
      if (port instanceof DiskHolder holder) {
        holder.disks().forEach((name, disk) -> disks.put(node + name, disk));
      }
    });
    Map<String, ContentLine> lines = new TreeMap<>();
    for (var disk : disks.entrySet()) {
      BlockDevice device = disk.getValue();
      ContentLine line = device.fingerprint().map(print -> ContentLine.of(disk.getKey(), print)).orElseGet(() -> new ContentLine(
          ContentLine.DISK, disk.getKey(), device.sectors() * BlockDevice.SECTOR, ContentLine.UNKNOWN, ""));
      lines.put(line.key(), line);
    }
    return lines;
  }

  private void visit(BiConsumer<String, Object> visitor) {
    for (PlatformNode node : hardware.platform.nodes()) {
      hardware.ports.all(node.path(), (type, port) -> visitor.accept(node.path(), port));
    }
  }

  /**
   * What a machine that is about to replay a recording runs on, of which as much is looked at as the recording knows.
   *
   * @throws IOException if a disk can't be read
   */
  ContentComparison compared(List<ContentLine> recorded) throws IOException {
    boolean ofState = recorded.stream().anyMatch(ContentLine::isState);
    if (goesOn && known != null && known.stream().anyMatch(ContentLine::isState) == ofState) {
      return new ContentComparison(byKey(known), true, true);
    }
    boolean started = begins();
    Map<byte[], ContentLine> digests = new IdentityHashMap<>();
    Map<String, ContentLine> here = new LinkedHashMap<>();
    if (started) {
      here.putAll(byKey(givens(digests)));
    }
    if (!ofState) {
      here.putAll(ports(digests));
    }
    here.putAll(disks());
    boolean atStart = hardware.clock.instructions() == 0;
    if (atStart && recorded.stream().anyMatch(ContentLine::isMemory)) {
      ContentLine memory = memory();
      here.put(memory.key(), memory);
    }
    if (ofState) {
      ContentLine state = state();
      here.put(state.key(), state);
    }
    return new ContentComparison(here, started, atStart);
  }

  private static Map<String, ContentLine> byKey(List<ContentLine> lines) {
    Map<String, ContentLine> map = new LinkedHashMap<>();
    lines.forEach(line -> map.put(line.key(), line));
    return map;
  }
}
