// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.Hardware;

/**
 * The first file of a snapshot: format, topology, who served what, virtual time, which chunks of RAM there are, and size and digest of every other file
 * (SHA-256, of RAM {@link RamFile#digest}), so that a damaged snapshot is found before anything is changed. Its last line is the digest of those before it.
 */
final class SnapshotManifest {
  /** First line of this format. */
  private static final RecordFormat FORMAT = new RecordFormat("xenolith-snapshot", 4, "boot and save anew, or use that version");
  static final String MAGIC = FORMAT.line();
  static final String NAME = "manifest.txt";
  /** The file with RAM. */
  static final String RAM = "ram.img";
  private static final String FILE = "file ";
  private static final String END = "end ";
  /** Bytes of a part; more than any machine has that this one could load. */
  private static final long LARGEST = 1L << 40;

  private final Path folder;
  private final Path file;

  SnapshotManifest(Path folder) {
    this.folder = folder;
    file = folder.resolve(NAME);
  }

  /**
   * What a manifest says.
   *
   * @param topology  digest of the topology
   * @param identities as in {@link Snapshot#identities}
   * @param sections  in the file of state
   * @param providers as in {@link Snapshot#providers}
   * @param high      as in {@link Snapshot#high}
   * @param chunks    of RAM, and where its file has them
   * @param below     folder of the snapshot that has the pages of RAM that this hasn't, and digest of its RAM; null if there is none
   */
  record Facts(String topology, CpuIdentities identities, int sections, Map<String, String> providers, List<String> high,
      List<RamChunk> chunks, Below below) {}

  /** @param folder of it @param digest of its RAM */
  record Below(Path folder, String digest) {}

  /** Writes it, after all other files. */
  void write(Snapshot snapshot, Hardware hardware, int sections, List<RamChunk> chunks, Optional<RamBelow> below, List<String> files)
      throws IOException {
    StringBuilder text = new StringBuilder(MAGIC + "\ntopology " + snapshot.topology() + "\nplatform "
        + RecordText.encode(hardware.platform.name()) + "\ninstructions " + hardware.clock.instructions() + "\nnanoseconds "
        + hardware.clock.now() + "\nsections " + sections + '\n');
    snapshot.identities().lines().forEach(line -> text.append(line).append('\n'));
    snapshot.providers().forEach((instance, provider) -> text.append("provider ").append(RecordText.encode(instance)).append(' ')
        .append(RecordText.encode(provider)).append('\n'));
    snapshot.high().forEach(wire -> text.append("high ").append(RecordText.encode(wire)).append('\n'));
    chunks.forEach(each -> text.append(each.line()).append('\n'));
    if (below.isPresent()) {
      Path to = folder.toAbsolutePath().normalize().relativize(below.get().folder().toAbsolutePath().normalize());
      text.append("below ").append(RecordText.encode(to.toString())).append(' ').append(below.get().digest()).append('\n');
    }
    for (String name : files) {
      text.append(FILE).append(name).append(' ').append(Files.size(folder.resolve(name))).append(' ')
          .append(digest(folder.resolve(name))).append('\n');
    }
    Files.writeString(file, text + END + digest(text.toString()) + '\n', StandardCharsets.UTF_8);
  }

  /**
   * Reads it and checks the other files against it.
   *
   * @param files those that it must list
   * @throws IOException naming the file that is missing or damaged
   */
  Facts read(List<String> files) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(folder + ": no " + NAME + " in it: not a snapshot, or one that was not finished");
    }
    List<String> lines = lines();
    Map<String, String> providers = new LinkedHashMap<>();
    List<String> high = new ArrayList<>();
    String topology = "";
    List<RamChunk> chunks = new ArrayList<>();
    Below below = null;
    int sections = 0;
    Set<String> listed = new HashSet<>();
    CpuIdentities identities = new CpuIdentities(new ArrayList<>());
    for (int i = 1; i < lines.size() - 1; i++) {
      String[] fields = lines.get(i).split(" ", -1);
      try {
        if (CpuIdentities.is(lines.get(i))) {
          identities.read(lines.get(i));
          continue;
        }
        switch (fields[0] + fields.length) {
          case "topology2" -> topology = fields[1];
          case "sections2" -> sections = Integer.parseInt(fields[1]);
          case "provider3" -> providers.put(RecordText.decode(fields[1]), RecordText.decode(fields[2]));
          case "high2" -> high.add(RecordText.decode(fields[1]));
          case "chunk3", "chunk4" -> chunks.add(RamChunk.of(fields, chunks.isEmpty() ? null : chunks.getLast()));
          case "below3" -> below = new Below(folder.toAbsolutePath().resolve(RecordText.decode(fields[1])).normalize(), fields[2]);
          case "file4" -> {
            check(fields);
            listed.add(fields[1]);
          }
          case "platform2", "instructions2", "nanoseconds2" -> {
          }
          default -> throw new IllegalArgumentException('"' + RecordText.shown(lines.get(i)) + '"');
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ", line " + (i + 1) + ": not understood: "
            + (e instanceof NumberFormatException ? '"' + RecordText.shown(lines.get(i)) + '"' : e.getMessage()));
      }
    }
    for (String name : files) {
      if (!listed.contains(name)) {
        throw new IOException(file + " doesn't list " + name + ": nothing says whether that is what was written");
      }
    }
    return new Facts(topology, identities, sections, providers, high, chunks, below);
  }

  private List<String> lines() throws IOException {
    String text;
    try {
      text = InputFile.text(file, InputFile.WRITTEN);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no text: the snapshot is damaged");
    } catch (IOException e) {
      throw new IOException(file + ": " + HostReason.of(file, e).text());
    }
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(MAGIC)) {
      String first = lines.isEmpty() ? "" : lines.getFirst();
      throw new IOException(file + ", line 1: expected \"" + MAGIC + "\", got \"" + RecordText.shown(first) + "\": "
          + FORMAT.refusal(first));
    }
    String last = lines.getLast();
    int end = text.lastIndexOf(END + last.replaceFirst("^" + END, ""));
    if (!last.startsWith(END) || end < 0 || !last.equals(END + digest(text.substring(0, end)))) {
      throw new IOException(file + ": its last line isn't the digest of those before it: the snapshot is damaged, or was changed by hand");
    }
    return lines;
  }

  private void check(String[] fields) throws IOException {
    Path listed = folder.resolve(fields[1]).normalize();
    if (!folder.normalize().equals(listed.getParent())) {
      throw new IllegalArgumentException("file " + fields[1] + " is none of the snapshot's");
    }
    if (!Files.exists(listed)) {
      throw new IOException(listed + " is missing: the snapshot isn't whole");
    }
    try {
      InputFile.check(listed, LARGEST);
    } catch (IOException e) {
      throw new IOException(listed + ": " + HostReason.of(listed, e).text());
    }
    long size = Files.size(listed);
    if (!fields[2].equals(Long.toString(size))) {
      throw new IOException(listed + " has " + size + " bytes, was written with " + fields[2] + ": the snapshot is damaged");
    }
    if (!fields[3].equals(digest(listed))) {
      throw new IOException(listed + " isn't what was written: the snapshot is damaged");
    }
  }

  static String digest(Path file) throws IOException {
    if (file.endsWith(RAM)) {
      return new RamFile(file).digest();
    }
    MessageDigest digest = MachineDigest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digest(String text) {
    return MachineDigest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
