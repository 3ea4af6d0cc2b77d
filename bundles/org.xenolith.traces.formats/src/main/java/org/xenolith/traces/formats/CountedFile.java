// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is written from its beginning, and how many bytes it will have. Bytes are gathered, so that few calls of the host are made. */
final class CountedFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final OutputStream file;
  private final byte[] buffer = new byte[BUFFER];
  private int held;
  private long size;

  CountedFile(Path path) throws IOException {
    file = Files.newOutputStream(path);
  }

  /** Bytes so far. */
  long size() {
    return size + held;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > BUFFER - held) {
      flush();
    }
    if (length > BUFFER) {
      size += length;
      file.write(bytes, offset, length);
      return;
    }
    System.arraycopy(bytes, offset, buffer, held, length);
    held += length;
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Writes a text in UTF-8. */
  void write(CharSequence text) throws IOException {
    write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void flush() throws IOException {
    int length = held;
    held = 0;
    size += length;
    file.write(buffer, 0, length);
  }

  @Override
  public void close() throws IOException {
    try (file) {
      flush();
    }
  }
}
