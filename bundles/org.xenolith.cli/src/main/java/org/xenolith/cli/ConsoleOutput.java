package org.xenolith.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.xenolith.console.api.SerialPort.ByteSink;

/**
 * The guest's console on its way out: to standard output, and past the marker that ends the run. Lines are matched as they
 * grow, so that a marker at a prompt without a line end is seen too.
 */
final class ConsoleOutput implements ByteSink {
  private static final int LONGEST_LINE = 4096;
  private final OutputStream out;
  private final Pattern marker;
  private final Runnable onMarker;
  private final boolean eachByte;
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private boolean seen;
  private long bytes;

  ConsoleOutput(OutputStream out, Pattern marker, boolean eachByte, Runnable onMarker) {
    this.out = out;
    this.marker = marker;
    this.eachByte = eachByte;
    this.onMarker = onMarker;
  }

  @Override public void accept(int b) {
    bytes++;
    try {
      out.write(b);
      if (eachByte || b == '\n') {
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard output is gone", e);
    }
    if (marker != null && !seen) {
      match(b);
    }
  }

  private void match(int b) {
    if (b == '\n' || b == '\r') {
      length = 0;
      return;
    }
    if (length == line.length) {
      System.arraycopy(line, length / 2, line, 0, length / 2);
      length /= 2;
    }
    line[length++] = (byte) b;
    if (marker.matcher(new String(line, 0, length, StandardCharsets.UTF_8)).find()) {
      seen = true;
      onMarker.run();
    }
  }

  /** Whether the marker was seen. */
  boolean seen() {
    return seen;
  }

  /** Bytes the guest has sent. */
  long bytes() {
    return bytes;
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("standard output is gone", e);
    }
  }
}
