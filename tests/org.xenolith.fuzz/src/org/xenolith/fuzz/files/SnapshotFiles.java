// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.xenolith.fuzz.InputBytes;

/** The files of a snapshot and of the boot that it belongs to, to be changed and, if it is to look whole, signed anew. */
final class SnapshotFiles {
  private static final String MANIFEST = "manifest.txt";
  private static final String STATE = "state.txt";
  private static final String RAM = "ram.gz";
  private static final String FACTS = "boot.txt";
  private static final String TREE = "board.dtb";
  private static final String END = "end ";

  private List<String> manifest;
  private List<String> state;
  private List<String> facts;
  private byte[] ram;
  private byte[] packed;
  private byte[] tree;

  private SnapshotFiles() {}

  /** The files of a folder. */
  static SnapshotFiles of(Path folder) {
    SnapshotFiles files = new SnapshotFiles();
    try {
      files.manifest = lines(folder.resolve(MANIFEST));
      files.state = lines(folder.resolve(STATE));
      files.facts = lines(folder.resolve(FACTS));
      files.packed = Files.readAllBytes(folder.resolve(RAM));
      files.tree = Files.readAllBytes(folder.resolve(TREE));
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(files.packed))) {
        files.ram = in.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static List<String> lines(Path file) throws IOException {
    return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\n"));
  }

  /** Changed files. */
  SnapshotFiles edited(InputBytes in) {
    SnapshotFiles changed = new SnapshotFiles();
    changed.manifest = manifest;
    changed.state = state;
    changed.facts = facts;
    changed.ram = ram;
    changed.packed = packed;
    changed.tree = tree;
    while (!in.end()) {
      switch (in.next() & 15) {
        case 8, 9, 10 -> changed.manifest = Edits.lines(in, changed.manifest);
        case 11 -> changed.ram = Edits.bytes(in, changed.ram);
        case 12 -> changed.packed = Edits.bytes(in, changed.packed);
        case 13 -> changed.facts = Edits.lines(in, changed.facts);
        case 14 -> changed.tree = Edits.bytes(in, changed.tree);
        case 15 -> changed.state = List.of(new String(Edits.bytes(in, text(changed.state)), StandardCharsets.ISO_8859_1).split("\n", -1));
        default -> changed.state = Edits.lines(in, changed.state);
      }
    }
    if (changed.packed == packed && !Arrays.equals(changed.ram, ram)) {
      changed.packed = packed(changed.ram);
    }
    return changed;
  }

  /** Whether the snapshot itself is the same in both. */
  boolean same(SnapshotFiles other) {
    return manifest.equals(other.manifest) && Arrays.equals(text(state), text(other.state)) && Arrays.equals(packed, other.packed);
  }

  /** Whether what belongs to the boot is the same in both. */
  boolean sameBoot(SnapshotFiles other) {
    return facts.equals(other.facts) && Arrays.equals(tree, other.tree);
  }

  /** Writes them. @param signed with digests of what is written, else with those that are in the lists */
  void write(Scratch scratch, boolean signed) {
    byte[] stateBytes = text(state);
    scratch.write(STATE, stateBytes);
    scratch.write(RAM, packed);
    scratch.write(TREE, tree);
    if (!signed) {
      scratch.write(MANIFEST, text(manifest));
      scratch.write(FACTS, text(facts));
      return;
    }
    List<String> lines = new ArrayList<>();
    for (String line : manifest.getLast().startsWith(END) ? manifest.subList(0, manifest.size() - 1) : manifest) {
      lines.add(line.startsWith("file state.txt ") ? "file " + STATE + ' ' + stateBytes.length + ' ' + digest(stateBytes)
          : line.startsWith("file ram.gz ") ? "file " + RAM + ' ' + packed.length + ' ' + digest(packed) : line);
    }
    lines.add(END + digest(text(lines)));
    scratch.write(MANIFEST, text(lines));
    List<String> signedFacts = new ArrayList<>(facts.getLast().startsWith(END) ? facts.subList(0, facts.size() - 1) : facts);
    signedFacts.add(END + digest(text(signedFacts), tree));
    scratch.write(FACTS, text(signedFacts));
  }

  private static byte[] text(List<String> lines) {
    return lines.isEmpty() ? new byte[0] : (String.join("\n", lines) + '\n').getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String digest(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
