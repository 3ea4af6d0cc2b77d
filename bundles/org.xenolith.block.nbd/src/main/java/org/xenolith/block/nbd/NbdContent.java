// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.block.kit.DiskContent;

/** An export as a disk's content: one request after the other, each over when it returns (doc/proto.md of the NBD project, "Transmission phase"). */
final class NbdContent implements DiskContent {
  private static final int REQUEST = 0x2560_9513;
  private static final int SIMPLE_REPLY = 0x6744_6698;
  private static final int CHUNK = 0x668E_33EF;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int DISCONNECT = 2;
  private static final int FLUSH = 3;
  private static final int TRIM = 4;
  private static final int WRITE_ZEROES = 6;
  private static final int FUA = 1;
  private static final int DONE = 1;
  private static final int NONE = 0;
  private static final int DATA = 1;
  private static final int HOLE = 2;
  private static final int ERROR = 1 << 15;
  private static final int LONGEST_ERROR = 1 << 12;
  private static final int LEAST_ZEROS = 4096;
  /** Requests that carry nothing may be as long as they can say. */
  private static final int MOST_WITHOUT_DATA = 1 << 30;

  private final NbdAddress address;
  private final NbdWire wire;
  private final NbdExport export;
  private final ExportUse use;
  private long handle;

  NbdContent(NbdAddress address, NbdWire wire, NbdExport export, ExportUse use) {
    this.use = use;
    this.address = address;
    this.wire = wire;
    this.export = export;
  }

  @Override
  public String name() {
    return address.text();
  }

  @Override
  public long length() {
    return export.size();
  }

  @Override
  public boolean isRemote() { return true; }

  /** Nobody can know what a server's export has without reading all of it: a snapshot is of the address. */
  @Override
  public String digest() {
    return address.text() + ", " + export.size() + " bytes";
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    for (int done = 0; done < bytes;) {
      int piece = Math.min(bytes - done, export.most());
      ask(READ, 0, position + done, piece);
      replyTo("read", position + done, into, offset + done, piece);
      done += piece;
    }
  }

  @Override
  public void write(long position, byte[] from, int offset, int bytes) throws IOException {
    // Who can't be told to flush must make each write durable, if he can that.
    int flags = !export.can(NbdExport.FLUSH) && export.can(NbdExport.FUA) ? FUA : 0;
    if (export.can(NbdExport.WRITE_ZEROES) && bytes >= LEAST_ZEROS && zeros(from, offset, bytes)) {
      ask(WRITE_ZEROES, flags, position, bytes);
      replyTo("written", position, from, 0, 0);
      return;
    }
    for (int done = 0; done < bytes;) {
      int piece = Math.min(bytes - done, export.most());
      ask(WRITE, flags, position + done, piece);
      wire.write(ByteBuffer.wrap(from, offset + done, piece));
      replyTo("written", position + done, from, 0, 0);
      done += piece;
    }
  }

