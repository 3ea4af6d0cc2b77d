// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are mostly zeros, of which those take no room on the host. */
public final class SparseFile {
  private static final int PIECE = 1 << 20;
  /** A hole of less is none to most file systems. */
  private static final int BLOCK = 4096;

  private SparseFile() {}

  /** Makes a file of zeros. */
  public static void create(Path file, long size) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
      setSize(out, size);
    }
  }

  /** Copies a file, leaving blocks of zeros out; who looks at the target sees what was there before, or all of the copy. */
  public static void copy(Path from, Path to) throws IOException {
    Path target = to.toAbsolutePath();
    Path fresh = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    Files.deleteIfExists(fresh);
    try {
      try (FileChannel in = FileChannel.open(from)) {
        write(in, fresh);
      }
      move(fresh, target);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Writes what comes to a file that isn't there yet, leaving blocks of zeros out. @throws IOException also if the file is there */
  public static void write(ReadableByteChannel in, Path file) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      long at = 0;
      while (fill(in, piece)) {
        for (int block = 0; block < piece.limit(); block += BLOCK) {
          ByteBuffer content = piece.slice(block, Math.min(BLOCK, piece.limit() - block));
          if (!zeros(content)) {
            for (long to = at + block; content.hasRemaining();) {
              to += out.write(content, to);
            }
          }
        }
        at += piece.limit();
      }
      setSize(out, at);
    }
  }

  /** Blocks stay where they are in the file, however little a read gives. Returns whether there was anything. */
  private static boolean fill(ReadableByteChannel in, ByteBuffer piece) throws IOException {
    piece.clear();
    while (piece.hasRemaining() && in.read(piece) >= 0) {
      // more of it
    }
    return piece.flip().hasRemaining();
  }

  private static boolean zeros(ByteBuffer block) {
    int i = 0;
    for (; i + Long.BYTES <= block.limit(); i += Long.BYTES) {
      if (block.getLong(i) != 0) {
        return false;
      }
    }
    for (; i < block.limit(); i++) {
      if (block.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static void setSize(FileChannel out, long size) throws IOException {
    if (out.size() < size) {
      out.write(ByteBuffer.allocate(1), size - 1);
    }
  }

  /** Puts a file in the place of another, in one step if the file system can. */
  public static void move(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
