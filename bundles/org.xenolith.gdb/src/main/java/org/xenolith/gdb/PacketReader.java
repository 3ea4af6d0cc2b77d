// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Cuts what a debugger sends into packets, byte by byte. Whatever comes, this has an answer. Source: GDB manual, appendix "Remote Protocol", sections Overview and Interrupts.
 */
final class PacketReader {
  /** Bytes of the longest packet that is taken; what a debugger is told that it may send is less. */
  static final int LONGEST = 1 << 17;
  private static final int INTERRUPT = 0x03;
  private static final int ESCAPE = '}';
  private static final int ESCAPED = 0x20;

  /** What came in whole. */
  sealed interface Received {
    /** A packet whose checksum is right. @param data without escapes */
    record Packet(byte[] data) implements Received {
      /** It as text, a character a byte. */
      String text() {
        return new String(data, java.nio.charset.StandardCharsets.ISO_8859_1);
      }
    }

    /** A packet whose checksum isn't, or that is too long: it is to be sent again. */
    record Damaged() implements Received {}

    /** A packet of ours has arrived. */
    record Acknowledged() implements Received {}

    /** A packet of ours is to be sent again. */
    record Refused() implements Received {}

    /** The machine is to be halted. */
    record Interrupt() implements Received {}
  }

  /** Where in a packet the next byte is. */
  private enum State { BETWEEN, DATA, ESCAPED_DATA, CHECKSUM, LAST }

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private State state = State.BETWEEN;
  private int sum;
  private int checksum;
  private boolean tooLong;

  /** @param b 0 to 255. Returns what is complete with it, if anything is */
  Optional<Received> next(int b) {
    return switch (state) {
      case BETWEEN -> between(b);
      case DATA, ESCAPED_DATA -> {
        inside(b);
        yield Optional.empty();
      }
      case CHECKSUM -> {
        checksum = Character.digit(b, 16);
        state = State.LAST;
        yield Optional.empty();
      }
      case LAST -> {
        state = State.BETWEEN;
        boolean right = checksum >= 0 && Character.digit(b, 16) >= 0 && (checksum << 4 | Character.digit(b, 16)) == (sum & 0xFF)
            && !tooLong;
        yield Optional.of(right ? new Received.Packet(data.toByteArray()) : new Received.Damaged());
      }
    };
  }

  private Optional<Received> between(int b) {
    switch (b) {
      case '$' -> begin();
      case '+' -> {
        return Optional.of(new Received.Acknowledged());
      }
      case '-' -> {
        return Optional.of(new Received.Refused());
      }
      case INTERRUPT -> {
        return Optional.of(new Received.Interrupt());
      }
      default -> {
        // Between packets nothing else means anything.
      }
    }
    return Optional.empty();
  }

  private void begin() {
    state = State.DATA;
    data.reset();
    sum = 0;
    tooLong = false;
  }

  private void inside(int b) {
    if (b == '$') {
      begin(); // a packet that was cut off
      return;
    }
    if (b == '#') {
      state = State.CHECKSUM;
      return;
    }
    sum += b;
    if (state == State.DATA && b == ESCAPE) {
      state = State.ESCAPED_DATA;
      return;
    }
    if (data.size() < LONGEST) {
      data.write(state == State.ESCAPED_DATA ? b ^ ESCAPED : b);
    } else {
      tooLong = true;
    }
    state = State.DATA;
  }
}