  private static boolean zeros(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void flush() throws IOException {
    if (export.can(NbdExport.FLUSH)) {
      ask(FLUSH, 0, 0, 0);
      replyTo("made durable", 0, new byte[0], 0, 0);
    }
  }

  @Override
  public void discard(long position, long bytes) throws IOException {
    for (long done = 0; export.can(NbdExport.TRIM) && done < bytes;) {
      int piece = (int) Math.min(bytes - done, MOST_WITHOUT_DATA);
      ask(TRIM, 0, position + done, piece);
      replyTo("given back", position + done, new byte[0], 0, 0);
      done += piece;
    }
  }

  private void ask(int command, int flags, long position, int bytes) throws IOException {
    wire.write(ByteBuffer.allocate(28).putInt(REQUEST).putShort((short) flags).putShort((short) command).putLong(++handle).putLong(position)
        .putInt(bytes).flip());
  }

  /** Takes the reply; what was read goes into an array, {@code bytes} of it. */
  private void replyTo(String what, long position, byte[] into, int offset, int bytes) throws IOException {
    int magic = wire.read(4).getInt(0);
    if (magic == SIMPLE_REPLY && !(export.structured() && bytes > 0)) {
      ByteBuffer head = wire.read(12);
      requireMine(head.getLong(4));
      refuse(what, position, head.getInt(0), "");
      wire.read(into, offset, bytes);
    } else if (magic == CHUNK && export.structured()) {
      chunks(what, position, into, offset, bytes);
    } else {
      throw wire.broken("the server replies by what is no reply");
    }
  }

  private void requireMine(long replied) throws IOException {
    if (replied != handle) {
      throw wire.broken("the server replies to what wasn't asked");
    }
  }

  private void chunks(String what, long position, byte[] into, int offset, int bytes) throws IOException {
    int error = 0;
    String said = "";
    int there = 0;
    for (boolean first = true, done = false; !done; first = false) {
      if (!first && wire.read(4).getInt(0) != CHUNK) {
        throw wire.broken("the server ends a reply in the middle");
      }
      ByteBuffer head = wire.read(16);
      requireMine(head.getLong(4));
      done = (head.getShort(0) & DONE) != 0;
      int type = head.getShort(2) & 0xFFFF;
      int length = head.getInt(12);
      if (type == DATA && length > 8 && length <= bytes + 8) {
        there += data(position, into, offset, bytes, length - 8);
      } else if (type == HOLE && length == 12) {
        there += hole(position, into, offset, bytes);
      } else if ((type & ERROR) != 0 && length >= 6 && length <= LONGEST_ERROR) {
        ByteBuffer failed = wire.read(length);
        error = failed.getInt(0);
        int text = Math.min(failed.getShort(4) & 0xFFFF, length - 6);
        said = new String(failed.array(), 6, text, StandardCharsets.UTF_8);
      } else if (type != NONE || length != 0) {
        throw wire.broken("the server replies by a chunk of type " + type + " with " + Integer.toUnsignedString(length) + " bytes");
      }
    }
    refuse(what, position, error, said);
    if (there != bytes) {
      throw wire.broken("the server gave " + there + " of " + bytes + " bytes that were asked for");
    }
  }

  private int data(long position, byte[] into, int offset, int bytes, int length) throws IOException {
    int at = inside(position, wire.read(8).getLong(0), length, bytes);
    wire.read(into, offset + at, length);
    return length;
  }

  private int hole(long position, byte[] into, int offset, int bytes) throws IOException {
    ByteBuffer hole = wire.read(12);
    int length = hole.getInt(8);
    int at = inside(position, hole.getLong(0), length, bytes);
    Arrays.fill(into, offset + at, offset + at + length, (byte) 0);
    return length;
  }

  private int inside(long position, long at, int length, int bytes) throws IOException {
    if (length <= 0 || at < position || at - position > (long) bytes - length) {
      throw wire.broken("the server gives what wasn't asked for");
    }
    return (int) (at - position);
  }

  /** The errors that a server may give ("Error values"): the numbers of Linux. */
  private void refuse(String what, long position, int error, String said) throws IOException {
    if (error != 0) {
      String kind = switch (error) {
        case 1 -> "it isn't permitted";
        case 5 -> "an input or output error";
        case 12 -> "no memory";
        case 22 -> "it takes the request for a wrong one";
        case 28 -> "no space is left";
        case 75 -> "the request is too large";
        case 95 -> "it can't do that";
        case 108 -> "it is about to end";
        default -> "error " + Integer.toUnsignedString(error);
      };
      throw new IOException(address.text() + ": can't be " + what + " at 0x" + Long.toHexString(position) + ": the server says: " + kind
          + (said.isBlank() ? "" : " (" + said.strip() + ")"));
    }
  }

  @Override
  public void close() throws IOException {
    try (wire; use) {
      ask(DISCONNECT, 0, 0, 0);
    } catch (IOException e) {
      // The server has gone before.
    }
  }
}
