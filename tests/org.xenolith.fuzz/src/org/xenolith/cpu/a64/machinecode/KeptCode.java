// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.StoredCode;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.hostcode.kit.pages.Translations;

/** A folder with the code of one guest, which an engine has written there, and what reads it. */
public final class KeptCode {
  /** Where a file has its sum, how much of each there is, the identity's length first but for three, and the identity. */
  public static final int SUM = 8;
  public static final int COUNTS = 12;
  private static final int ORIGIN = COUNTS;
  private static final int END = COUNTS + 4;
  private static final int IDENTITY_LENGTH = COUNTS + 12;
  private static final int IDENTITY = COUNTS + 32;

  private final TranslationFolder folder;
  private final HostCode host = HostCode.map(Translations.SIZE);
  private String identity;
  private String name;
  private int origin;

  /** @param path the folder, which need not be there */
  public KeptCode(Path path) {
    folder = new TranslationFolder(path, "fuzzed");
  }

  /** An engine that takes what is kept, and keeps what it makes. */
  public CpuEngine engine(Cpu cpu) {
    return new MachineCodeEngine(cpu, folder);
  }

  /** The file that the first engine has written. What is read must be for the same from now on. */
  public Path first() {
    try {
      Path file = folder.files().getFirst().path();
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      origin = bytes.getInt(ORIGIN);
      identity = new String(bytes.array(), IDENTITY, bytes.getInt(IDENTITY_LENGTH), StandardCharsets.UTF_8);
      String whole = file.getFileName().toString();
      name = whole.substring(0, whole.indexOf('.'));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long a file says that it is: all that its counts announce. */
  public static long announced(byte[] content) {
    if (content.length < IDENTITY) {
      return content.length;
    }
    ByteBuffer counts = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long pages = counts.getInt(COUNTS + 20);
    return IDENTITY + counts.getInt(IDENTITY_LENGTH) + 16L * counts.getInt(COUNTS + 16) + pages * (8 * StoredCode.bits(NativePage.BY_WORDS)
        + 8) + 8 + 4L
            * counts
                .getInt(COUNTS + 24) + 20L * counts.getInt(COUNTS + 28) + counts.getInt(END) - counts.getInt(ORIGIN);
  }

  /**
   * Reads the file.
   *
   * @return all that it has, to the last number, and its code: copies, since what is read is the file itself, which the next input writes over
   * @throws IOException if it may not be used
   */
  public Object[] read() throws IOException {
    StoredCode stored = folder.read(name, identity, origin, NativePage.BY_WORDS, host);
    stored.bringAll();
    byte[] code = new byte[stored.end() - origin];
    host.bytes(origin, stored.end()).get(code);
    byte[] words = new byte[stored.words().limit()];
    stored.words().get(0, words);
    return new Object[] {code, stored.origin(), stored.end(), copy(stored.exits().what()), copy(stored.exits().owner()), copy(stored.exits()
        .place()), copy(stored.exits().access()), copy(stored.translated()), words, copy(stored.wordsFrom()), copy(stored.entries()), copy(
            stored.places()), copy(stored.ends()), copy(stored.entriesFrom()), copy(stored.keys())};
  }

  private static int[] copy(IntBuffer from) {
    int[] all = new int[from.limit()];
    from.get(0, all);
    return all;
  }

  private static long[] copy(LongBuffer from) {
    long[] all = new long[from.limit()];
    from.get(0, all);
    return all;
  }
}
