// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.xenolith.command.api.HostReason;
import org.xenolith.net.kit.FrameBatch;
import org.xenolith.net.kit.FrameCapture;

/** A file with the frames that pass between a machine's segment and what is outside of it, in virtual time: those that go out are sent. */
final class CardCapture implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final String said;
  private final Consumer<String> messages;
  private final OutputStream out;
  private final FrameCapture capture;
  private final int port;
  private boolean ended;

  /**
   * Writes a new file, in the place of one that is there.
   *
   * @param name of the port, as the file has it
   * @param said what asked for it, for messages
   */
  CardCapture(Path file, String name, String said, Consumer<String> messages) throws IOException {
    this.file = file;
    this.said = said;
    this.messages = messages;
    out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    capture = new FrameCapture(out::write);
    port = capture.port(name);
  }

  /** A frame goes out. @param now virtual nanoseconds */
  synchronized void sent(long now, byte[] bytes, int offset, int length) {
    write(now, true, bytes, offset, length);
  }

  /** Frames came in: those in the first so many bytes of a batch. @param now virtual nanoseconds */
  synchronized void taken(long now, byte[] frames, int bytes) {
    for (int at = 0; at < bytes;) {
      int length = FrameBatch.length(frames, at);
      if (length < 0) {
        return;
      }
      write(now, false, frames, at + FrameBatch.HEADER, length);
      at += FrameBatch.HEADER + length;
    }
  }

  private void write(long now, boolean sent, byte[] bytes, int offset, int length) {
    if (ended) {
      return;
    }
    try {
      capture.frame(port, now, sent, bytes, offset, length);
    } catch (IOException e) {
      end(e);
    }
  }

  private void end(IOException why) {
    ended = true;
    messages.accept(said + ": " + file + " has no more frames from here on: " + HostReason.of(why).text());
  }

  @Override
  public synchronized void close() {
    try (out) {
      if (!ended) {
        out.flush();
        ended = true;
      }
    } catch (IOException e) {
      if (!ended) {
        end(e);
      }
    }
  }
}
