// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.SavedPages;
import org.xenolith.machine.places.KeptState;
import org.xenolith.machine.places.KeptState.ArmedAlarm;
import org.xenolith.regs.StateRecord;

/**
 * A snapshot as a directory: {@code manifest.txt} ({@link SnapshotManifest}), {@code state.txt} (a section for each record) and
 * {@code ram.img} ({@link RamFile}). Text but for that, so that two snapshots can be compared with ordinary tools.
 */
public final class SnapshotFolder implements SnapshotSource {
  private static final String STATE = "state.txt";
  private static final String RAM = SnapshotManifest.RAM;

  private final Path folder;
  /** Where its RAM is, once it is read. */
  private List<RamChunk> chunks = List.of();
  private SnapshotManifest.Below below;

  public SnapshotFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes a snapshot; the folder must not exist, or be empty.
   *
   * @param onto the folder of another snapshot, whose RAM isn't written again where it is the same
   */
  public void write(Snapshot snapshot, Hardware hardware, Optional<Path> onto) throws IOException {
    if (onto.isPresent()) {
      try (RamBelow under = new SnapshotFolder(onto.get()).ram()) {
        write(snapshot, hardware, under);
      }
    } else {
      write(snapshot, hardware, (RamBelow) null);
    }
  }

  /** Its RAM, for another snapshot to be saved onto. */
  private RamBelow ram() throws IOException {
    SnapshotManifest.Facts facts = new SnapshotManifest(folder).read(List.of(STATE, RAM));
    if (facts.below() != null) {
      throw new IOException(folder + " needs the snapshot " + facts.below().folder() + " itself; save onto that, or onto none");
    }
    Path file = folder.resolve(RAM);
    return new RamBelow(folder, new SavedPages(file), facts.chunks(), SnapshotManifest.digest(file));
  }

