// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What the process of the present and one of the past tell each other: a kind, a length in bytes, and a text. One thread receives, any sends. */
final class PastFrames implements AutoCloseable {
  /** Bytes of a text at most. */
  private static final int MOST = 1 << 26;

  /** What a text is. */
  enum Kind {
    /** Who opens the connection says the secret that it was started with. */
    HELLO,
    /** A word of the prompt, with what follows it. */
    WORD,
    /** The word is given up. */
    CANCEL,
    /** How far it is, in a line with its end. */
    PROGRESS,
    /** Where it stands, a moment; then follows one of the next two. */
    MOMENT,
    /** The answer; the first one says that it is there, by the digest of its machine. */
    ANSWER,
    /** Why it isn't done. */
    REFUSAL
  }

  /** What was told. */
  record Frame(Kind kind, String text) {}

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  PastFrames(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
  }

  synchronized void send(Kind kind, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeByte(kind.ordinal());
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  /** Waits for the next. @throws IOException if the other one is gone, or says what is no frame */
  Frame receive() throws IOException {
    int kind = in.readUnsignedByte();
    int length = in.readInt();
    if (kind >= Kind.values().length || length < 0 || length > MOST) {
      throw new IOException("no frame of kind " + kind + " with " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new Frame(Kind.values()[kind], new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
