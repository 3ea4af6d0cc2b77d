// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.xenolith.fuzz.InputBytes;

/** The files of a snapshot and of the boot that it belongs to, to be changed and, if it is to look whole, signed anew. */
final class SnapshotFiles {
  private static final String MANIFEST = "manifest.txt";
  private static final String STATE = "state.txt";
  private static final String RAM = "ram.img";
  private static final String FACTS = "boot.txt";
  private static final String TREE = "board.dtb";
  private static final String END = "end ";
  private static final int PAGE = 4096;

  private List<String> manifest;
  private List<String> state;
  private List<String> facts;
  private byte[] ram;
  private byte[] tree;

  private SnapshotFiles() {}

  /** The files of a folder. */
  static SnapshotFiles of(Path folder) {
    SnapshotFiles files = new SnapshotFiles();
    try {
      files.manifest = lines(folder.resolve(MANIFEST));
      files.state = lines(folder.resolve(STATE));
      files.facts = lines(folder.resolve(FACTS));
      files.ram = Files.readAllBytes(folder.resolve(RAM));
      files.tree = Files.readAllBytes(folder.resolve(TREE));
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
    changed.tree = tree;
    while (!in.end()) {
      switch (in.next() & 15) {
        case 8, 9, 10 -> changed.manifest = Edits.lines(in, changed.manifest);
        case 11, 12 -> changed.ram = Edits.bytes(in, changed.ram);
        case 13 -> changed.facts = Edits.lines(in, changed.facts);
        case 14 -> changed.tree = Edits.bytes(in, changed.tree);
        case 15 -> changed.state = List.of(new String(Edits.bytes(in, text(changed.state)), StandardCharsets.ISO_8859_1).split("\n", -1));
        default -> changed.state = Edits.lines(in, changed.state);
      }
    }
    return changed;
  }

  /** Whether the snapshot itself is the same in both. */
  boolean same(SnapshotFiles other) {
    return manifest.equals(other.manifest) && Arrays.equals(text(state), text(other.state)) && Arrays.equals(ram, other.ram);
  }

  /** Whether what belongs to the boot is the same in both. */
  boolean sameBoot(SnapshotFiles other) {
    return facts.equals(other.facts) && Arrays.equals(tree, other.tree);
  }

  /** Writes them. @param signed with digests of what is written, else with those that are in the lists */
  void write(Scratch scratch, boolean signed) {
    byte[] stateBytes = text(state);
    scratch.write(STATE, stateBytes);
    scratch.write(RAM, ram);
    scratch.write(TREE, tree);
    if (!signed) {
      scratch.write(MANIFEST, text(manifest));
      scratch.write(FACTS, text(facts));
      return;
    }
    List<String> lines = new ArrayList<>();
    for (String line : manifest.getLast().startsWith(END) ? manifest.subList(0, manifest.size() - 1) : manifest) {
      lines.add(line.startsWith("file state.txt ") ? "file " + STATE + ' ' + stateBytes.length + ' ' + digest(stateBytes)
          : line.startsWith("file ram.img ") ? "file " + RAM + ' ' + ram.length + ' ' + pagesDigest(ram) : line);
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

  /** Of RAM: the pages that aren't zeros, each behind its number. */
  private static String pagesDigest(byte[] bytes) {
    CRC32C sum = new CRC32C();
    for (int at = 0; at < bytes.length; at += PAGE) {
      byte[] page = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PAGE));
      if (!Arrays.equals(page, new byte[page.length])) {
        sum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, at));
        sum.update(page);
      }
    }
    return "%08x".formatted(sum.getValue());
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