  private void write(Snapshot snapshot, Hardware hardware, RamBelow under) throws IOException {
    Files.createDirectories(folder);
    try (var content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new FileAlreadyExistsException(folder.toString(), null, "the folder for the snapshot isn't empty");
      }
    }
    try {
      int sections;
      try (Writer out = Files.newBufferedWriter(folder.resolve(STATE), StandardCharsets.UTF_8)) {
        sections = state(snapshot, out);
      }
      Optional<RamBelow> onto = Optional.ofNullable(under);
      List<RamChunk> written = new RamFile(folder.resolve(RAM)).write(hardware.space, onto);
      // Machines that take it over have it mapped.
      boolean kept = folder.resolve(RAM).toFile().setReadOnly();
      if (!kept) {
        throw new IOException(folder.resolve(RAM) + ": can't be made a file that is only read");
      }
      // Last, so that a folder with a manifest is complete.
      new SnapshotManifest(folder).write(snapshot, hardware, sections, written, onto, List.of(STATE, RAM));
    } catch (IOException | RuntimeException e) {
      takeBack(e);
      throw e;
    }
  }

  /** What isn't whole would only be in the way, above all on a full disk. */
  private void takeBack(Exception cause) {
    for (String name : List.of(STATE, RAM, SnapshotManifest.NAME)) {
      try {
        Files.deleteIfExists(folder.resolve(name));
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
    // If it was made for the snapshot it is empty now; else it was empty before.
    if (!folder.toFile().delete()) {
      cause.addSuppressed(new IOException(folder + " stays, though there is no snapshot in it"));
    }
  }

  /** Returns how many sections were written. */
  private static int state(Snapshot snapshot, Writer out) throws IOException {
    section(out, "core", "", snapshot.core());
    for (int i = 0; i < snapshot.cpus().size(); i++) {
      section(out, "cpu", Integer.toString(i), snapshot.cpus().get(i));
    }
    for (int i = 0; i < snapshot.standing().size(); i++) {
      section(out, "core", Integer.toString(i), snapshot.standing().get(i));
    }
    for (var device : snapshot.devices().entrySet()) {
      section(out, "device", device.getKey(), device.getValue().record());
      for (ArmedAlarm alarm : device.getValue().alarms()) {
        out.write("!alarm " + RecordText.encode(alarm.name()) + ' ' + alarm.deadline() + ' ' + alarm.order() + '\n');
      }
    }
    for (var port : snapshot.ports().entrySet()) {
      section(out, "port", port.getKey(), port.getValue());
    }
    for (var disk : snapshot.disks().entrySet()) {
      section(out, "disk", disk.getKey(), disk.getValue());
    }
    return 1 + snapshot.cpus().size() + snapshot.standing().size() + snapshot.devices().size() + snapshot.ports().size() + snapshot.disks()
        .size();
  }

  private static void section(Writer out, String kind, String name, StateRecord record) throws IOException {
    out.write('[' + kind + ' ' + RecordText.encode(name) + "]\n");
    RecordText.write(record, out);
  }

  @Override
  public Snapshot read() throws IOException {
    SnapshotManifest.Facts facts = new SnapshotManifest(folder).read(List.of(STATE, RAM));
    Snapshot snapshot = new Snapshot(facts.topology(), facts.identities(), facts.providers(), facts.high(), new StateRecord(),
        new ArrayList<>(),
        new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    int sections = readState(snapshot);
    if (sections != facts.sections()) {
      throw new IOException(folder.resolve(STATE) + " has " + sections + " sections, the manifest says " + facts.sections());
    }
    chunks = facts.chunks();
    below = facts.below();
    return snapshot;
  }

  /** Returns how many sections there are. */
  private int readState(Snapshot into) throws IOException {
    Path file = folder.resolve(STATE);
    int sections = 0;
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      StateRecord record = null;
      List<ArmedAlarm> alarms = List.of();
      int number = 0;
      for (String line; (line = in.readLine()) != null;) {
        number++;
        try {
          if (line.startsWith("[") && line.endsWith("]")) {
            String[] section = line.substring(1, line.length() - 1).split(" ", 2);
            if (section.length < 2) {
              throw new IOException("expected [KIND NAME], got " + RecordText.shown(line));
            }
            alarms = new ArrayList<>();
            sections++;
            record = section(into, section[0], RecordText.decode(section[1]), alarms);
          } else if (record == null) {
            throw new IOException("a value before the first section");
          } else if (line.startsWith("!alarm ")) {
            alarms.add(alarm(line));
          } else {
            RecordText.read(line, record);
          }
        } catch (IOException | IllegalArgumentException e) {
          throw new IOException(file + ", line " + number + ": " + HostReason.of(e).text());
        }
      }
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no text in UTF-8: the snapshot is damaged");
    }
    return sections;
  }

  private static ArmedAlarm alarm(String line) throws IOException {
    String[] fields = line.split(" ", -1);
    try {
      if (fields.length == 4) {
        return new ArmedAlarm(RecordText.decode(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
      }
    } catch (IllegalArgumentException e) {
      // told below, as a wrong number of fields is
    }
    throw new IOException("expected an alarm's name, deadline and order, got " + RecordText.shown(line));
  }

  private static StateRecord section(Snapshot into, String kind, String name, List<ArmedAlarm> alarms) throws IOException {
    StateRecord record = new StateRecord();
    switch (kind) {
      case "core" -> {
        if (name.isEmpty()) {
          record = into.core();
        } else {
          into.standing().add(record);
        }
      }
      case "cpu" -> into.cpus().add(record);
      case "device" -> into.devices().put(name, new KeptState(record, alarms));
      case "port" -> into.ports().put(name, record);
      case "disk" -> into.disks().put(name, record);
      default -> throw new IOException("unknown section " + kind);
    }
    return record;
  }

  @Override
  public void readRam(AddressSpace space) throws IOException {
    RamFile file = new RamFile(folder.resolve(RAM));
    if (below == null) {
      file.read(space, chunks, Optional.empty());
      return;
    }
    try (RamBelow under = new SnapshotFolder(below.folder()).ram()) {
      if (!under.digest().equals(below.digest())) {
        throw new IOException(below.folder() + " isn't the snapshot that this one was saved onto, which has to stay");
      }
      file.read(space, chunks, Optional.of(under));
    }
  }
}
