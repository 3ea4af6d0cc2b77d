package org.xenolith.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.InputFile;
import org.xenolith.machine.KeptState.ArmedAlarm;
import org.xenolith.regs.StateRecord;

/**
 * A snapshot as a directory: {@code manifest.txt} (format, topology, who served what, virtual time), {@code state.txt} (a
 * section for each record) and {@code ram.gz}. Text, so that two snapshots can be compared with ordinary tools.
 */
final class SnapshotFolder {
  /** First line of the manifest of this format. */
  static final String MAGIC = "xenolith-snapshot 1";
  private static final String MANIFEST = "manifest.txt";
  private static final String STATE = "state.txt";
  private static final String RAM = "ram.gz";
  /** Bytes of a part; more than any machine has that this one could load. */
  private static final long LARGEST = 1L << 40;

  private final Path folder;

  SnapshotFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes a snapshot; the folder must not exist, or be empty. */
  void write(Snapshot snapshot, Hardware hardware) throws IOException {
    Files.createDirectories(folder);
    try (var content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new FileAlreadyExistsException(folder.toString(), null, "the folder for the snapshot isn't empty");
      }
    }
    try (Writer out = Files.newBufferedWriter(folder.resolve(STATE))) {
      state(snapshot, out);
    }
    SparseRam.write(hardware.space.ram(), folder.resolve(RAM));
    // Last, so that a folder with a manifest is complete.
    try (Writer out = Files.newBufferedWriter(folder.resolve(MANIFEST))) {
      out.write(MAGIC + "\ntopology " + snapshot.topology() + "\nplatform " + RecordText.encode(hardware.platform.name())
          + "\ninstructions " + hardware.clock.instructions() + "\nnanoseconds " + hardware.clock.now() + '\n');
      for (var provider : snapshot.providers().entrySet()) {
        out.write("provider " + RecordText.encode(provider.getKey()) + ' ' + RecordText.encode(provider.getValue()) + '\n');
      }
      for (String wire : snapshot.high()) {
        out.write("high " + RecordText.encode(wire) + '\n');
      }
    }
  }

  private static void state(Snapshot snapshot, Writer out) throws IOException {
    section(out, "core", "", snapshot.core());
    for (int i = 0; i < snapshot.cpus().size(); i++) {
      section(out, "cpu", Integer.toString(i), snapshot.cpus().get(i));
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
  }

  private static void section(Writer out, String kind, String name, StateRecord record) throws IOException {
    out.write('[' + kind + ' ' + RecordText.encode(name) + "]\n");
    RecordText.write(record, out);
  }

  /** Reads everything but RAM. */
  Snapshot read() throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.exists(manifest)) {
      throw new IOException(folder + ": no " + MANIFEST + " in it: not a snapshot, or one that was not finished");
    }
    Map<String, String> providers = new LinkedHashMap<>();
    List<String> high = new ArrayList<>();
    String topology = "";
    List<String> lines = lines(manifest);
    for (String part : List.of(STATE, RAM)) {
      ordinary(folder.resolve(part));
    }
    if (lines.isEmpty() || !lines.getFirst().equals(MAGIC)) {
      throw new IOException(manifest + ", line 1: expected \"" + MAGIC + "\", got \"" + (lines.isEmpty() ? "" : lines.getFirst())
          + "\": written by another version");
    }
    for (int i = 1; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(" ");
      switch (fields[0] + fields.length) {
        case "topology2" -> topology = fields[1];
        case "provider3" -> providers.put(RecordText.decode(fields[1]), RecordText.decode(fields[2]));
        case "high2" -> high.add(RecordText.decode(fields[1]));
        case "platform2", "instructions2", "nanoseconds2" -> { }
        default -> throw new IOException(manifest + ", line " + (i + 1) + ": not understood: " + lines.get(i));
      }
    }
    Snapshot snapshot = new Snapshot(topology, providers, high, new StateRecord(), new ArrayList<>(), new LinkedHashMap<>(),
        new LinkedHashMap<>(), new LinkedHashMap<>());
    readState(snapshot);
    return snapshot;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return InputFile.text(file, InputFile.WRITTEN).lines().toList();
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": no text: the snapshot is damaged");
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage());
    }
  }

  private static void ordinary(Path file) throws IOException {
    try {
      InputFile.check(file, LARGEST);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage());
    }
  }

  private void readState(Snapshot into) throws IOException {
    Path file = folder.resolve(STATE);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      StateRecord record = null;
      List<ArmedAlarm> alarms = List.of();
      int number = 0;
      for (String line; (line = in.readLine()) != null;) {
        number++;
        try {
          if (line.startsWith("[") && line.endsWith("]")) {
            String[] section = line.substring(1, line.length() - 1).split(" ", 2);
            alarms = new ArrayList<>();
            record = section(into, section[0], RecordText.decode(section[1]), alarms);
          } else if (record == null) {
            throw new IOException("a value before the first section");
          } else if (line.startsWith("!alarm ")) {
            String[] fields = line.split(" ");
            alarms.add(new ArmedAlarm(RecordText.decode(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3])));
          } else {
            RecordText.read(line, record);
          }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
          throw new IOException(file + ", line " + number + ": " + e.getMessage());
        }
      }
    }
  }

  private static StateRecord section(Snapshot into, String kind, String name, List<ArmedAlarm> alarms) throws IOException {
    StateRecord record = new StateRecord();
    switch (kind) {
      case "core" -> record = into.core();
      case "cpu" -> into.cpus().add(record);
      case "device" -> into.devices().put(name, new KeptState(record, alarms));
      case "port" -> into.ports().put(name, record);
      case "disk" -> into.disks().put(name, record);
      default -> throw new IOException("unknown section " + kind);
    }
    return record;
  }

  /** Replaces the content of RAM. */
  void readRam(RamBanks ram) throws IOException {
    SparseRam.read(ram, folder.resolve(RAM));
  }
}
