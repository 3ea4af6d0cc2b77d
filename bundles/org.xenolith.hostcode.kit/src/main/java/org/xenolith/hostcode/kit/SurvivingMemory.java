// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that is a file in the run's folder, so that the launcher can read it after generated code has faulted, which ends the JVM. In front of it is a page: a mark, the number
 * of the process, where its code is executed, and what the owner has to say. In a process without such a folder it is memory like any other.
 */
public final class SurvivingMemory {
  /** Bytes in front. */
  public static final int HEAD = 4096;
  /** Behind the mark and the numbers. */
  public static final int OWN = 64;
  /** "XNLCODE1". */
  private static final long MARK = 0x3145_444F_434C_4E58L;

  private SurvivingMemory() {}

  /**
   * Zeroed memory with {@link #HEAD} bytes in front, given back when nobody refers to it any more.
   *
   * @param kind of what is in it: {@code state} or {@code tables}
   */
  public static MemorySegment allocate(String kind, long size) {
    String folder = System.getProperty("xenolith.temporary");
    if (folder != null) {
      try {
        // Not a temporary file of the JDK's, whose name is a random number that takes 10 ms to be had. The folder is the owner's alone.
        Path file = Path.of(folder, "code-" + System.nanoTime() + '.' + kind);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW)) {
          return channel.map(MapMode.READ_WRITE, 0, HEAD + size, Arena.ofAuto());
        }
      } catch (IOException e) {
        // A run that has no room for it goes on; a fault is reported with less.
      }
    }
    return Arena.ofAuto().allocate(HEAD + size, HEAD);
  }

  /** Says whose it is. */
  public static void belongsTo(MemorySegment memory, long executed, long size) {
    memory.set(ValueLayout.JAVA_LONG, 8, ProcessHandle.current().pid());
    memory.set(ValueLayout.JAVA_LONG, 16, executed);
    memory.set(ValueLayout.JAVA_LONG, 24, size);
    memory.set(ValueLayout.JAVA_LONG, 0, MARK);
  }
}
